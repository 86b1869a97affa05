//! What a client's bytes come over in the HTTP server: TCP, or TLS on it.

use std::io;

use actix_web::rt::net::TcpStream;
use rustls::ServerConnection;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::server::TlsStream;

/// A stream of the HTTP server, which the engine can take over.
pub(crate) trait ClientStream: AsyncRead + AsyncWrite + Unpin + 'static {
    /// The TCP connection beneath.
    fn tcp(&self) -> &TcpStream;

    /// Takes the stream out of the HTTP server.
    fn into_socket(self) -> io::Result<ClientSocket>;
}

/// A client's connection on its way from the HTTP server to the engine. It does not block.
pub(crate) struct ClientSocket {
    pub(crate) tcp: std::net::TcpStream,
    /// The session if it speaks TLS, with what was received and not read yet.
    pub(crate) tls: Option<ServerConnection>,
}

impl ClientStream for TcpStream {
    fn tcp(&self) -> &TcpStream {
        self
    }

    fn into_socket(self) -> io::Result<ClientSocket> {
        Ok(ClientSocket { tcp: self.into_std()?, tls: None })
    }
}

impl ClientStream for TlsStream<TcpStream> {
    fn tcp(&self) -> &TcpStream {
        self.get_ref().0
    }

    fn into_socket(self) -> io::Result<ClientSocket> {
        let (tcp, session) = self.into_inner();
        Ok(ClientSocket { tcp: tcp.into_std()?, tls: Some(session) })
    }
}
