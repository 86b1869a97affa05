//! A connection's turn: what its worker lends it, and what comes after.

use crate::{engine::Echo, watch::Tick};

/// How much is read at a time, in bytes, and so how much of its answer a client can leave unread. With 64 KiB, messages of 1 MiB
/// cost half as much CPU again.
pub(crate) const READ: usize = 256 * 1024;

/// How much is read at a time where messages are inflated, for a byte can become a thousand, and others wait meanwhile.
const READ_COMPRESSED: usize = 16 * 1024;

/// The same where the window is a smaller one, whose decoder takes up to ten times as long for such a byte.
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
    /// Room for [`RESERVE`](crate::engine::RESERVE) bytes and a read; of no worth between two turns.
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
