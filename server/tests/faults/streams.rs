//! Connections of the attackers, over TCP or TLS, with small buffers in the kernel.

use std::{net::SocketAddr, sync::Arc};

use socket2::{Domain, Socket, Type};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite},
    net::{TcpSocket, TcpStream},
};
use ws_echo_test_support::tls_client::Identity;

/// A stream over TCP, or over TLS on it.
pub trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

/// The transport to the server.
#[derive(Clone)]
pub enum Way {
    Plain,
    Tls(Arc<Identity>),
}

impl Way {
    pub fn tls() -> Self {
        Self::Tls(Arc::new(Identity::new()))
    }

    /// Returns the flags of a server for this transport. A TLS listener comes after the usual one.
    pub fn flags(&self) -> Vec<&str> {
        match self {
            Self::Plain => vec!["--listen", "127.0.0.1:0"],
            Self::Tls(identity) => [&["--listen", "127.0.0.1:0"], &identity.flags()[..]].concat(),
        }
    }

    /// Connects with small buffers in the kernels.
    pub async fn connect(&self, address: SocketAddr) -> Box<dyn Stream> {
        let tcp = narrow(address).await;
        match self {
            Self::Plain => Box::new(tcp),
            Self::Tls(identity) => Box::new(identity.connect_over(tcp).await.unwrap()),
        }
    }
}

/// Opens a TCP connection that receives a few segments of 536 bytes at a time, so that the server notices soon that its client
/// does not read.
pub async fn narrow(address: SocketAddr) -> TcpStream {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    socket.set_tcp_mss(536).unwrap();
    socket.set_recv_buffer_size(2048).unwrap();
    socket.set_nonblocking(true).unwrap();
    TcpSocket::from_std_stream(socket.into()).connect(address).await.unwrap()
}

/// Reads to the end of a head, byte by byte, so that the bytes behind it stay in the stream.
pub async fn head(stream: &mut (impl Stream + ?Sized)) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.expect("the connection ended within a head"));
    }
    String::from_utf8(head).unwrap()
}
