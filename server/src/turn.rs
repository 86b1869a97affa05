//! A connection's turn: what its worker lends it, and what comes after.

use crate::watch::Tick;

/// How much is read at a time, in bytes, and so how much of its answer a client can leave unread. With 64 KiB, messages of 1 MiB
/// cost half as much CPU again.
pub(crate) const READ: usize = 256 * 1024;

/// How much is read at a time where messages are inflated, for a byte can become a thousand, and others wait meanwhile.
pub(crate) const READ_COMPRESSED: usize = 16 * 1024;

/// The same where no more than the end of a message is wanted, and that is not known.
pub(crate) const READ_ON: usize = 4 * 1024;

/// What a step costs at least, in bytes read.
pub(crate) const STEP: usize = 4 * 1024;

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
