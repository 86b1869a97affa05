//! The stream of a client in the HTTP server: TCP, or TLS on it.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use actix_web::rt::net::TcpStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::{
    admission::http_connections::Activity,
    event_loop::socket::ClientSocket,
    tls::{
        session::{self, Session},
        stream::TlsStream,
    },
};

/// Memory of a client during the TLS handshake, in bytes, as measured.
pub(crate) const HANDSHAKE_MEMORY: usize = 7 * 1024;

/// Memory that stays of a TLS handshake until the HTTP server is done with the client, in bytes, as measured.
const HANDSHAKE_REMAINS: usize = 1024;

/// A stream of the HTTP server, which an event loop can take over.
pub(crate) trait ClientStream: AsyncRead + AsyncWrite + Unpin + 'static {
    /// Returns the TCP connection beneath.
    fn tcp(&self) -> &TcpStream;

    /// Returns the TLS session, if the client speaks TLS.
    fn tls(&self) -> Option<&Session>;

    /// Memory of the stream beside its own size, in bytes.
    const MEMORY: usize;

    /// Returns the memory of bytes that came and were not read yet, in bytes.
    fn buffered_input(&self) -> usize;

    /// Returns the memory of bytes that were written and not sent yet, in bytes.
    fn buffered_output(&self) -> usize;

    /// Has a write take more bytes at a time, for a connection that many streams share.
    fn widen_writes(&mut self);

    /// Takes the stream out of the HTTP server.
    fn into_socket(self) -> io::Result<ClientSocket>;
}

impl ClientStream for TcpStream {
    const MEMORY: usize = 0;

    fn tcp(&self) -> &TcpStream {
        self
    }

    fn tls(&self) -> Option<&Session> {
        None
    }

    fn buffered_input(&self) -> usize {
        0
    }

    fn buffered_output(&self) -> usize {
        0
    }

    fn widen_writes(&mut self) {}

    fn into_socket(self) -> io::Result<ClientSocket> {
        Ok(ClientSocket { tcp: self.into_std()?, tls: None })
    }
}

impl ClientStream for TlsStream {
    const MEMORY: usize = session::MEMORY + HANDSHAKE_REMAINS;

    fn tcp(&self) -> &TcpStream {
        self.tcp()
    }

    fn tls(&self) -> Option<&Session> {
        Some(self.session())
    }

    fn buffered_input(&self) -> usize {
        self.session().buffered_input()
    }

    fn buffered_output(&self) -> usize {
        self.session().buffered_output()
    }

    fn widen_writes(&mut self) {
        Self::widen_writes(self);
    }

    fn into_socket(self) -> io::Result<ClientSocket> {
        let (tcp, mut session) = self.into_parts();
        session.server_name = None;
        Ok(ClientSocket { tcp: tcp.into_std()?, tls: Some(session) })
    }
}

/// A stream that records when its client sends or reads something.
pub(crate) struct ActivityStream<S> {
    stream: S,
    activity: Arc<Activity>,
}

impl<S> ActivityStream<S> {
    pub(crate) const fn new(stream: S, activity: Arc<Activity>) -> Self {
        Self { stream, activity }
    }

    fn record<T>(&self, done: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if matches!(done, Poll::Ready(Ok(_))) {
            self.activity.record();
        }
        done
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for ActivityStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.stream).poll_read(cx, buffer);
        self.record(read)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for ActivityStream<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.record(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, parts);
        self.record(written)
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

impl<S: ClientStream> ClientStream for ActivityStream<S> {
    const MEMORY: usize = S::MEMORY;

    fn tcp(&self) -> &TcpStream {
        self.stream.tcp()
    }

    fn tls(&self) -> Option<&Session> {
        self.stream.tls()
    }

    fn buffered_input(&self) -> usize {
        self.stream.buffered_input()
    }

    fn buffered_output(&self) -> usize {
        self.stream.buffered_output()
    }

    fn widen_writes(&mut self) {
        self.stream.widen_writes();
    }

    fn into_socket(self) -> io::Result<ClientSocket> {
        self.stream.into_socket()
    }
}
