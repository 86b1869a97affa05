//! Client that sends exactly the bytes it is given, also such as no well-behaved client sends.

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

/// `Sec-WebSocket-Accept` for [`KEY`] (RFC 6455 section 1.3).
pub const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

/// Limit of the wait for an answer. A test that waits this long has failed.
const PATIENCE: Duration = Duration::from_secs(10);

pub struct Raw {
    socket: TcpStream,
    buffer: Vec<u8>,
}

/// Request for `/echo` with these header lines.
pub fn request(lines: &str) -> String {
    format!("GET /echo HTTP/1.1\r\nHost: test\r\n{lines}\r\n")
}

/// Header lines of a handshake.
pub fn upgrade_lines() -> String {
    format!(
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {KEY}\r\n"
    )
}

/// Sends a handshake over any stream, and reads the head of the answer.
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

    /// Connects from another address of this machine.
    pub async fn connect_from(local: IpAddr, address: SocketAddr) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind((local, 0).into()).unwrap();
        Self { socket: socket.connect(address).await.unwrap(), buffer: Vec::new() }
    }

    /// Connects, and completes a handshake.
    pub async fn upgraded(address: SocketAddr) -> Self {
        let mut raw = Self::connect(address).await;
        raw.send(request(&upgrade_lines()).as_bytes()).await;
        let head = raw.head().await;
        assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
        raw
    }

    /// Connects, and asks for a WebSocket at this target with further header lines. Returns the head of the answer too.
    pub async fn at(address: SocketAddr, target: &str, lines: &str) -> (Self, String) {
        let mut raw = Self::connect(address).await;
        let lines = format!("{}{lines}", upgrade_lines());
        raw.send(request(&lines).replacen("/echo", target, 1).as_bytes()).await;
        let head = raw.head().await;
        (raw, head)
    }

    /// Connects, and completes a handshake that offers extensions. Returns the extensions that were agreed on too.
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

    /// Sends. Fails if the server ends the connection before it has taken all bytes.
    pub async fn try_send(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.socket.write_all(bytes).await
    }

    /// Head of the HTTP response.
    pub async fn head(&mut self) -> String {
        loop {
            if let Some(end) = self.buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                let head = self.buffer.drain(..end + 4).collect();
                return String::from_utf8(head).unwrap();
            }
            assert!(self.more().await, "the connection ended within the head");
        }
    }

    /// Head of the HTTP response in lower case, and its body of `Content-Length` bytes.
    pub async fn response(&mut self) -> (String, String) {
        let head = self.head().await.to_ascii_lowercase();
        let len = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let len: usize = len.unwrap_or_else(|| panic!("a length in {head}")).parse().unwrap();
        while self.buffer.len() < len {
            assert!(self.more().await, "the connection ended within the body");
        }
        (head, String::from_utf8(self.buffer.drain(..len).collect()).unwrap())
    }

    /// Next frame. None if the connection has ended.
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

    /// Next frame, legal or not: its first byte and its payload, unmasked bytes as they are.
    pub async fn raw_frame(&mut self) -> (u8, Vec<u8>) {
        loop {
            if let [first, len @ 0..=125, rest @ ..] = &*self.buffer
                && let Some(payload) = rest.get(..usize::from(*len))
            {
                let frame = (*first, payload.to_vec());
                self.buffer.drain(..2 + frame.1.len());
                return frame;
            }
            if let [first, 126, a, b, rest @ ..] = &*self.buffer
                && let Some(payload) = rest.get(..usize::from(u16::from_be_bytes([*a, *b])))
            {
                let frame = (*first, payload.to_vec());
                self.buffer.drain(..4 + frame.1.len());
                return frame;
            }
            assert!(self.more().await, "the connection ended within a frame");
        }
    }

    /// The next bytes, be they frames or not.
    pub async fn bytes(&mut self, len: usize) -> Vec<u8> {
        while self.buffer.len() < len {
            assert!(self.more().await, "the connection ended");
        }
        self.buffer.drain(..len).collect()
    }

    /// True if these bytes were received already, and not taken yet.
    pub fn has_buffered(&self, bytes: &[u8]) -> bool {
        self.buffer.windows(bytes.len()).any(|window| window == bytes)
    }

    /// Reads to the end of the connection. True if it is a reset.
    pub async fn is_reset(&mut self) -> bool {
        let mut piece = [0; 1024];
        loop {
            match timeout(PATIENCE, self.socket.read(&mut piece)).await.expect("an end in time") {
                Ok(0) => return false,
                Ok(_) => {}
                Err(error) => return error.kind() == std::io::ErrorKind::ConnectionReset,
            }
        }
    }

    /// Ends the client's side of the connection (half-close).
    pub async fn finish(&mut self) {
        self.socket.shutdown().await.unwrap();
    }

    /// Socket for a thread that blocks.
    pub fn into_blocking(self) -> std::net::TcpStream {
        let socket = self.socket.into_std().unwrap();
        socket.set_nonblocking(false).unwrap();
        socket
    }

    /// Ends the connection with a reset, as the kernel does for a process that is killed.
    pub fn reset(self) {
        SockRef::from(&self.socket).set_linger(Some(Duration::ZERO)).unwrap();
    }

    /// Waits for any bytes. Returns their number.
    pub async fn some(&mut self) -> usize {
        assert!(self.more().await, "the connection ended");
        self.buffer.drain(..).len()
    }

    /// Bytes until the end of the connection, as text.
    pub async fn rest(&mut self) -> String {
        while self.more().await {}
        String::from_utf8_lossy(&self.buffer).into_owned()
    }

    /// Waits for the end of the connection. A frame before it fails the test.
    pub async fn end(&mut self) {
        assert_eq!(self.frame().await, None);
    }

    async fn more(&mut self) -> bool {
        // On the heap: tests nest many of these futures, and have little stack.
        let mut piece = vec![0; 64 * 1024];
        match timeout(PATIENCE, self.socket.read(&mut piece)).await.expect("an answer in time") {
            // A reset is an end too.
            Ok(0) | Err(_) => false,
            Ok(len) => {
                self.buffer.extend(&piece[..len]);
                true
            }
        }
    }
}
