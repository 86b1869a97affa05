//! A connection's turn: what its worker lends it, and what comes after.

use crate::watch::Tick;

/// How much is read at a time, in bytes, and so how much of its answer a client can leave unread. With 64 KiB, messages of 1 MiB
/// cost half as much CPU again.
pub(crate) const READ: usize = 256 * 1024;

/// What a worker lends a connection.
pub(crate) struct Turn<'a> {
    /// Room for [`RESERVE`](crate::engine::RESERVE) bytes and a read; of no worth between two turns.
    pub(crate) scratch: &'a mut [u8],
    pub(crate) now: Tick,
    /// Whether more may be there than a read that did not fill the buffer has brought: the client's end.
    pub(crate) to_the_end: bool,
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
