//! One stream of an HTTP/2 connection with a WebSocket on it (RFC 8441 section 5): its DATA frames are the bytes of the WebSocket connection.
//!
//! END_STREAM is the FIN of TCP here, and RST_STREAM with CANCEL the reset. The window of the stream is given back when the client took the
//! answer to the bytes that filled it, so a client that does not read stops itself, and no other stream.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, Waker, ready},
    time::{Duration, Instant},
};

use actix_http::{ResponseHead, body::BodySize};
use actix_web::{
    http::{StatusCode, Version},
    web::{Bytes, BytesMut},
};
use h2::{Reason, RecvStream, SendStream, server::SendResponse};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Sleep, sleep},
};

use super::{
    client::OpenWebSocket,
    io_error::io_error,
    piece::{Piece, Unwritten},
    response,
};
use crate::{
    event_loop::{scheduler::READ, transport::Transport},
    serving::{bridge::BridgedStream, framing::Framing},
};

/// Limit of the bytes that a stream hands over at a time, and of those that wait for the socket.
pub(super) const SEND: usize = 256 * 1024;

/// The window of a stream (RFC 9113 section 6.9.2), in bytes: the length of a read, and so the part of its answer that a client can leave
/// unread, as on a connection of its own.
pub(super) const WINDOW: u32 = READ as u32;

/// The number of bytes from which on the window is given back. The client has the larger part of it meanwhile, and each time costs a lock.
const GIVEN_BACK: usize = WINDOW as usize / 8;

/// Time for a client to end its side of a stream whose other side has ended. Some browsers never do.
const LINGER: Duration = Duration::from_secs(1);

/// Memory of a stream in the crate `h2` and of its waker, in bytes, as measured.
const MEMORY: usize = 1536;

/// The client's side of a WebSocket on a stream.
pub(crate) struct Stream {
    received: Received,
    sent: Sent,
    /// Woken when bytes can be received or sent. Used by an event loop.
    waker: Waker,
    /// The end of the server's side.
    half_closed: Option<Instant>,
    /// Limits the time for which the client may take nothing. Used by the bridge.
    unread: Duration,
    stalled: Option<Pin<Box<Sleep>>>,
    _open: OpenWebSocket,
}

/// The bytes that come from the client.
struct Received {
    stream: RecvStream,
    /// Bytes of a DATA frame that were not taken yet.
    rest: Bytes,
    /// Bytes of further frames, which were copied: many small frames take much memory.
    kept: Vec<u8>,
    /// The number of bytes that were taken, and whose part of the window was not given back.
    unreleased: usize,
    /// True if no more frames had come at the last look.
    is_emptied: bool,
    /// The end of the client's side.
    end: Option<End>,
}

/// The bytes that go to the client.
struct Sent {
    /// None until the head of the answer was sent.
    stream: Option<SendStream<Piece>>,
    respond: SendResponse<Piece>,
    unwritten: Unwritten,
}

#[derive(Debug)]
enum End {
    Stream,
    Failed(io::Error),
}

impl Received {
    /// Waits for a frame. None at the end.
    fn poll_frame(&mut self, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        if self.end.is_some() {
            return Poll::Ready(None);
        }
        let end = match self.stream.poll_data(cx) {
            Poll::Pending => {
                self.is_emptied = true;
                return Poll::Pending;
            }
            Poll::Ready(Some(Ok(frame))) => return Poll::Ready(Some(frame)),
            Poll::Ready(Some(Err(error))) => End::Failed(io_error(error)),
            Poll::Ready(None) => End::Stream,
        };
        self.end = Some(end);
        Poll::Ready(None)
    }

    /// Takes bytes into a buffer. Returns their number, which is 0 at the end.
    fn poll_read(&mut self, cx: &mut Context<'_>, buffer: &mut [u8]) -> Poll<io::Result<usize>> {
        self.is_emptied = false;
        let mut len = 0;
        while len < buffer.len() {
            if self.rest.is_empty() {
                self.rest = match std::mem::take(&mut self.kept) {
                    kept if !kept.is_empty() => kept.into(),
                    _ => match self.poll_frame(cx) {
                        Poll::Ready(Some(frame)) => frame,
                        Poll::Ready(None) | Poll::Pending => break,
                    },
                };
            }
            let taken = self.rest.len().min(buffer.len() - len);
            buffer[len..len + taken].copy_from_slice(&self.rest.split_to(taken));
            len += taken;
        }
        if self.rest.is_empty() {
            // The frame is a part of a larger buffer.
            self.rest = Bytes::new();
        }
        self.unreleased += len;
        Poll::Ready(match &mut self.end {
            _ if len > 0 => Ok(len),
            None => return Poll::Pending,
            Some(End::Stream) => Ok(0),
            Some(End::Failed(error)) => Err(std::mem::replace(error, io::ErrorKind::BrokenPipe.into())),
        })
    }

    /// Copies the frames that have come: the crate `h2` keeps each of them with some hundred bytes of its own.
    fn keep(&mut self, cx: &mut Context<'_>) {
        while let Poll::Ready(Some(frame)) = self.poll_frame(cx) {
            self.kept.extend_from_slice(&frame);
        }
    }

