//! The stream of a client that speaks TLS, for the HTTP server.

use std::{
    io::{self, ErrorKind, Read, Write},
    pin::Pin,
    task::{Context, Poll, ready},
};

use actix_web::rt::net::TcpStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::tls::session::Session;

/// The most bytes of an answer that are encrypted at a time, and held if the client does not read.
const WRITE: usize = 8 * 1024;

/// The same where many streams share the connection: four records of the largest size.
const WIDE_WRITE: usize = 64 * 1024;

/// The most bytes of a read. A reader's buffer may be much larger, and as much of it is filled with zeros first.
const READ: usize = 16 * 1024;

/// A TCP connection with TLS on it.
#[derive(Debug)]
pub(crate) struct TlsStream {
    tcp: TcpStream,
    /// Boxed, since an event loop takes it over where it lies.
    session: Box<Session>,
    /// The most bytes that a write takes.
    write: usize,
}

impl TlsStream {
    /// Completes the handshake.
    pub(crate) async fn accept(tcp: TcpStream, session: Box<Session>) -> io::Result<Self> {
        let mut stream = Self { tcp, session, write: WRITE };
        std::future::poll_fn(|cx| stream.poll(cx, |session, tcp| session.shake_hands(tcp))).await?;
        Ok(stream)
    }

    pub(crate) const fn tcp(&self) -> &TcpStream {
        &self.tcp
    }

    pub(crate) const fn session(&self) -> &Session {
        &self.session
    }

    pub(crate) const fn session_mut(&mut self) -> &mut Session {
        &mut self.session
    }

    /// Has a write take more bytes at a time.
    pub(crate) const fn widen_writes(&mut self) {
        self.write = WIDE_WRITE;
    }

    pub(crate) fn into_parts(self) -> (TcpStream, Box<Session>) {
        (self.tcp, self.session)
    }

    /// Has the session work on the socket. `WouldBlock` is pending.
    fn poll<T>(
        &mut self,
        cx: &mut Context<'_>,
        work: impl FnOnce(&mut Session, &mut Polled<'_, '_>) -> io::Result<T>,
    ) -> Poll<io::Result<T>> {
        match work(&mut self.session, &mut Polled { tcp: &mut self.tcp, cx }) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => Poll::Pending,
            result => Poll::Ready(result),
        }
    }

    /// Sends the encrypted bytes.
    fn poll_sent(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll(cx, |session, tcp| match session.flush(tcp)? {
            true => Ok(()),
            false => Err(ErrorKind::WouldBlock.into()),
        })
    }
}

/// A socket whose `WouldBlock` wakes the task later.
struct Polled<'a, 'b> {
    tcp: &'a mut TcpStream,
    cx: &'a mut Context<'b>,
}

/// Returns `WouldBlock` for what is pending.
fn now<T>(poll: Poll<io::Result<T>>) -> io::Result<T> {
    match poll {
        Poll::Ready(result) => result,
        Poll::Pending => Err(ErrorKind::WouldBlock.into()),
    }
}

impl Read for Polled<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut buffer = ReadBuf::new(buffer);
        now(Pin::new(&mut *self.tcp).poll_read(self.cx, &mut buffer))?;
        Ok(buffer.filled().len())
    }
}

impl Write for Polled<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        now(Pin::new(&mut *self.tcp).poll_write(self.cx, bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl AsyncRead for TlsStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if buffer.remaining() == 0 {
            return Poll::Ready(Ok(()));
        }
        let room = buffer.initialize_unfilled_to(buffer.remaining().min(READ));
        let received = ready!(self.poll(cx, |session, tcp| session.receive(tcp, room)))?;
        buffer.advance(received);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for TlsStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        ready!(self.poll_sent(cx))?;
        let bytes = &bytes[..bytes.len().min(self.write)];
        self.poll(cx, |session, tcp| session.write(tcp, bytes).map(|()| bytes.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_sent(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll(cx, |session, tcp| {
            session.close_notify(tcp);
            Ok(())
        }))?;
        ready!(self.poll_sent(cx))?;
        match ready!(Pin::new(&mut self.tcp).poll_shutdown(cx)) {
            // The client is gone already.
            Err(error) if error.kind() == ErrorKind::NotConnected => Poll::Ready(Ok(())),
            result => Poll::Ready(result),
        }
    }
}
