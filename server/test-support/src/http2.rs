//! Client of HTTP/2 (RFC 9113) that sends exactly the frames it is given, also such as no well-behaved client sends.
//!
//! The bytes of the server are kept by stream, until the test asks for them. The client acknowledges SETTINGS and PING by itself, and
//! sends no more DATA than the server's windows allow, unless a test writes frames of its own.

use std::{collections::BTreeMap, io, net::SocketAddr, time::Duration};

use h2::Reason;
use loona_hpack::Decoder;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadHalf, WriteHalf},
    net::TcpStream,
    time::timeout,
};

use crate::{frame::Frame, tls_client::Identity};

/// The first bytes of a client (section 3.4).
pub const PREFACE: &[u8; 24] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Types of frames (section 6).
pub mod kind {
    pub const DATA: u8 = 0;
    pub const HEADERS: u8 = 1;
    pub const PRIORITY: u8 = 2;
    pub const RST_STREAM: u8 = 3;
    pub const SETTINGS: u8 = 4;
    pub const PUSH_PROMISE: u8 = 5;
    pub const PING: u8 = 6;
    pub const GOAWAY: u8 = 7;
    pub const WINDOW_UPDATE: u8 = 8;
    pub const CONTINUATION: u8 = 9;
}

/// Flags of frames (section 6).
pub mod flag {
    pub const NONE: u8 = 0;
    pub const ACK: u8 = 0x1;
    pub const END_STREAM: u8 = 0x1;
    pub const END_HEADERS: u8 = 0x4;
    pub const PADDED: u8 = 0x8;
    pub const PRIORITY: u8 = 0x20;
}

/// Identifiers of settings (section 6.5.2, and RFC 8441 section 3).
pub mod setting {
    pub const HEADER_TABLE_SIZE: u16 = 1;
    pub const ENABLE_PUSH: u16 = 2;
    pub const MAX_CONCURRENT_STREAMS: u16 = 3;
    pub const INITIAL_WINDOW_SIZE: u16 = 4;
    pub const MAX_FRAME_SIZE: u16 = 5;
    pub const MAX_HEADER_LIST_SIZE: u16 = 6;
    pub const ENABLE_CONNECT_PROTOCOL: u16 = 8;
}

/// Window of a stream and of a connection before SETTINGS and WINDOW_UPDATE (section 6.9.2), in bytes.
pub const DEFAULT_WINDOW: u32 = 65_535;

/// The largest window (section 6.9.1), in bytes.
pub const LARGEST_WINDOW: u32 = (1 << 31) - 1;

/// The largest payload of a frame that a peer must accept (section 4.2), in bytes.
pub const FRAME_SIZE: usize = 16_384;

/// Limit of the wait for an answer. A test that waits this long has failed.
const PATIENCE: Duration = Duration::from_secs(10);

/// The most bytes of a read.
const PIECE: usize = 64 * 1024;

/// Length of the header of a frame (section 4.1), in bytes.
const HEADER: usize = 9;

/// A stream over TCP, or over TLS on it.
trait Socket: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Socket for S {}

/// A frame, legal or not. A payload of 16 MiB or more does not fit.
pub fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    announced(payload.len(), kind, flags, stream, payload)
}