    /// Gives the window back for the bytes that were taken, if they are at least so many.
    fn release(&mut self, least: usize) {
        if self.unreleased >= least && self.unreleased > 0 {
            // Fails only if it is more than was received.
            let _ = self.stream.flow_control().release_capacity(self.unreleased);
            self.unreleased = 0;
        }
    }
}

impl Sent {
    /// Waits until bytes can be sent, and sends as many as the client takes now.
    fn poll_write(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let stream = self.stream.as_mut().ok_or(io::ErrorKind::NotConnected)?;
        let wanted = bytes.len().min(SEND);
        stream.reserve_capacity(wanted);
        loop {
            let room = stream.capacity().min(wanted);
            if room > 0 {
                let piece = self.unwritten.piece(Bytes::copy_from_slice(&bytes[..room]));
                stream.send_data(piece, false).map_err(io_error)?;
                return Poll::Ready(Ok(room));
            }
            let more = ready!(stream.poll_capacity(cx));
            more.ok_or(io::ErrorKind::ConnectionReset)?.map_err(io_error)?;
        }
    }

    /// Ends the server's side.
    fn end(&mut self) -> io::Result<()> {
        let stream = self.stream.as_mut().ok_or(io::ErrorKind::NotConnected)?;
        stream.send_data(self.unwritten.piece(Bytes::new()), true).map_err(io_error)
    }
}

impl Stream {
    /// The stream of a request.
    pub(super) fn new(
        received: RecvStream,
        respond: SendResponse<Piece>,
        unwritten: Unwritten,
        open: OpenWebSocket,
    ) -> Self {
        let received = Received {
            stream: received,
            rest: Bytes::new(),
            kept: Vec::new(),
            unreleased: 0,
            is_emptied: false,
            end: None,
        };
        Self {
            received,
            sent: Sent { stream: None, respond, unwritten },
            waker: Waker::noop().clone(),
            half_closed: None,
            unread: Duration::MAX,
            stalled: None,
            _open: open,
        }
    }

    /// Sets the waker for an event loop.
    pub(super) fn set_waker(&mut self, waker: Waker) {
        self.waker = waker;
    }

    /// Sends the head of the answer.
    ///
    /// # Errors
    /// The stream or its connection has ended.
    pub(super) fn send_head(&mut self, head: http::Response<()>) -> io::Result<()> {
        self.sent.stream = Some(self.sent.respond.send_response(head, false).map_err(io_error)?);
        Ok(())
    }

    /// True if the client has had its time to end its side.
    pub(super) fn has_lingered(&self) -> bool {
        self.half_closed.is_some_and(|since| since.elapsed() >= LINGER)
    }

    fn end(&mut self) -> io::Result<()> {
        if self.half_closed.is_none() {
            self.half_closed = Some(Instant::now());
            self.sent.end()?;
            self.received.release(0);
        }
        Ok(())
    }
}

impl Transport for Stream {
    fn receive(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let received = match self.received.poll_read(&mut Context::from_waker(&self.waker), buffer) {
            Poll::Ready(received) => received,
            Poll::Pending => Err(io::ErrorKind::WouldBlock.into()),
        };
        if self.half_closed.is_some() {
            self.received.release(0);
        }
        received
    }

    fn is_emptied(&self, _: usize, _: usize) -> bool {
        self.received.is_emptied
    }

    fn note_taken(&mut self) {
        self.received.release(GIVEN_BACK);
    }

    fn send(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut cx = Context::from_waker(&self.waker);
        match self.sent.poll_write(&mut cx, bytes) {
            Poll::Ready(sent) => sent,
            Poll::Pending => {
                self.received.keep(&mut cx);
                Ok(0)
            }
        }
    }

    fn has_sent_a_part(&mut self) -> bool {
        false
    }

    fn half_close(&mut self) -> io::Result<()> {
        self.end()
    }

    fn held(&self) -> usize {
        MEMORY + self.received.rest.len() + self.received.kept.capacity()
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let received = &mut self.get_mut().received;
        // The handler asks for more when it has taken the bytes before.
        received.release(GIVEN_BACK);
        let len = ready!(received.poll_read(cx, buffer.initialize_unfilled()))?;
        buffer.advance(len);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if let Poll::Ready(sent) = this.sent.poll_write(cx, bytes) {
            this.stalled = None;
            return Poll::Ready(sent);
        }
        let unread = this.unread;
        let stalled = this.stalled.get_or_insert_with(|| Box::pin(sleep(unread)));
        stalled.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }

    /// Frames are written by the task of the connection.
    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(self.get_mut().end())
    }
}

impl BridgedStream for Stream {
    fn put_head(
        &mut self,
        head: &ResponseHead,
        size: BodySize,
        _: Version,
        _: &mut BytesMut,
    ) -> io::Result<Framing> {
        self.send_head(response::head(head, size))?;
        let is_empty = matches!(size, BodySize::None | BodySize::Sized(0));
        Ok(if is_empty && head.status != StatusCode::SWITCHING_PROTOCOLS {
            Framing::None
        } else {
            Framing::Raw
        })
    }

    fn limit_unread(&mut self, time: Duration) {
        self.unread = time;
    }

    /// The buffer is the connection's, which other streams read from.
    fn set_receive_buffer(&self, _: usize) {}

    fn reset(&mut self) {
        self.sent.respond.send_reset(Reason::CANCEL);
    }
}
