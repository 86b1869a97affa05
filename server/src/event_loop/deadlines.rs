//! Deadlines of a connection. A coarse tick of the event loop checks them, so that no connection needs a timer of its own and no
//! message asks for the time.

use std::{fmt, num::NonZeroU32, time::Duration};

use crate::config::timeouts::Timeouts;

/// Interval at which an event loop checks its connections.
pub(crate) const TICK: Duration = Duration::from_millis(250);

/// A moment, counted in [`TICK`]s since the start of the event loop. It wraps around after 34 years.
///
/// It is never zero, so that an `Option` of it takes no more memory: an idle connection would take 5 % more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tick(NonZeroU32);

impl Tick {
    /// The start of the event loop.
    pub(crate) const START: Self = Self(NonZeroU32::MIN);

    /// Returns the moment `ticks` later.
    pub(crate) fn plus(self, ticks: u32) -> Self {
        Self(NonZeroU32::new(self.0.get().wrapping_add(ticks)).unwrap_or(NonZeroU32::MIN))
    }

    /// Returns the time since an earlier moment.
    fn since(self, earlier: Self) -> Duration {
        TICK * self.0.get().wrapping_sub(earlier.0.get())
    }
}

/// The action that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    /// Send a ping: the client has been silent.
    Ping,
    /// Read ahead to the end of the message, though the client does not read its answers.
    ReadAhead,
    /// Drop the connection.
    Drop(DropReason),
}

/// Reasons for which a connection is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DropReason {
    NotClosed,
    NotRead,
    NoPong,
    /// No ping can be sent within a frame that is streamed.
    SilentWithinFrame,
}

impl fmt::Display for DropReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotClosed => "the client did not close in time",
            Self::NotRead => "the client does not read its answers",
            Self::NoPong => "the client does not answer pings",
            Self::SilentWithinFrame => "the client is silent within a frame",
        })
    }
}

/// The moments that the deadlines of a connection count from.
#[derive(Debug)]
pub(crate) struct Deadlines {
    /// The last read.
    read: Tick,
    /// The moment at which unsent bytes began to wait.
    stalled: Option<Tick>,
    /// The moment of the first Close frame, or of the last byte that left a stalled connection behind it.
    closing: Option<Tick>,
    /// The moment at which a ping was due, if nothing was read since.
    pinged: Option<Tick>,
    /// The beginning of the server's shutdown.
    shutdown: Option<Tick>,
    /// True if this stall has led to a read-ahead.
    reads_ahead: bool,
}

impl Deadlines {
    pub(crate) const fn new(now: Tick) -> Self {
        Self { read: now, stalled: None, closing: None, pinged: None, shutdown: None, reads_ahead: false }
    }

    /// Notes that bytes were read.
    pub(crate) const fn note_read(&mut self, now: Tick) {
        self.read = now;
        self.pinged = None;
    }

    /// Notes that the socket takes no more of the unsent bytes.
    pub(crate) fn note_stall(&mut self, now: Tick) {
        self.stalled.get_or_insert(now);
    }

    /// True if unsent bytes wait for the client.
    pub(crate) const fn is_stalled(&self) -> bool {
        self.stalled.is_some()
    }

    /// Notes that the socket took some of the unsent bytes.
    pub(crate) const fn note_sent(&mut self, now: Tick) {
        if self.stalled.take().is_some() {
            self.reads_ahead = false;
            // The server did not read during the stall, so silence counts from its end. Nor could the client close.
            self.read = now;
            if self.closing.is_some() {
                self.closing = Some(now);
            }
        }
    }

    /// Starts the time limit of the closing handshake, unless it runs.
    pub(crate) fn start_closing(&mut self, now: Tick) {
        self.closing.get_or_insert(now);
    }

    /// Starts the shutdown: from now on, a client that neither sends nor reads for the time of a closing handshake is dropped.
    pub(crate) fn start_shutdown(&mut self, now: Tick) {
        self.shutdown.get_or_insert(now);
    }