/// A frame whose header announces a payload of `len` bytes.
pub fn announced(len: usize, kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let [_, len @ ..] = u32::try_from(len).unwrap().to_be_bytes();
    [&len[..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// A SETTINGS frame (section 6.5).
pub fn settings(values: &[(u16, u32)]) -> Vec<u8> {
    let payload: Vec<u8> = values
        .iter()
        .flat_map(|(id, value)| [&id.to_be_bytes()[..], &value.to_be_bytes()].concat())
        .collect();
    frame(kind::SETTINGS, flag::NONE, 0, &payload)
}

/// A WINDOW_UPDATE frame (section 6.9).
pub fn window_update(stream: u32, increment: u32) -> Vec<u8> {
    frame(kind::WINDOW_UPDATE, flag::NONE, stream, &increment.to_be_bytes())
}

/// A RST_STREAM frame (section 6.4).
pub fn rst_stream(stream: u32, reason: Reason) -> Vec<u8> {
    frame(kind::RST_STREAM, flag::NONE, stream, &u32::from(reason).to_be_bytes())
}

/// Header fields as literals that enter no table (RFC 7541 section 6.2.2), in their order.
pub fn field_block(fields: &[(&str, &str)]) -> Vec<u8> {
    let mut block = Vec::new();
    for (name, value) in fields {
        block.push(0);
        for text in [name, value] {
            push_length(&mut block, text.len());
            block.extend(text.as_bytes());
        }
    }
    block
}

/// An integer with a prefix of 7 bits (RFC 7541 section 5.1).
fn push_length(block: &mut Vec<u8>, len: usize) {
    let Some(mut rest) = len.checked_sub(0x7f) else {
        block.push(len as u8);
        return;
    };
    block.push(0x7f);
    while rest >= 0x80 {
        block.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    block.push(rest as u8);
}

/// The pseudo-header fields of a request without a body (section 8.3.1).
pub fn request<'a>(method: &'a str, path: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![(":method", method), (":scheme", "http"), (":authority", "test"), (":path", path)]
}

/// The fields of an extended CONNECT for a WebSocket (RFC 8441 section 5).
pub fn websocket(path: &str) -> Vec<(&str, &str)> {
    let mut fields = request("CONNECT", path);
    fields.extend([(":protocol", "websocket"), ("sec-websocket-version", "13")]);
    fields
}

/// The head of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub status: u16,
    /// The fields without `:status`, in their order.
    pub fields: Vec<(String, String)>,
}

impl Head {
    fn parse(mut fields: Vec<(String, String)>) -> Self {
        assert_eq!(fields[0].0, ":status", "{fields:?}");
        let (_, status) = fields.remove(0);
        Self { status: status.parse().unwrap(), fields }
    }

    /// The value of a field, if it is there once.
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut values = self.fields.iter().filter(|field| field.0 == name);
        let value = values.next().map(|field| field.1.as_str());
        value.filter(|_| values.next().is_none())
    }
}

/// An answer to a request of HTTP.
#[derive(Debug)]
pub struct Answer {
    pub head: Head,
    pub body: Vec<u8>,
}

/// A GOAWAY frame (section 6.8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GoAway {
    pub last_stream: u32,
    pub reason: Reason,
}

/// The server's side of a stream.
#[derive(Debug, Default)]
pub struct Stream {
    pub head: Option<Head>,
    /// Payloads of DATA that the test has not taken.
    pub bytes: Vec<u8>,
    /// True if END_STREAM has come.
    pub is_ended: bool,
    pub reset: Option<Reason>,
    /// The increments of its WINDOW_UPDATE frames, together.
    pub granted: u64,
    /// The number of DATA bytes sent.
    sent: u64,
}

impl Stream {
    /// True if nothing more can come.
    pub const fn is_over(&self) -> bool {
        self.is_ended || self.reset.is_some()
    }
}

/// A connection.
pub struct Http2 {
    read: ReadHalf<Box<dyn Socket>>,
    write: WriteHalf<Box<dyn Socket>>,
    input: Vec<u8>,
    /// Acknowledgements that are to be written.
    output: Vec<u8>,
    decoder: Decoder<'static>,
    next_stream: u32,
    /// False if SETTINGS and PING are left without an acknowledgement.
    pub acknowledges: bool,
    /// Settings of the server.
    pub settings: BTreeMap<u16, u32>,
    /// The number of acknowledged SETTINGS frames of this client.
    pub settings_acknowledged: usize,
    /// Payloads of the acknowledged PING frames of this client.
    pub pongs: Vec<Vec<u8>>,
    pub streams: BTreeMap<u32, Stream>,
    pub goaway: Option<GoAway>,
    /// True if the server has ended the connection, by a FIN or a reset.
    pub is_over: bool,
    /// The server's WINDOW_UPDATE of the connection, and the number of DATA bytes sent.
    granted: u64,
    sent: u64,
}

impl Http2 {
    /// Connects with prior knowledge (section 3.3), and waits for the settings of the server.
    pub async fn connect(address: SocketAddr) -> Self {
        Self::connect_with(address, &[(setting::INITIAL_WINDOW_SIZE, LARGEST_WINDOW)]).await
    }

