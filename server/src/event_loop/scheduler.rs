//! A connection's turn: what its worker lends it, and what comes after.

use std::time::{Duration, Instant};

use ws_echo_engine::Echo;

use crate::event_loop::deadlines::Tick;

/// How much is read at a time, in bytes, and so how much of its answer a client can leave unread. With 64 KiB, messages of 1 MiB
/// cost half as much CPU again.
pub(crate) const READ: usize = 256 * 1024;

/// The time for which inflating may go on: about as long as a read of [`READ`] bytes and its echo take.
const INFLATING: Duration = Duration::from_micros(100);

/// The length of a read where messages are inflated. Such a byte takes 5 to 15 ns in most messages, so this is as long as
/// [`READ`]. For those in which it takes up to 3,000 there is the [`Stopwatch`].
const READ_COMPRESSED: usize = 16 * 1024;

/// The same where the window is a smaller one, whose decoder takes longer.
const READ_COMPRESSED_SLOWLY: usize = 4 * 1024;

/// The same where no more than the end of a message is wanted, and that is not known.
pub(crate) const READ_ON: usize = 4 * 1024;

/// What a step costs at least, in bytes read.
pub(crate) const STEP: usize = 4 * 1024;

/// Gives how much is read at a time for an echo, in bytes.
pub(crate) fn most_at_once(echo: &Echo) -> usize {
    match (echo.inflates(), echo.inflates_slowly()) {
        (false, _) => READ,
        (true, false) => READ_COMPRESSED,
        (true, true) => READ_COMPRESSED_SLOWLY,
    }
}

/// What a worker lends a connection.
pub(crate) struct Turn<'a> {
    /// Room for [`RESERVE`](ws_echo_engine::RESERVE) bytes and a read; of no worth between two turns.
    pub(crate) scratch: &'a mut [u8],
    pub(crate) now: Tick,
    /// What it has cost so far, in bytes read or as much work. It ends at [`READ`], for the others wait meanwhile.
    pub(crate) spent: usize,
}

impl Turn<'_> {
    pub(crate) const fn is_spent(&self) -> bool {
        self.spent >= READ
    }
}

/// Measures how long inflating takes.
pub(crate) struct Stopwatch {
    /// None where nothing is inflated.
    began: Option<Instant>,
    was_asked: bool,
}

impl Stopwatch {
    /// Begins now.
    pub(crate) fn start(echo: &Echo) -> Self {
        Self { began: echo.inflates().then(Instant::now), was_asked: false }
    }

    /// True if that is enough for one time.
    pub(crate) fn is_over(&mut self) -> bool {
        self.was_asked = true;
        self.began.is_none_or(|began| began.elapsed() >= INFLATING)
    }

    /// Gives the cost, in bytes read or as much work. Nothing if it was so short that nobody asked.
    pub(crate) fn cost(&self) -> usize {
        let elapsed = self.began.filter(|_| self.was_asked).map_or(Duration::ZERO, |began| began.elapsed());
        (elapsed.as_secs_f64() / INFLATING.as_secs_f64() * READ as f64) as usize
    }
}

/// What comes after a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// The next event of the socket.
    Wait,
    /// Another turn, after those of the others.
    Again,
    /// The connection is over.
    Over,
}
