//! The stream of a client in the HTTP server: TCP, or TLS on it.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use actix_web::rt::net::TcpStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::{rustls::ServerConnection, server::TlsStream};

use crate::{
    admission::http_connections::Activity, event_loop::socket::ClientSocket,
    tls::acceptor::BUFFER as TLS_BUFFER,
};

/// Memory of a TLS session between two records, beside its own size, in bytes, as measured.
const TLS_MEMORY: usize = 10 * 1024;

/// Memory of a client during the TLS handshake, in bytes, as measured.
pub(crate) const HANDSHAKE_MEMORY: usize = 13 * 1024;

/// The longest TLS record (RFC 8446 section 5.1), in bytes. A session keeps the unread rest of a record.
const MAX_RECORD: usize = 16 * 1024;

/// Limit of the unsent bytes in a TLS session of an event loop, which sends more at a time than the HTTP server: the default of
/// rustls.
const EVENT_LOOP_BUFFER: usize = 64 * 1024;

/// A stream of the HTTP server, which an event loop can take over.
pub(crate) trait ClientStream: AsyncRead + AsyncWrite + Unpin + 'static {
    /// Returns the TCP connection beneath.
    fn tcp(&self) -> &TcpStream;

    /// Returns the TLS session, if the client speaks TLS.
    fn tls(&self) -> Option<&ServerConnection>;

    /// Memory of the stream beside its own size, in bytes.
    const MEMORY: usize;

    /// Returns the memory of its buffers, as far as that is known, in bytes.
    fn buffered(&self) -> usize;

    /// Takes the stream out of the HTTP server.
    fn into_socket(self) -> io::Result<ClientSocket>;
}

impl ClientStream for TcpStream {
    const MEMORY: usize = 0;

    fn tcp(&self) -> &TcpStream {
        self
    }

    fn tls(&self) -> Option<&ServerConnection> {
        None
    }

    fn buffered(&self) -> usize {
        0
    }

    fn into_socket(self) -> io::Result<ClientSocket> {
        Ok(ClientSocket { tcp: self.into_std()?, tls: None })
    }
}

impl ClientStream for TlsStream<TcpStream> {
    const MEMORY: usize = TLS_MEMORY;

    fn tcp(&self) -> &TcpStream {
        self.get_ref().0
    }

    fn tls(&self) -> Option<&ServerConnection> {
        Some(self.get_ref().1)
    }

    fn buffered(&self) -> usize {
        let session = self.get_ref().1;
        // The buffer of a record has more room than the record needs, as measured.
        let unsent = if session.wants_write() { TLS_BUFFER * 3 / 2 } else { 0 };
        let unread = if session.wants_read() { 0 } else { MAX_RECORD };
        unsent + unread
    }

    fn into_socket(self) -> io::Result<ClientSocket> {
        let (tcp, mut session) = self.into_inner();
        session.set_buffer_limit(Some(EVENT_LOOP_BUFFER));
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

    fn tls(&self) -> Option<&ServerConnection> {
        self.stream.tls()
    }

    fn buffered(&self) -> usize {
        self.stream.buffered()
    }

    fn into_socket(self) -> io::Result<ClientSocket> {
        self.stream.into_socket()
    }
}
