//! The stream of a client's connection, in turns.
//!
//! The crate `h2` reads and writes a frame at a time, with a call of the system for each. Here the bytes of many frames come and go in
//! one call: a message of 1 MiB costs half the processor time. A turn reads no more than other connections of the thread can wait for, and
//! checks the frames of its client.

use std::{
    cell::RefCell,
    io::{self, IoSlice},
    ops::Range,
    pin::Pin,
    task::{Context, Poll, ready},
};

use actix_web::web::Bytes;
use h2::Reason;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::frame_check::FrameCheck;
use crate::event_loop::scheduler::READ;

/// Limit of the bytes that are read in one turn, and of those that wait to be written.
const TURN: usize = READ;

/// Limit of the frames that are read in one turn. The crate `h2` keeps some hundred bytes for each until its stream has taken it, so a turn
/// of frames of one byte would take 8 MiB.
const FRAMES: usize = 1024;

/// The most buffers that a thread keeps for later turns.
const SPARE: usize = 2;

thread_local! {
    /// Buffers that no connection uses. A connection has one only while it has bytes in it.
    static BUFFERS: RefCell<Vec<Box<[u8]>>> = const { RefCell::new(Vec::new()) };
}

/// Takes a buffer of [`TURN`] bytes.
fn take_buffer() -> Box<[u8]> {
    BUFFERS.with_borrow_mut(Vec::pop).unwrap_or_else(|| vec![0; TURN].into_boxed_slice())
}

fn give_back(buffer: Box<[u8]>) {
    BUFFERS.with_borrow_mut(|buffers| {
        if buffers.len() < SPARE {
            buffers.push(buffer);
        }
    });
}

/// Bytes in a buffer.
#[derive(Debug, Default)]
struct Buffered {
    /// Empty if there are no bytes.
    buffer: Box<[u8]>,
    range: Range<usize>,
}

impl Buffered {
    fn bytes(&self) -> &[u8] {
        &self.buffer[self.range.clone()]
    }

    /// Removes bytes from the front, and gives the buffer back when none is left.
    fn advance(&mut self, len: usize) {
        self.range.start += len;
        if self.range.is_empty() && !self.buffer.is_empty() {
            give_back(std::mem::take(&mut self.buffer));
            self.range = 0..0;
        }
    }

    /// Adds as many bytes as there is room for. Returns their number.
    fn extend(&mut self, bytes: &[u8]) -> usize {
        if self.buffer.is_empty() {
            self.buffer = take_buffer();
        }
        let len = bytes.len().min(TURN - self.range.end);
        self.buffer[self.range.end..self.range.end + len].copy_from_slice(&bytes[..len]);
        self.range.end += len;
        len
    }
}

/// A stream whose reads and writes are joined.
pub(super) struct TurnStream<S> {
    stream: S,
    /// Bytes that were read before HTTP/2 began.
    early: Bytes,
    read: Buffered,
    unwritten: Buffered,
    check: FrameCheck,
    /// The bytes that may still be read in this turn, and the frames that may begin.
    left: usize,
    frames: usize,
}

impl<S> TurnStream<S> {
    pub(super) fn new(stream: S, early: Bytes) -> Self {
        let (read, unwritten) = (Buffered::default(), Buffered::default());
        Self { stream, early, read, unwritten, check: FrameCheck::new(), left: TURN, frames: FRAMES }
    }

    /// Returns the stream beneath.
    pub(super) const fn get_ref(&self) -> &S {
        &self.stream
    }

    /// Returns the stream beneath. Bytes in buffers are lost.
    pub(super) fn into_inner(self) -> S {
        self.stream
    }

    /// Begins a new turn.
    pub(super) const fn begin_turn(&mut self) {
        (self.left, self.frames) = (TURN, FRAMES);
    }

    /// Returns the error in the client's frames. Nothing is read after it.
    pub(super) const fn error(&self) -> Option<Reason> {
        self.check.error()
    }

    /// Returns the memory of the buffers, in bytes.
    pub(super) const fn held(&self) -> usize {
        self.read.buffer.len() + self.unwritten.buffer.len()
    }
}

impl<S: AsyncWrite + Unpin> TurnStream<S> {
    /// Writes the bytes of a turn.
    pub(super) fn poll_write_out(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.unwritten.range.is_empty() {
            return Poll::Ready(Ok(()));
        }
        while !self.unwritten.range.is_empty() {
            match ready!(Pin::new(&mut self.stream).poll_write(cx, self.unwritten.bytes()))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                len => self.unwritten.advance(len),
            }
        }
        // A TLS stream may keep bytes until it is flushed.
        Pin::new(&mut self.stream).poll_flush(cx)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for TurnStream<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if !this.early.is_empty() {
            let early = std::mem::take(&mut this.early);
            // At most the length of a read of HTTP/1.1.
            this.read.extend(&early);
        }
        if this.check.error().is_some() {
            // The connection ends in this turn.
            return Poll::Pending;
        }
        if this.frames == 0 || this.read.range.is_empty() && this.left == 0 {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        if this.read.range.is_empty() {
            let mut bytes = take_buffer();
            let mut piece = ReadBuf::new(&mut bytes[..this.left]);
            let read = Pin::new(&mut this.stream).poll_read(cx, &mut piece);
            let len = piece.filled().len();
            if len == 0 {
                give_back(bytes);
                return read;
            }
            this.left -= len;
            this.read = Buffered { buffer: bytes, range: 0..len };
        }
        let len = this.read.range.len().min(buffer.remaining());
        let len = this.check.take(&this.read.bytes()[..len], &mut this.frames);
        if len == 0 {
            return Poll::Pending;
        }
        buffer.put_slice(&this.read.bytes()[..len]);
        this.read.advance(len);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for TurnStream<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(cx, &[IoSlice::new(bytes)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if this.unwritten.range.end == TURN {
            ready!(this.poll_write_out(cx))?;
        }
        Poll::Ready(Ok(parts.iter().map(|part| this.unwritten.extend(part)).sum()))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    /// The bytes leave at the end of the turn, by [`poll_write_out`](Self::poll_write_out).
    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_write_out(cx))?;
        Pin::new(&mut this.stream).poll_shutdown(cx)
    }
}
