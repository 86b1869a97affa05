//! Scripts of a client's actions, and the answers of the server to them.

use std::{fmt, net::SocketAddr, time::Duration};

use h2::Reason;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpStream, tcp::OwnedReadHalf},
    time::timeout,
};
use ws_echo_test_support::{
    frame::{Frame, frame},
    http2::{Http2, flag, websocket},
    raw::{request, upgrade_lines},
};

/// Time limit for any answer. A script that takes this long has failed.
const PATIENCE: Duration = Duration::from_secs(10);

/// Payload of the ping that checks that the server is still connected.
pub const PROBE: &[u8] = b"the probe of the script";

/// The actions of a client on one connection.
#[derive(Clone, Default)]
pub struct Script {
    /// True if the client offers permessage-deflate.
    pub offers_deflate: bool,
    /// True if the first chunk is sent together with the handshake.
    pub early: bool,
    /// The bytes to send, each chunk in a write of its own.
    pub chunks: Vec<Vec<u8>>,
    pub ending: Ending,
}

/// The last action of a client, after all chunks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Ending {
    /// Closes its half at once.
    Fin,
    #[default]
    /// Stays connected until a pong shows that the server does so too. For streams that end between two frames.
    Stay,
    /// Waits for the server to end the TCP connection (RFC 6455 section 7.1.1). For streams after which the server closes.
    Wait,
    /// Closes its half when the server's Close frame has come. For the same streams, without the time that the server waits.
    Answer,
}

/// The answers of the server.
#[derive(PartialEq, Eq)]
pub struct Seen {
    /// The status line and the headers of the response, sorted.
    pub head: Vec<String>,
    pub frames: Vec<Frame>,
    /// The beginning of a frame whose rest did not come.
    pub cut: Vec<u8>,
    pub end: End,
}

/// The way of the bytes between client and server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// A connection after a handshake of HTTP/1.1.
    Http1,
    /// A stream of HTTP/2, on a connection of its own. Its END_STREAM is a FIN, and its RST_STREAM a reset.
    Http2,
}

/// The end of the TCP connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The server closed its half.
    Fin,
    /// The server reset the connection.
    Reset,
    /// The connection did not end.
    Open,
}

/// Returns the ping whose pong shows that the server is still connected.
pub fn probe() -> Vec<u8> {
    frame(0x89, PROBE)
}

impl Script {
    /// Plays the script on a connection of its own.
    pub async fn play(&self, address: SocketAddr, transport: Transport) -> Seen {
        let played = async {
            match transport {
                Transport::Http1 => self.play_over_http1(address).await,
                Transport::Http2 => self.play_over_http2(address).await,
            }
        };
        timeout(PATIENCE, played).await.unwrap_or_else(|_| panic!("{address} does not answer to {self:?}"))
    }

    async fn play_over_http1(&self, address: SocketAddr) -> Seen {
        let socket = TcpStream::connect(address).await.unwrap();
        // Each chunk is sent in a segment of its own.
        socket.set_nodelay(true).unwrap();
        let (mut read, mut write) = socket.into_split();
        let offer = if self.offers_deflate { "Sec-WebSocket-Extensions: permessage-deflate\r\n" } else { "" };
        let mut first = request(&(upgrade_lines() + offer)).into_bytes();
        let mut chunks = self.chunks.iter();
        if self.early {
            first.extend(chunks.next().into_iter().flatten());
        }

        let sending = async {
            write.write_all(&first).await.unwrap();
            for chunk in chunks {
                tokio::task::yield_now().await;
                // A server that has ended the connection reads no more. Its earlier answers still count.
                if write.write_all(chunk).await.is_err() {
                    break;
                }
            }
            match self.ending {
                Ending::Fin => drop(write.shutdown().await),
                Ending::Stay => drop(write.write_all(&probe()).await),
                Ending::Wait | Ending::Answer => {}
            }
            write
        };
        let mut receiver = Receiver::default();
        let (mut write, end) = tokio::join!(sending, receiver.receive(&mut read, self.ending));
        let end = match (end, self.ending) {
            (End::Open, Ending::Answer) => {
                let _ = write.shutdown().await;
                receiver.receive(&mut read, Ending::Fin).await
            }
            (end, _) => end,
        };
        Seen { head: receiver.head, frames: receiver.frames, cut: receiver.bytes, end }
    }

