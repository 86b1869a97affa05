//! What a client does, and what it sees of a server while it does it.

use std::{fmt, net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpStream, tcp::OwnedReadHalf},
    time::timeout,
};
use ws_echo_test_support::{
    frame::{Frame, frame},
    raw::{request, upgrade_lines},
};

/// Long enough for any answer; a script that takes this long has failed.
const PATIENCE: Duration = Duration::from_secs(10);

/// The payload of the ping that asks whether the server is still there.
pub const PROBE: &[u8] = b"the probe of the script";

/// A client's part in a connection.
#[derive(Clone, Default)]
pub struct Script {
    /// Whether permessage-deflate is offered.
    pub offers_deflate: bool,
    /// Whether the first chunk leaves together with the handshake.
    pub early: bool,
    /// What is sent, each in a write of its own.
    pub chunks: Vec<Vec<u8>>,
    pub ending: Ending,
}

/// What a client does when it has sent everything.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Ending {
    /// Ends its side at once.
    Fin,
    #[default]
    /// Stays connected until it has seen that the server does so too. For streams that end between two frames.
    Stay,
    /// Waits for the server to end the TCP connection (RFC 6455 section 7.1.1). For streams that make it close.
    Wait,
    /// Ends its side when the server's Close frame has come. For the same streams; saves the time that the server waits.
    Answer,
}

/// What came back.
#[derive(PartialEq, Eq)]
pub struct Seen {
    /// The status line and the headers of the response, sorted.
    pub head: Vec<String>,
    pub frames: Vec<Frame>,
    /// The beginning of a frame of which the rest did not come.
    pub cut: Vec<u8>,
    pub end: End,
}

/// How the TCP connection ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The server ended its side.
    Fin,
    /// The server reset it.
    Reset,
    /// It did not end.
    Open,
}

/// The ping whose pong shows that the server is still there.
pub fn probe() -> Vec<u8> {
    frame(0x89, PROBE)
}

impl Script {
    /// Plays the script on a connection of its own.
    pub async fn play(&self, address: SocketAddr) -> Seen {
        timeout(PATIENCE, self.play_patiently(address))
            .await
            .unwrap_or_else(|_| panic!("{address} does not answer to {self:?}"))
    }

    async fn play_patiently(&self, address: SocketAddr) -> Seen {
        let socket = TcpStream::connect(address).await.unwrap();
        // Each chunk in a segment of its own.
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
                // A server that has ended the connection takes no more; what it said before is what counts.
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
}

/// Takes apart what comes.
#[derive(Default)]
struct Receiver {
    head: Vec<String>,
    frames: Vec<Frame>,
    /// What is not taken apart yet.
    bytes: Vec<u8>,
}

impl Receiver {
    /// Receives until the connection ends, or until what `ending` waits for has come.
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
            let has_come = match (ending, self.frames.last()) {
                (Ending::Stay, Some(last)) => last.first == 0x8a && last.payload == PROBE,
                (Ending::Answer, Some(last)) => last.first == 0x88,
                _ => false,
            };
            if has_come {
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
        // The order of headers has no meaning; the status line stays the first.
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
    /// Tells what was seen, but for the first frames.
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

/// A header with those parts in lower case whose case has no meaning.
fn without_case(line: &str) -> String {
    match line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value)) {
        Some((name, value)) if name == "connection" => format!("{name}: {}", value.to_lowercase()),
        Some((name, value)) => format!("{name}: {value}"),
        None => line.to_owned(),
    }
}

/// Bytes as a reader can type them again, but for the middle of long ones.
fn hex(bytes: &[u8]) -> String {
    let list = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ");
    match bytes.len() {
        0..=200 => list(bytes),
        len => format!("{} ... {} bytes in all", list(&bytes[..40]), len),
    }
}
