//! A client that sends exactly the bytes it is told to, for what no well-behaved client would send.

use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use socket2::SockRef;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::timeout,
};

use crate::frame::Frame;

pub const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";

/// The answer to [`KEY`] (RFC 6455 section 1.3).
pub const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

/// Long enough for any answer; a test that waits this long has failed.
const PATIENCE: Duration = Duration::from_secs(10);

pub struct Raw {
    socket: TcpStream,
    buffer: Vec<u8>,
}

/// A handshake request with these header lines in it.
pub fn request(lines: &str) -> String {
    format!("GET /echo HTTP/1.1\r\nHost: test\r\n{lines}\r\n")
}

/// The lines that make a request a handshake.
pub fn upgrade_lines() -> String {
    format!(
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {KEY}\r\n"
    )
}

/// Sends the handshake over any stream, and takes the answer.
pub async fn upgrade<S: AsyncRead + AsyncWrite + Unpin>(mut stream: S) -> S {
    stream.write_all(request(&upgrade_lines()).as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    assert!(head.starts_with(b"HTTP/1.1 101 "));
    stream
}

impl Raw {
    pub async fn connect(address: SocketAddr) -> Self {
        Self { socket: TcpStream::connect(address).await.unwrap(), buffer: Vec::new() }
    }

    /// A connection from another address of this machine.
    pub async fn connect_from(local: IpAddr, address: SocketAddr) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind((local, 0).into()).unwrap();
        Self { socket: socket.connect(address).await.unwrap(), buffer: Vec::new() }
    }

    /// A connection that is past its handshake.
    pub async fn upgraded(address: SocketAddr) -> Self {
        let mut raw = Self::connect(address).await;
        raw.send(request(&upgrade_lines()).as_bytes()).await;
        let head = raw.head().await;
        assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
        raw
    }

    /// A connection that is past its handshake and offered extensions in it; and what was agreed on.
    pub async fn offering(address: SocketAddr, offer: &str) -> (Self, Option<String>) {
        let mut raw = Self::connect(address).await;
        let lines = format!("{}Sec-WebSocket-Extensions: {offer}\r\n", upgrade_lines());
        raw.send(request(&lines).as_bytes()).await;
        let head = raw.head().await;
        assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
        let agreed = head.lines().find_map(|line| line.strip_prefix("Sec-WebSocket-Extensions: "));
        let agreed = agreed.map(str::to_owned);
        (raw, agreed)
    }

    pub async fn send(&mut self, bytes: &[u8]) {
        self.try_send(bytes).await.unwrap();
    }

    /// Sends, unless the server ends the connection before it has taken all.
    pub async fn try_send(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.socket.write_all(bytes).await
    }

    /// The head of the HTTP response, in lower case but for the values' own letters.
    pub async fn head(&mut self) -> String {
        loop {
            if let Some(end) = self.buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                let head = self.buffer.drain(..end + 4).collect();
                return String::from_utf8(head).unwrap();
            }
            assert!(self.more().await, "the connection ended within the head");
        }
    }

    /// The head of the HTTP response in lower case, and its body, which has a length.
    pub async fn response(&mut self) -> (String, String) {
        let head = self.head().await.to_ascii_lowercase();
        let len = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let len: usize = len.unwrap_or_else(|| panic!("a length in {head}")).parse().unwrap();
        while self.buffer.len() < len {
            assert!(self.more().await, "the connection ended within the body");
        }
        (head, String::from_utf8(self.buffer.drain(..len).collect()).unwrap())
    }

    /// The next frame, or none if the connection has ended.
    pub async fn frame(&mut self) -> Option<Frame> {
        loop {
            if let Some((frame, len)) = Frame::parse(&self.buffer) {
                self.buffer.drain(..len);
                return Some(frame);
            }
            if !self.more().await {
                assert!(self.buffer.is_empty(), "the connection ended within a frame");
                return None;
            }
        }
    }

    /// Ends the client's side: nothing more will be sent.
    pub async fn finish(&mut self) {
        self.socket.shutdown().await.unwrap();
    }

    /// The socket alone, for a thread that blocks.
    pub fn into_blocking(self) -> std::net::TcpStream {
        let socket = self.socket.into_std().unwrap();
        socket.set_nonblocking(false).unwrap();
        socket
    }

    /// Ends the connection with a reset, as a process that is killed does.
    pub fn reset(self) {
        SockRef::from(&self.socket).set_linger(Some(Duration::ZERO)).unwrap();
    }

    /// Waits for some bytes, whatever they are; says how many they were.
    pub async fn some(&mut self) -> usize {
        assert!(self.more().await, "the connection ended");
        self.buffer.drain(..).len()
    }

    /// All that comes until the end of the connection.
    pub async fn rest(&mut self) -> String {
        while self.more().await {}
        String::from_utf8_lossy(&self.buffer).into_owned()
    }

    /// Waits for the end of the connection; nothing may come before it.
    pub async fn end(&mut self) {
        assert_eq!(self.frame().await, None);
    }

    async fn more(&mut self) -> bool {
        // On the heap: a test has many of these futures within each other, and little stack.
        let mut piece = vec![0; 64 * 1024];
        match timeout(PATIENCE, self.socket.read(&mut piece)).await.expect("an answer in time") {
            // A reset is an end as well.
            Ok(0) | Err(_) => false,
            Ok(len) => {
                self.buffer.extend(&piece[..len]);
                true
            }
        }
    }
}
