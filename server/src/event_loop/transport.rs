//! The transport of a WebSocket connection: a socket of its own, or a stream of an HTTP/2 connection.

use std::io;

/// A stream of bytes in both directions that never blocks. An event tells when it can give or take bytes again.
pub(crate) trait Transport {
    /// Receives the bytes that are there. Returns 0 if the client has closed its half, and `WouldBlock` if it has sent no more yet.
    fn receive(&mut self, buffer: &mut [u8]) -> io::Result<usize>;

    /// True if a read of `received` bytes into `room` bytes has taken all that was there, so that an event tells of later bytes.
    fn is_emptied(&self, received: usize, room: usize) -> bool;

    /// Notes that the client took the answers to all bytes that were received, or needs to send more before it can.
    fn note_taken(&mut self);

    /// Sends as many bytes as are taken now. After a return of 0, the next call must begin with the same bytes.
    fn send(&mut self, bytes: &[u8]) -> io::Result<usize>;

    /// True if something was taken though [`send`](Self::send) returned 0.
    fn has_sent_a_part(&mut self) -> bool;

    /// Closes the server's half of the connection.
    fn half_close(&mut self) -> io::Result<()>;

    /// Returns the memory that it holds beside its own size, in bytes.
    fn held(&self) -> usize;
}