    /// Returns the action that is due now. A ping or a read-ahead is returned once.
    pub(crate) fn due(&mut self, now: Tick, timeouts: Timeouts) -> Option<Action> {
        let past = |since: Tick, time: Duration| now.since(since) >= time;
        let Timeouts { idle, pong, write_stall, reads_first, close } = timeouts;
        if let Some(since) = self.shutdown {
            let quiet = self.stalled.unwrap_or(self.read);
            if past(since, close) && past(quiet, close) {
                return Some(Action::Drop(DropReason::NotClosed));
            }
        }
        if let Some(since) = self.stalled {
            if past(since, write_stall) {
                return Some(Action::Drop(DropReason::NotRead));
            }
            let reads_ahead = past(since, reads_first) && !self.reads_ahead;
            self.reads_ahead |= reads_ahead;
            return reads_ahead.then_some(Action::ReadAhead);
        }
        if let Some(since) = self.closing {
            return past(since, close).then_some(Action::Drop(DropReason::NotClosed));
        }
        if let Some(since) = self.pinged {
            return past(since, pong).then_some(Action::Drop(DropReason::NoPong));
        }
        let ping = past(self.read, idle);
        if ping {
            self.pinged = Some(now);
        }
        ping.then_some(Action::Ping)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMEOUTS: Timeouts = Timeouts {
        idle: Duration::from_secs(20),
        pong: Duration::from_secs(10),
        write_stall: Duration::from_secs(30),
        reads_first: Duration::from_millis(500),
        close: Duration::from_secs(5),
    };

    fn ticks(seconds: u32) -> u32 {
        4 * seconds
    }

    /// The moment so many ticks after the start.
    fn at(ticks: u32) -> Tick {
        Tick::START.plus(ticks)
    }

    #[test]
    fn a_silent_client_is_pinged_once_and_then_dropped() {
        let mut deadlines = Deadlines::new(at(0));
        assert_eq!(deadlines.due(at(ticks(20) - 1), TIMEOUTS), None);
        assert_eq!(deadlines.due(at(ticks(20)), TIMEOUTS), Some(Action::Ping));
        assert_eq!(deadlines.due(at(ticks(21)), TIMEOUTS), None);
        assert_eq!(deadlines.due(at(ticks(30)), TIMEOUTS), Some(Action::Drop(DropReason::NoPong)));
    }

    #[test]
    fn whatever_is_read_shows_that_the_client_is_there() {
        let mut deadlines = Deadlines::new(at(0));
        for round in 1..10 {
            assert_eq!(deadlines.due(at(ticks(20 * round)), TIMEOUTS), Some(Action::Ping));
            deadlines.note_read(at(ticks(20 * round)));
        }
    }

    #[test]
    fn a_stalled_connection_reads_on_and_is_dropped_later() {
        let mut deadlines = Deadlines::new(at(0));
        deadlines.note_stall(at(2));
        assert_eq!(deadlines.due(at(3), TIMEOUTS), None);
        assert_eq!(deadlines.due(at(4), TIMEOUTS), Some(Action::ReadAhead));
        assert_eq!(deadlines.due(at(5), TIMEOUTS), None);
        assert_eq!(deadlines.due(at(2 + ticks(30)), TIMEOUTS), Some(Action::Drop(DropReason::NotRead)));
    }

    #[test]
    fn a_stall_ends_with_each_byte_that_is_taken() {
        let mut deadlines = Deadlines::new(at(0));
        deadlines.note_stall(at(0));
        deadlines.note_sent(at(ticks(29)));
        deadlines.note_stall(at(ticks(29)));
        assert_eq!(deadlines.due(at(ticks(30)), TIMEOUTS), Some(Action::ReadAhead));
        deadlines.note_sent(at(ticks(58)));
        assert_eq!(deadlines.due(at(ticks(77)), TIMEOUTS), None);
        assert_eq!(deadlines.due(at(ticks(78)), TIMEOUTS), Some(Action::Ping));
    }

    #[test]
    fn the_ping_that_leaves_is_no_sign_of_the_client() {
        let mut deadlines = Deadlines::new(at(0));
        assert_eq!(deadlines.due(at(ticks(20)), TIMEOUTS), Some(Action::Ping));
        deadlines.note_sent(at(ticks(20)));
        assert_eq!(deadlines.due(at(ticks(30)), TIMEOUTS), Some(Action::Drop(DropReason::NoPong)));
    }

    #[test]
    fn a_closing_handshake_has_its_own_time() {
        let mut deadlines = Deadlines::new(at(0));
        deadlines.start_closing(at(4));
        deadlines.start_closing(at(8));
        assert_eq!(deadlines.due(at(3 + ticks(5)), TIMEOUTS), None);
        assert_eq!(deadlines.due(at(4 + ticks(5)), TIMEOUTS), Some(Action::Drop(DropReason::NotClosed)));
    }

    #[test]
    fn the_time_to_close_begins_when_all_has_left() {
        let mut deadlines = Deadlines::new(at(0));
        deadlines.start_closing(at(0));
        deadlines.note_stall(at(0));
        assert_eq!(deadlines.due(at(1), TIMEOUTS), None);
        assert_eq!(deadlines.due(at(ticks(6)), TIMEOUTS), Some(Action::ReadAhead));
        deadlines.note_sent(at(ticks(7)));
        assert_eq!(deadlines.due(at(ticks(12) - 1), TIMEOUTS), None);
        assert_eq!(deadlines.due(at(ticks(12)), TIMEOUTS), Some(Action::Drop(DropReason::NotClosed)));
    }

    #[test]
    fn when_the_server_stops_nobody_is_waited_for_longer_than_for_a_closing_handshake() {
        let mut silent = Deadlines::new(at(0));
        silent.start_shutdown(at(ticks(10)));
        assert_eq!(silent.due(at(ticks(15) - 1), TIMEOUTS), None);
        assert_eq!(silent.due(at(ticks(15)), TIMEOUTS), Some(Action::Drop(DropReason::NotClosed)));

        let mut unread = Deadlines::new(at(0));
        unread.note_stall(at(0));
        unread.start_shutdown(at(ticks(1)));
        assert_eq!(unread.due(at(ticks(6) - 1), TIMEOUTS), Some(Action::ReadAhead));
        assert_eq!(unread.due(at(ticks(6)), TIMEOUTS), Some(Action::Drop(DropReason::NotClosed)));

        let mut busy = Deadlines::new(at(0));
        busy.start_shutdown(at(0));
        busy.note_read(at(ticks(4)));
        assert_eq!(busy.due(at(ticks(5)), TIMEOUTS), None);
    }

    #[test]
    fn the_clock_may_wrap_around() {
        let start = at(u32::MAX - 3);
        let mut deadlines = Deadlines::new(start);
        assert_eq!(deadlines.due(start.plus(ticks(20) - 1), TIMEOUTS), None);
        assert_eq!(deadlines.due(start.plus(ticks(20)), TIMEOUTS), Some(Action::Ping));
    }
}
