//! The scheduler of an event loop: how much a connection may do in one turn, and which connection has the next one.
//!
//! A turn has a budget, counted in bytes read or as much work. Connections that use much are served from a [`RunQueue`], one turn at a
//! time, and new events come in between. So a small message waits for one turn at most, however much others send.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use ws_echo_engine::Echo;

use crate::event_loop::deadlines::Tick;

/// Length of a read, in bytes, and so the part of its answer that a client can leave unread; also the budget of a turn. With 64 KiB,
/// messages of 1 MiB cost 50 % more processor time.
pub(crate) const READ: usize = 256 * 1024;

/// Time limit for inflating in one call: about as long as a read of [`READ`] bytes and its echo take.
const INFLATING: Duration = Duration::from_micros(100);

/// Length of a read on a connection that inflates, in bytes. Such a byte takes 5 to 15 ns in most messages, so this takes as much time as
/// [`READ`]. For messages in which it takes up to 3,000 ns there is the [`Stopwatch`].
const READ_COMPRESSED: usize = 16 * 1024;

/// The same with a smaller window, whose decoder takes longer.
const READ_COMPRESSED_SLOWLY: usize = 4 * 1024;

/// Length of a read ahead of unread answers if the end of the message is not known, in bytes.
pub(crate) const READ_AHEAD: usize = 4 * 1024;

/// Least cost of a step, one pass of the loop in `Connection::advance`, in bytes read.
pub(crate) const STEP: usize = 4 * 1024;

/// Use between two pauses beyond which a connection is heavy, in bytes read. In a pause, a connection waits for its next event.
const HEAVY: usize = READ / 2;

/// Use between two pauses below which a connection is not heavy any more. Far below [`HEAVY`]: a connection that brings long messages in small
/// pieces would be served piece by piece, which costs 15 % more.
const LIGHT: usize = READ / 16;

/// Unit of [`Usage`], in bytes.
const UNIT: usize = 1024;

/// Turns that one connection has in a row: a message of 1 MiB costs a seventh less in four turns without a break than with
/// other connections between them.
const TURNS: usize = 8;

/// Returns the length of a read for an echo, in bytes.
pub(crate) fn read_len(echo: &Echo) -> usize {
    match (echo.inflates(), echo.inflates_slowly()) {
        (false, _) => READ,
        (true, false) => READ_COMPRESSED,
        (true, true) => READ_COMPRESSED_SLOWLY,
    }
}

/// A turn of one connection, with the buffer that the event loop lends for it.
pub(crate) struct Turn<'a> {
    /// Room for [`RESERVE`](ws_echo_engine::RESERVE) bytes and a read. Its content is lost after the turn.
    pub(crate) scratch: &'a mut [u8],
    pub(crate) now: Tick,
    /// Budget that is used so far, in bytes read or as much work.
    pub(crate) spent: usize,
}

impl Turn<'_> {
    /// True if the budget is used up.
    pub(crate) const fn is_spent(&self) -> bool {
        self.spent >= READ
    }
}

/// The step that follows a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// Wait for the next event of the socket.
    Wait,
    /// Another turn, after those of the others.
    Again,
    /// The connection is over.
    Over,
}

/// Measures the time of inflating, which depends on the content of the messages.
pub(crate) struct Stopwatch {
    /// None on a connection that does not inflate.
    began: Option<Instant>,
    was_read: bool,
}

impl Stopwatch {
    /// Starts now.
    pub(crate) fn start(echo: &Echo) -> Self {
        Self { began: echo.inflates().then(Instant::now), was_read: false }
    }

    /// True if the time limit of a call is over.
    pub(crate) fn is_over(&mut self) -> bool {
        self.was_read = true;
        self.began.is_none_or(|began| began.elapsed() >= INFLATING)
    }

    /// Returns the cost, in bytes read or as much work. Zero if the call was so short that the stopwatch was never read.
    pub(crate) fn cost(&self) -> usize {
        let elapsed = self.began.filter(|_| self.was_read).map_or(Duration::ZERO, |began| began.elapsed());
        (elapsed.as_secs_f64() / INFLATING.as_secs_f64() * READ as f64) as usize
    }
}

/// The share of one connection in the time of its event loop.
#[derive(Debug, Default)]
pub(crate) struct Usage {
    /// Use since the last pause, in [`UNIT`]s: with a larger type, an idle connection would take 5 % more memory.
    used: u16,
    heavy: bool,
}

impl Usage {
    /// Adds a turn of this cost. `pauses`: the connection waits for its next event.
    pub(crate) fn add(&mut self, spent: usize, pauses: bool) {
        self.used = self.used.saturating_add(u16::try_from(spent.div_ceil(UNIT)).unwrap_or(u16::MAX));
        if pauses {
            let used = UNIT * usize::from(std::mem::take(&mut self.used));
            self.heavy = used > HEAVY || (self.heavy && used >= LIGHT);
        }
    }

    /// True if the connection uses so much that others come first.
    pub(crate) const fn is_heavy(&self) -> bool {
        self.heavy
    }
}

/// Connections that wait for another turn, in their order.
#[derive(Debug, Default)]
pub(crate) struct RunQueue {
    keys: VecDeque<usize>,
    /// The connection that had the last turn, and the number of turns that it had in a row.
    last: Option<(usize, usize)>,
}

impl RunQueue {
    pub(crate) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Adds a connection that is not in the queue.
    pub(crate) fn push(&mut self, key: usize) {
        match self.last {
            Some((last, turns)) if last == key && turns < TURNS => self.keys.push_front(key),
            _ => self.keys.push_back(key),
        }
    }

    /// Removes the connection that has the next turn.
    pub(crate) fn pop(&mut self) -> Option<usize> {
        let key = self.keys.pop_front();
        self.last = key.map(|key| match self.last {
            Some((last, turns)) if last == key && turns < TURNS => (key, turns + 1),
            _ => (key, 1),
        });
        key
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_takes_much_in_small_pieces_is_heavy_until_it_takes_little() {
        let mut usage = Usage::default();
        let mut after = |pieces: &[usize]| {
            for (number, piece) in (1..).zip(pieces) {
                usage.add(*piece, number == pieces.len());
            }
            usage.is_heavy()
        };
        assert!(!after(&[64]));
        assert!(!after(&[HEAVY]));
        assert!(after(&[HEAVY / 2; 3]));
        assert!(after(&[HEAVY / 2]));
        assert!(after(&[LIGHT]));
        assert!(!after(&[64]));
        assert!(!after(&[HEAVY / 2]));
        assert!(after(&[usize::MAX, usize::MAX]));
    }

    #[test]
    fn one_has_some_turns_and_then_the_next_has() {
        let mut queue = RunQueue::default();
        queue.push(1);
        queue.push(2);
        let mut turns = Vec::new();
        for _ in 0..3 * TURNS {
            let key = queue.pop().unwrap();
            turns.push(key);
            queue.push(key);
        }
        let expected = [[1; TURNS], [2; TURNS], [1; TURNS]];
        assert_eq!(turns, expected.concat());
    }

    #[test]
    fn one_that_was_done_comes_after_those_who_wait() {
        let mut queue = RunQueue::default();
        queue.push(1);
        queue.push(2);
        assert_eq!(queue.pop(), Some(1));
        assert_eq!(queue.pop(), Some(2));
        queue.push(3);
        queue.push(1);
        assert_eq!(queue.pop(), Some(3));
        assert_eq!(queue.pop(), Some(1));
        assert_eq!(queue.pop(), None);
        assert!(queue.is_empty());
    }
}
