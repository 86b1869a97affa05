//! The stream that the frames of a client are read from.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll, ready},
};

use actix_web::web::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::frame_budget::FrameBudget;

/// Limit of the bytes that are read in one turn of a connection. Other connections of the thread have their turns in between.
const TURN: usize = 64 * 1024;

/// A stream that gives the bytes of a turn, and counts the frames of its client.
pub(super) struct GuardedStream<S> {
    stream: S,
    /// Bytes that were read before HTTP/2 began.
    early: Bytes,
    budget: FrameBudget,
    /// The bytes that are left of this turn.
    left: usize,
}

impl<S> GuardedStream<S> {
    pub(super) fn new(stream: S, early: Bytes) -> Self {
        Self { stream, early, budget: FrameBudget::new(), left: TURN }
    }

    /// Returns the stream beneath.
    pub(super) const fn get_ref(&self) -> &S {
        &self.stream
    }

    /// Begins a new turn.
    pub(super) const fn begin_turn(&mut self) {
        self.left = TURN;
    }

    /// True if the client has sent more frames that carry nothing than it may.
    pub(super) const fn is_flooded(&self) -> bool {
        self.budget.is_exceeded()
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for GuardedStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.left == 0 {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let before = buffer.filled().len();
        if self.early.is_empty() {
            ready!(Pin::new(&mut self.stream).poll_read(cx, buffer))?;
        } else {
            let len = self.early.len().min(buffer.remaining());
            buffer.put_slice(&self.early.split_to(len));
        }
        let read = &buffer.filled()[before..];
        self.left = self.left.saturating_sub(read.len());
        self.budget.take(read);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for GuardedStream<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