    /// Connects with these settings. The window of the connection is the largest one.
    pub async fn connect_with(address: SocketAddr, values: &[(u16, u32)]) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self::on(stream, values).await
    }

    /// Connects over TLS by ALPN (section 3.2).
    pub async fn connect_tls(address: SocketAddr, identity: &Identity) -> Self {
        let stream = identity.offering(address, &["h2"]).await.unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
        Self::on(stream, &[(setting::INITIAL_WINDOW_SIZE, LARGEST_WINDOW)]).await
    }

    /// Begins on a stream with these settings, and waits for the settings of the server.
    pub async fn on<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
        stream: S,
        values: &[(u16, u32)],
    ) -> Self {
        let mut client = Self::bare(stream);
        let window = window_update(0, LARGEST_WINDOW - DEFAULT_WINDOW);
        client.write(&[&PREFACE[..], &settings(values), &window].concat()).await;
        client.until("the server's SETTINGS and its acknowledgement", Self::has_settings).await;
        // The windows of its settings count from then on.
        client.acknowledge_all().await;
        client
    }

    /// Connects, and sends nothing yet.
    pub async fn connect_bare(address: SocketAddr) -> Self {
        Self::bare(TcpStream::connect(address).await.unwrap())
    }

    fn bare<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(stream: S) -> Self {
        let stream: Box<dyn Socket> = Box::new(stream);
        let (read, write) = tokio::io::split(stream);
        Self {
            read,
            write,
            input: Vec::new(),
            output: Vec::new(),
            decoder: Decoder::new(),
            next_stream: 1,
            acknowledges: true,
            settings: BTreeMap::new(),
            settings_acknowledged: 0,
            pongs: Vec::new(),
            streams: BTreeMap::new(),
            goaway: None,
            is_over: false,
            granted: DEFAULT_WINDOW.into(),
            sent: 0,
        }
    }

    fn has_settings(&mut self) -> bool {
        !self.settings.is_empty() && self.settings_acknowledged > 0
    }

    /// The identifier of the next stream that a request will open.
    pub const fn next_stream(&self) -> u32 {
        self.next_stream
    }

    /// Takes the identifier of a stream for which a test writes the frames.
    pub const fn take_stream(&mut self) -> u32 {
        let stream = self.next_stream;
        self.next_stream += 2;
        stream
    }

    /// Sends a request on a stream of its own. Returns the stream's identifier.
    pub async fn request(&mut self, fields: &[(&str, &str)], flags: u8) -> u32 {
        let stream = self.take_stream();
        let bytes = frame(kind::HEADERS, flag::END_HEADERS | flags, stream, &field_block(fields));
        self.write(&bytes).await;
        stream
    }

    /// Sends a request without a body, and waits for the whole answer.
    pub async fn fetch(&mut self, fields: &[(&str, &str)]) -> Answer {
        let stream = self.request(fields, flag::END_STREAM).await;
        self.answer(stream).await
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.fetch(&request("GET", path)).await
    }

    /// Waits for the whole answer on a stream. RST_STREAM with NO_ERROR may follow it (section 8.1).
    pub async fn answer(&mut self, stream: u32) -> Answer {
        self.until("the end of an answer", |client| client.stream(stream).is_over()).await;
        let received = self.stream(stream);
        assert!(received.is_ended, "{received:?}");
        let body = std::mem::take(&mut received.bytes);
        Answer { head: received.head.clone().unwrap(), body }
    }

    /// Waits for the head of the answer on a stream.
    pub async fn head(&mut self, stream: u32) -> Head {
        let has_head = |client: &mut Self| {
            let stream = client.stream(stream);
            stream.head.is_some() || stream.is_over()
        };
        self.until("the head of an answer", has_head).await;
        let received = self.stream(stream);
        received.head.clone().unwrap_or_else(|| panic!("{received:?}"))
    }

    /// Opens a WebSocket at this path. Returns its stream.
    pub async fn open(&mut self, path: &str) -> u32 {
        let (stream, head) = self.open_with(path, &[]).await;
        assert_eq!(head.status, 200, "{head:?}");
        stream
    }

    /// Asks for a WebSocket at this path with further fields. Returns the stream, and the head of the answer.
    pub async fn open_with(&mut self, path: &str, fields: &[(&str, &str)]) -> (u32, Head) {
        let fields = [&websocket(path), fields].concat();
        let stream = self.request(&fields, flag::NONE).await;
        let head = self.head(stream).await;
        (stream, head)
    }

    /// Sends bytes in DATA frames, as the windows allow.
    ///
    /// # Panics
    /// If the stream ends before the server has granted the window for all of them.
    pub async fn send(&mut self, stream: u32, bytes: &[u8]) {
        assert!(self.try_send(stream, bytes).await, "{:?}, {:?}", self.streams.get(&stream), self.goaway);
    }

    /// Sends bytes in DATA frames, as the windows allow. False if the stream or the connection ends before all are sent.
    pub async fn try_send(&mut self, stream: u32, mut bytes: &[u8]) -> bool {
        while !bytes.is_empty() {
            let room = self.room(stream).min(FRAME_SIZE as u64) as usize;
            if room == 0 {
                self.until("a window", |client| {
                    client.is_over || client.stream(stream).reset.is_some() || client.room(stream) > 0
                })
                .await;
            }
            if self.is_over || self.stream(stream).reset.is_some() {
                return false;
            }
            let (piece, rest) = bytes.split_at(bytes.len().min(room));
            if !piece.is_empty() {
                self.data(stream, flag::NONE, piece).await;
            }
            bytes = rest;
        }
        true
    }

    /// Sends one DATA frame, whatever the windows are. They may not be used on the same stream again if they are exceeded.
    pub async fn data(&mut self, stream: u32, flags: u8, payload: &[u8]) {
        self.sent += payload.len() as u64;
        self.stream(stream).sent += payload.len() as u64;
        self.write(&frame(kind::DATA, flags, stream, payload)).await;
    }

    /// Sends bytes in DATA frames of at most `size` bytes, all in one write, whatever the windows are.
    pub async fn pieces(&mut self, stream: u32, bytes: &[u8], size: usize) {
        let frames = bytes.chunks(size).flat_map(|piece| frame(kind::DATA, flag::NONE, stream, piece));
        let frames: Vec<_> = frames.collect();
        self.sent += bytes.len() as u64;
        self.stream(stream).sent += bytes.len() as u64;
        self.write(&frames).await;
    }

    /// Ends the client's side of a stream.
    pub async fn end(&mut self, stream: u32) {
        self.data(stream, flag::END_STREAM, b"").await;
    }

    /// The number of bytes that the server accepts on this stream now.
    pub fn room(&mut self, stream: u32) -> u64 {
        let initial = self.settings.get(&setting::INITIAL_WINDOW_SIZE).copied().unwrap_or(DEFAULT_WINDOW);
        let of_connection = self.granted.saturating_sub(self.sent);
        let stream = self.stream(stream);
        of_connection.min((u64::from(initial) + stream.granted).saturating_sub(stream.sent))
    }

    /// Returns the part of a stream that has come.
    pub fn stream(&mut self, stream: u32) -> &mut Stream {
        self.streams.entry(stream).or_default()
    }

    /// Next frame of the WebSocket on a stream. None if its side of the server has ended.
    pub async fn frame(&mut self, stream: u32) -> Option<Frame> {
        let mut next = None;
        self.until("a frame of a WebSocket", |client| {
            let stream = client.stream(stream);
            if let Some((frame, len)) = Frame::parse(&stream.bytes) {
                stream.bytes.drain(..len);
                next = Some(frame);
            }
            next.is_some() || stream.is_over()
        })
        .await;
        assert!(next.is_some() || self.stream(stream).bytes.is_empty(), "the stream ended within a frame");
        next
    }

    /// Waits until a stream is reset. Returns the reason.
    pub async fn reset(&mut self, stream: u32) -> Reason {
        self.until("RST_STREAM", |client| client.stream(stream).reset.is_some()).await;
        self.stream(stream).reset.unwrap()
    }

    /// Waits for GOAWAY.
    pub async fn goaway(&mut self) -> GoAway {
        self.until("GOAWAY", |client| client.goaway.is_some()).await;
        self.goaway.unwrap()
    }

    /// Waits for the end of the connection.
    pub async fn ended(&mut self) {
        self.until("the end of the connection", |client| client.is_over).await;
    }

    /// Waits until the server has processed all frames before.
    pub async fn round_trip(&mut self) {
        let payload = (self.pongs.len() as u64).to_be_bytes();
        self.write(&frame(kind::PING, flag::NONE, 0, &payload)).await;
        let answered = |client: &mut Self| client.pongs.iter().any(|pong| *pong == payload);
        self.until("the acknowledgement of a PING", answered).await;
    }

    /// Writes bytes, be they frames or not. The end of the connection is no error.
    pub async fn write(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while !rest.is_empty() && !self.is_over {
            // The server may wait for this client to read before it reads on.
            let mut piece = vec![0; PIECE];
            tokio::select! {
                written = self.write.write(rest) => match written {
                    Ok(len) => rest = &rest[len..],
                    Err(_) => self.read_to_end().await,
                },
                read = self.read.read(&mut piece) => self.take(&read, &piece),
            }
        }
        if !self.is_over && self.write.flush().await.is_err() {
            self.read_to_end().await;
        }
    }

    /// Reads what the server has sent before its end.
    async fn read_to_end(&mut self) {
        while !self.is_over {
            self.read_more().await;
        }
    }

    async fn read_more(&mut self) {
        let mut piece = vec![0; PIECE];
        let read = self.read.read(&mut piece).await;
        self.take(&read, &piece);
    }

    fn take(&mut self, read: &io::Result<usize>, piece: &[u8]) {
        match read {
            Ok(0) | Err(_) => self.is_over = true,
            Ok(len) => self.input.extend(&piece[..*len]),
        }
    }

    /// Writes what `next` gives, again and again, until the server says goodbye. Returns its reason, or `None` if the connection
    /// ended without.
    ///
    /// # Panics
    /// If that takes too long.
    pub async fn flood(&mut self, mut next: impl FnMut(&mut Self) -> Vec<u8>) -> Option<Reason> {
        let flood = async {
            while self.goaway.is_none() && !self.is_over {
                let bytes = next(self);
                self.write(&bytes).await;
                self.process_received();
            }
        };
        timeout(PATIENCE, flood).await.expect("an end of the flood");
        self.goaway.map(|goaway| goaway.reason)
    }

    /// Writes bytes without reading meanwhile.
    pub async fn write_only(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write.write_all(bytes).await?;
        self.write.flush().await
    }

    /// Processes what the server sends until `is_done`.
    ///
    /// # Panics
    /// If that takes too long, or the connection ends before it.
    pub async fn until(&mut self, what: &str, mut is_done: impl FnMut(&mut Self) -> bool) {
        let all = async {
            loop {
                self.process_received();
                if is_done(self) {
                    break true;
                }
                if self.is_over {
                    break false;
                }
                self.progress().await;
            }
        };
        let done = timeout(PATIENCE, all).await;
        assert_eq!(done, Ok(true), "{what}: {:?}, over: {}, {:?}", self.goaway, self.is_over, self.streams);
    }

    /// Writes the acknowledgements, and reads once.
    async fn progress(&mut self) {
        if self.output.is_empty() {
            self.read_more().await;
        } else {
            self.acknowledge_all().await;
        }
    }

    async fn acknowledge_all(&mut self) {
        let output = std::mem::take(&mut self.output);
        self.write(&output).await;
    }

    /// Processes the frames that have come.
    pub fn process_received(&mut self) {
        let mut at = 0;
        let input = std::mem::take(&mut self.input);
        while let Some((header, rest)) = input[at..].split_first_chunk::<HEADER>() {
            let [a, b, c, kind, flags, stream @ ..] = *header;
            let len = u32::from_be_bytes([0, a, b, c]) as usize;
            let Some(payload) = rest.get(..len) else { break };
            assert!(len <= FRAME_SIZE, "a frame of {len} bytes");
            self.receive(kind, flags, u32::from_be_bytes(stream), payload);
            at += HEADER + len;
        }
        self.input = input;
        self.input.drain(..at);
    }

    fn receive(&mut self, kind: u8, flags: u8, stream: u32, payload: &[u8]) {
        let number = |bytes: &[u8]| u32::from_be_bytes(bytes.try_into().unwrap());
        match (kind, payload) {
            (kind::DATA, data) => {
                assert_eq!(flags & flag::PADDED, 0, "padding is not expected");
                let stream = self.stream(stream);
                assert!(!stream.is_over(), "DATA behind the end");
                stream.bytes.extend(data);
                stream.is_ended |= flags & flag::END_STREAM != 0;
            }
            (kind::HEADERS, block) => {
                let others = flag::PADDED | flag::PRIORITY;
                assert_eq!(
                    flags & (others | flag::END_HEADERS),
                    flag::END_HEADERS,
                    "one simple HEADERS frame"
                );
                let text = |bytes| String::from_utf8(bytes).unwrap();
                let fields = self.decoder.decode(block).unwrap();
                let fields = fields.into_iter().map(|(name, value)| (text(name), text(value))).collect();
                let stream = self.stream(stream);
                assert!(!stream.is_over() && stream.head.is_none(), "HEADERS behind the end");
                stream.head = Some(Head::parse(fields));
                stream.is_ended |= flags & flag::END_STREAM != 0;
            }
            (kind::RST_STREAM, reason) => self.stream(stream).reset = Some(number(reason).into()),
            (kind::SETTINGS, _) if flags & flag::ACK != 0 => self.settings_acknowledged += 1,
            (kind::SETTINGS, values) => {
                for value in values.chunks(6) {
                    self.settings.insert(u16::from_be_bytes([value[0], value[1]]), number(&value[2..]));
                }
                self.acknowledge(kind::SETTINGS, b"");
            }
            (kind::PING, payload) if flags & flag::ACK != 0 => self.pongs.push(payload.to_vec()),
            (kind::PING, payload) => self.acknowledge(kind::PING, payload),
            (kind::GOAWAY, [stream @ .., _, _, _, _]) if stream.len() == 4 => {
                let reason = number(&payload[4..]).into();
                self.goaway = Some(GoAway { last_stream: number(stream), reason });
            }
            (kind::GOAWAY, _) => {
                // Debug data follows.
                let (last_stream, reason) = (number(&payload[..4]), number(&payload[4..8]).into());
                self.goaway = Some(GoAway { last_stream, reason });
            }
            (kind::WINDOW_UPDATE, increment) if stream == 0 => self.granted += u64::from(number(increment)),
            (kind::WINDOW_UPDATE, increment) => self.stream(stream).granted += u64::from(number(increment)),
            _ => panic!("a frame of type {kind} is not expected"),
        }
    }

    fn acknowledge(&mut self, kind: u8, payload: &[u8]) {
        if self.acknowledges {
            self.output.extend(frame(kind, flag::ACK, 0, payload));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_have_the_layout_of_the_rfc() {
        assert_eq!(frame(kind::PING, flag::ACK, 0, b"12345678"), *b"\0\0\x08\x06\x01\0\0\0\x0012345678");
        assert_eq!(window_update(3, 0x1234), *b"\0\0\x04\x08\0\0\0\0\x03\0\0\x12\x34");
        assert_eq!(
            settings(&[(setting::MAX_FRAME_SIZE, 16_384)]),
            *b"\0\0\x06\x04\0\0\0\0\0\0\x05\0\0\x40\0"
        );
        assert_eq!(announced(0x01_0203, kind::DATA, flag::NONE, 1, b""), *b"\x01\x02\x03\0\0\0\0\0\x01");
    }

    /// RFC 7541 section C.2.1, but for the first byte: the field enters no table. Lengths as in section C.1.2.
    #[test]
    fn fields_are_literals() {
        assert_eq!(field_block(&[("custom-key", "custom-header")]), *b"\0\x0acustom-key\x0dcustom-header");
        let long = "x".repeat(127 + 1337 - 31);
        let block = field_block(&[("a", &long)]);
        assert_eq!(block[..6], [0, 1, b'a', 0x7f, 0x9a, 0x0a]);
        let decoded = Decoder::new().decode(&block).unwrap();
        assert_eq!(decoded, [(b"a".to_vec(), long.into_bytes())]);
    }
}