    async fn play_over_http2(&self, address: SocketAddr) -> Seen {
        let mut client = Http2::connect(address).await;
        let mut fields = websocket("/echo");
        if self.offers_deflate {
            fields.push(("sec-websocket-extensions", "permessage-deflate"));
        }
        let stream = client.request(&fields, flag::NONE).await;
        if !self.early {
            client.head(stream).await;
        }
        for chunk in &self.chunks {
            tokio::task::yield_now().await;
            // The server may have ended the stream. Its earlier answers still count.
            if !client.try_send(stream, chunk).await {
                break;
            }
        }
        match self.ending {
            Ending::Fin => client.end(stream).await,
            Ending::Stay => drop(client.try_send(stream, &probe()).await),
            Ending::Wait | Ending::Answer => {}
        }
        let mut frames = Vec::new();
        let mut end = receive(&mut client, stream, &mut frames, self.ending).await;
        if (end, self.ending) == (End::Open, Ending::Answer) {
            client.end(stream).await;
            end = receive(&mut client, stream, &mut frames, Ending::Fin).await;
        }
        let head = client.head(stream).await;
        let mut lines: Vec<_> = head.fields.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        lines.sort();
        lines.insert(0, head.status.to_string());
        let cut = std::mem::take(&mut client.stream(stream).bytes);
        Seen { head: lines, frames, cut, end }
    }
}

/// Receives frames until the stream ends, or until the answer that `ending` waits for has come.
async fn receive(client: &mut Http2, stream: u32, frames: &mut Vec<Frame>, ending: Ending) -> End {
    let mut end = None;
    client
        .until("the end of a script", |client| {
            let stream = client.stream(stream);
            let mut at = 0;
            while let Some((frame, len)) = Frame::parse(&stream.bytes[at..]) {
                frames.push(frame);
                at += len;
            }
            stream.bytes.drain(..at);
            end = match stream.reset {
                _ if ending.is_answered(frames.last()) => Some(End::Open),
                _ if stream.is_ended => Some(End::Fin),
                // RST_STREAM without an error only asks the client to end its side.
                Some(Reason::NO_ERROR) => Some(End::Fin),
                Some(_) => Some(End::Reset),
                None => None,
            };
            end.is_some()
        })
        .await;
    end.unwrap()
}

impl Ending {
    /// True if this is the frame that the client waits for before its last action.
    fn is_answered(self, last: Option<&Frame>) -> bool {
        match (self, last) {
            (Self::Stay, Some(last)) => last.first == 0x8a && last.payload == PROBE,
            (Self::Answer, Some(last)) => last.first == 0x88,
            _ => false,
        }
    }
}

/// Parses the bytes of the server.
#[derive(Default)]
struct Receiver {
    head: Vec<String>,
    frames: Vec<Frame>,
    /// Bytes that are not parsed yet.
    bytes: Vec<u8>,
}

impl Receiver {
    /// Receives until the connection ends, or until the answer that `ending` waits for has come.
    async fn receive(&mut self, socket: &mut OwnedReadHalf, ending: Ending) -> End {
        let mut piece = vec![0; 64 * 1024];
        loop {
            match socket.read(&mut piece).await {
                Ok(0) => return End::Fin,
                Err(_) => return End::Reset,
                Ok(len) => self.bytes.extend(&piece[..len]),
            }
            if self.head.is_empty() && !self.take_head() {
                continue;
            }
            let mut at = 0;
            while let Some((frame, len)) = Frame::parse(&self.bytes[at..]) {
                self.frames.push(frame);
                at += len;
            }
            self.bytes.drain(..at);
            if ending.is_answered(self.frames.last()) {
                return End::Open;
            }
        }
    }

    /// Takes the head of the response, once it is complete.
    fn take_head(&mut self) -> bool {
        let Some(len) = self.bytes.windows(4).position(|window| window == b"\r\n\r\n") else { return false };
        let head: Vec<u8> = self.bytes.drain(..len + 4).collect();
        let head = String::from_utf8(head).unwrap();
        self.head = head.trim_end().split("\r\n").map(without_case).collect();
        // The order of headers has no meaning, except that the status line is the first.
        self.head[1..].sort();
        true
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.offers_deflate {
            f.write_str("offers permessage-deflate, ")?;
        }
        if self.early {
            f.write_str("the first chunk with the handshake, ")?;
        }
        for chunk in &self.chunks {
            write!(f, "[{}] ", hex(chunk))?;
        }
        write!(f, "{:?}", self.ending)
    }
}

impl Seen {
    /// Writes the answers without the first frames.
    pub fn fmt_from(&self, first: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  {}", self.head.join(", "))?;
        for frame in &self.frames[first..] {
            match frame.close() {
                Some((code, reason)) => writeln!(f, "  Close {code} {reason:?}")?,
                None => writeln!(f, "  {:02x} [{}]", frame.first, hex(&frame.payload))?,
            }
        }
        writeln!(f, "  [{}] of another frame, and {:?}", hex(&self.cut), self.end)
    }
}

/// Returns a header with all parts in lower case whose case has no meaning.
fn without_case(line: &str) -> String {
    match line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value)) {
        Some((name, value)) if name == "connection" => format!("{name}: {}", value.to_lowercase()),
        Some((name, value)) => format!("{name}: {value}"),
        None => line.to_owned(),
    }
}

/// Returns bytes in hexadecimal, without the middle of long ones.
fn hex(bytes: &[u8]) -> String {
    let list = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ");
    match bytes.len() {
        0..=200 => list(bytes),
        len => format!("{} ... {} bytes in all", list(&bytes[..40]), len),
    }
}
