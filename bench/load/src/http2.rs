//! Echo load on WebSockets over HTTP/2 (RFC 8441): streams of some connections, each with a fixed number of messages in flight.
//!
//! Frames are written and read here, without a library, so that the load is not the bottleneck.

use std::{
    collections::VecDeque,
    io::{ErrorKind, Read, Write},
    rc::Rc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use hdrhistogram::Histogram;
use mio::{Events, Interest, Poll, Token, net::TcpStream};
use serde_json::Value;

use crate::{
    check::{Bytes, Check, Messages},
    connect::{self, Target, dial},
    frame,
    measure::{Reading, report},
    pattern::{Pattern, after},
    payload::{self, Random},
};

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Time without any echo after which the measurement fails.
const PATIENCE: Duration = Duration::from_secs(30);

/// The window of a stream and of a connection, in bytes: the server is not to wait for the load.
const WINDOW: u32 = 1 << 30;

/// Received bytes after which the window of a connection or a stream is opened again.
const OPENED: u32 = 1 << 28;

/// Payload of a DATA frame, in bytes: the largest that every peer takes (RFC 9113 section 6.5.2).
const MAX_FRAME: usize = 16 << 10;

/// Limit of bytes that wait for the socket, after which no further frames are made.
const OUT: usize = 256 << 10;

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const WINDOW_UPDATE: u8 = 8;
const ACK: u8 = 1;

/// Parameters of a run.
#[derive(Debug)]
pub(crate) struct Plan {
    /// A raw server echoes the bytes of DATA frames, without WebSocket.
    pub(crate) target: Target,
    pub(crate) connections: usize,
    /// Streams on each connection.
    pub(crate) streams: usize,
    pub(crate) bytes: u64,
    pub(crate) in_flight: usize,
    /// Time before the measurement starts.
    pub(crate) warm_up: Duration,
    pub(crate) duration: Duration,
    /// Process id of the server.
    pub(crate) pid: u32,
}

/// Runs the load. Returns the report as JSON.
pub(crate) fn run(plan: &Plan) -> Result<Value> {
    let mut load = Load::open(plan)?;
    load.run_for(plan.warm_up)?;
    load.latency.reset();
    let before = Reading::take(load.completed, plan.pid)?;
    load.run_for(plan.duration)?;
    let after = Reading::take(load.completed, plan.pid)?;
    Ok(report(&before, &after, &load.latency, 0))
}

/// All connections, and the figures that they share.
struct Load {
    poll: Poll,
    connections: Vec<Connection>,
    /// Nanoseconds from the time a message became due to the end of its echo.
    latency: Histogram<u64>,
    clock: Instant,
    completed: u64,
}

struct Connection {
    socket: connect::Connection<TcpStream>,
    streams: Vec<Stream>,
    /// The streams that have something to send.
    due: VecDeque<usize>,
    received: Vec<u8>,
    out: Vec<u8>,
    sent: usize,
    /// The server's window of the connection, and the first one of a stream.
    window: i64,
    stream_window: i64,
    unopened: u32,
}

struct Stream {
    check: Box<dyn Check>,
    /// The frames of the messages one behind the other, and their lengths.
    frames: Rc<Pattern>,
    lengths: Vec<u64>,
    next: usize,
    position: u64,
    /// Bytes that are due.
    due: u64,
    is_listed: bool,
    window: i64,
    unopened: u32,
    is_open: bool,
    /// Ring of the times at which the messages in flight became due, in nanoseconds of the load's clock.
    since: Vec<u64>,
    oldest: usize,
}

impl Load {
    /// Opens all streams, and makes their first messages due.
    fn open(plan: &Plan) -> Result<Self> {
        let mut load = Self {
            poll: Poll::new()?,
            connections: Vec::new(),
            latency: Histogram::new(3)?,
            clock: Instant::now(),
            completed: 0,
        };
        for index in 0..plan.connections {
            let mut connection = Connection::new(plan, index)?;
            load.poll.registry().register(
                connection.socket.tcp_mut(),
                Token(index),
                Interest::READABLE | Interest::WRITABLE,
            )?;
            load.connections.push(connection);
        }
        let began = Instant::now();
        let is_open = |load: &Self| {
            load.connections.iter().all(|each| each.streams.iter().all(|stream| stream.is_open))
        };
        while !is_open(&load) {
            ensure!(began.elapsed() < PATIENCE, "not all streams were opened");
            load.turn(Duration::from_millis(100))?;
        }
        let now = load.clock.elapsed().as_nanos() as u64;
        for connection in &mut load.connections {
            for index in 0..connection.streams.len() {
                let stream = &mut connection.streams[index];
                stream.since.fill(now);
                stream.allow(stream.since.len());
                connection.list(index);
            }
            connection.write()?;
        }
        Ok(load)
    }

    fn run_for(&mut self, duration: Duration) -> Result<()> {
        let end = self.clock.elapsed() + duration;
        while self.clock.elapsed() < end {
            ensure!(self.turn(PATIENCE)?, "no answer came within {} s", PATIENCE.as_secs());
        }
        Ok(())
    }

    /// Waits for events and serves them. False if none came.
    fn turn(&mut self, time: Duration) -> Result<bool> {
        let mut events = Events::with_capacity(1024);
        match self.poll.poll(&mut events, Some(time)) {
            Err(error) if error.kind() == ErrorKind::Interrupted => return Ok(true),
            result => result?,
        }
        for event in &events {
            let index = event.token().0;
            let Self { connections, latency, clock, completed, .. } = self;
            let done =
                connections[index].serve(latency, *clock).with_context(|| format!("connection {index}"))?;
            *completed += done;
        }
        Ok(!events.is_empty())
    }
}

impl Connection {
    fn new(plan: &Plan, index: usize) -> Result<Self> {
        let socket = dial(&plan.target, index)?;
        socket.tcp().set_nonblocking(true)?;
        let mut out = PREFACE.to_vec();
        // SETTINGS_INITIAL_WINDOW_SIZE.
        put(&mut out, SETTINGS, 0, 0, &[&[0, 4][..], &WINDOW.to_be_bytes()].concat());
        put(&mut out, WINDOW_UPDATE, 0, 0, &(WINDOW - 65_535).to_be_bytes());
        let head = connect_head(plan);
        let streams = (0..plan.streams).map(|number| {
            put(&mut out, HEADERS, 4, 2 * number as u32 + 1, &head);
            Stream::new(plan, (index * plan.streams + number) as u64)
        });
        let streams = streams.collect();
        Ok(Self {
            socket: socket.map(TcpStream::from_std),
            streams,
            due: VecDeque::new(),
            received: Vec::new(),
            out,
            sent: 0,
            window: 65_535,
            stream_window: 65_535,
            unopened: 0,
        })
    }

    /// Reads all available bytes, and sends the messages that became due. Returns the number of messages that came back.
    fn serve(&mut self, latency: &mut Histogram<u64>, clock: Instant) -> Result<u64> {
        let (mut completed, mut buffer) = (0, [0; 64 << 10]);
        loop {
            match self.socket.read(&mut buffer) {
                Ok(0) => bail!("the server closed"),
                Ok(length) => {
                    self.received.extend_from_slice(&buffer[..length]);
                    completed += self.take(latency, clock)?;
                    if self.socket.is_emptied(length, buffer.len()) {
                        break;
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(error.into()),
            }
        }
        self.write()?;
        Ok(completed)
    }

    /// Takes the complete frames that were received.
    fn take(&mut self, latency: &mut Histogram<u64>, clock: Instant) -> Result<u64> {
        let received = std::mem::take(&mut self.received);
        let (mut rest, mut completed) = (&received[..], 0);
        let now = clock.elapsed().as_nanos() as u64;
        while let Some((header, behind)) = rest.split_first_chunk::<9>() {
            let [a, b, c, kind, flags, id @ ..] = *header;
            let length = u32::from_be_bytes([0, a, b, c]) as usize;
            if behind.len() < length {
                break;
            }
            let payload;
            (payload, rest) = behind.split_at(length);
            completed += self.take_frame(kind, flags, u32::from_be_bytes(id), payload, latency, now)?;
        }
        self.received = rest.to_vec();
        Ok(completed)
    }

    fn take_frame(
        &mut self,
        kind: u8,
        flags: u8,
        id: u32,
        payload: &[u8],
        latency: &mut Histogram<u64>,
        now: u64,
    ) -> Result<u64> {
        let index = (id / 2) as usize;
        match kind {
            DATA => {
                let length = payload.len() as u32;
                let stream = self.streams.get_mut(index).context("DATA for no stream")?;
                let completed = stream.check.feed(payload)?;
                for _ in 0..completed {
                    let since = std::mem::replace(&mut stream.since[stream.oldest], now);
                    stream.oldest = after(stream.oldest, stream.since.len());
                    latency.record(now - since)?;
                }
                stream.allow(completed as usize);
                stream.unopened += length;
                self.unopened += length;
                if stream.unopened > OPENED {
                    put(
                        &mut self.out,
                        WINDOW_UPDATE,
                        0,
                        id,
                        &std::mem::take(&mut stream.unopened).to_be_bytes(),
                    );
                }
                if self.unopened > OPENED {
                    put(
                        &mut self.out,
                        WINDOW_UPDATE,
                        0,
                        0,
                        &std::mem::take(&mut self.unopened).to_be_bytes(),
                    );
                }
                self.list(index);
                return Ok(completed);
            }
            HEADERS => {
                // `:status: 200` is the entry 8 of the static table (RFC 7541 appendix A).
                ensure!(payload.first() == Some(&0x88), "the handshake was refused");
                self.streams.get_mut(index).context("HEADERS for no stream")?.is_open = true;
            }
            SETTINGS if flags & ACK == 0 => {
                for setting in payload.chunks_exact(6) {
                    if setting[..2] == [0, 4] {
                        let window =
                            i64::from(u32::from_be_bytes([setting[2], setting[3], setting[4], setting[5]]));
                        let change = window - std::mem::replace(&mut self.stream_window, window);
                        self.streams.iter_mut().for_each(|stream| stream.window += change);
                    }
                }
                put(&mut self.out, SETTINGS, ACK, 0, &[]);
            }
            PING if flags & ACK == 0 => put(&mut self.out, PING, ACK, 0, payload),
            WINDOW_UPDATE => {
                let more = i64::from(u32::from_be_bytes(payload.try_into().context("WINDOW_UPDATE")?));
                if id == 0 {
                    self.window += more;
                } else {
                    self.streams.get_mut(index).context("WINDOW_UPDATE for no stream")?.window += more;
                    self.list(index);
                }
            }
            RST_STREAM | GOAWAY => bail!("frame of type {kind}: {payload:?}"),
            _ => {}
        }
        Ok(0)
    }

    fn list(&mut self, index: usize) {
        let stream = &mut self.streams[index];
        if stream.due > 0 && stream.window > 0 && !stream.is_listed {
            stream.is_listed = true;
            self.due.push_back(index);
        }
    }

    /// Sends the frames that are due, as far as the windows and the socket have room.
    fn write(&mut self) -> Result<()> {
        loop {
            while self.window > 0 && self.out.len() < OUT {
                let Some(index) = self.due.pop_front() else { break };
                let stream = &mut self.streams[index];
                stream.is_listed = false;
                let bytes = stream.frames.at(stream.position);
                let limit = stream.due.min(stream.window as u64).min(self.window as u64).min(MAX_FRAME as u64)
                    as usize;
                let bytes = &bytes[..bytes.len().min(limit)];
                put(&mut self.out, DATA, 0, 2 * index as u32 + 1, bytes);
                let length = bytes.len() as u64;
                stream.position = (stream.position + length) % stream.frames.length();
                stream.due -= length;
                stream.window -= length as i64;
                self.window -= length as i64;
                self.list(index);
            }
            if self.out.is_empty() {
                // A TLS session keeps bytes that the socket did not take.
                return match self.socket.flush() {
                    Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(()),
                    result => Ok(result?),
                };
            }
            match self.socket.write(&self.out[self.sent..]) {
                Ok(length) => self.sent += length,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error.into()),
            }
            if self.sent == self.out.len() {
                self.out.clear();
                self.sent = 0;
            }
        }
    }
}

impl Stream {
    fn new(plan: &Plan, number: u64) -> Self {
        let variety = if plan.bytes <= 4096 { plan.in_flight as u64 + 1 } else { 1 };
        let payload =
            |index: u64| Pattern::payload(plan.bytes, |length| payload::binary(length, number << 16 | index));
        let payloads: Vec<Pattern> = (0..variety).map(payload).collect();
        let mut random = Random::new(number);
        let frames: Vec<Pattern> = payloads
            .iter()
            .map(|payload| {
                let key = (random.next() as u32).to_ne_bytes();
                payload.masked(frame::head(frame::BINARY, false, payload.length(), key), key)
            })
            .collect();
        let lengths: Vec<u64> = frames.iter().map(Pattern::length).collect();
        let frames = Rc::new(Pattern::concat(frames));
        let check: Box<dyn Check> = if plan.target.raw {
            Box::new(Bytes::new(Rc::clone(&frames), lengths[0]))
        } else {
            Box::new(Messages::new(frame::BINARY, payloads))
        };
        Self {
            check,
            frames,
            lengths,
            next: 0,
            position: 0,
            due: 0,
            is_listed: false,
            window: 65_535,
            unopened: 0,
            is_open: false,
            since: vec![0; plan.in_flight],
            oldest: 0,
        }
    }

    /// Makes so many more messages due.
    fn allow(&mut self, messages: usize) {
        for _ in 0..messages {
            self.due += self.lengths[self.next];
            self.next = after(self.next, self.lengths.len());
        }
    }
}

/// Adds a frame (RFC 9113 section 4.1).
fn put(out: &mut Vec<u8>, kind: u8, flags: u8, stream: u32, payload: &[u8]) {
    out.extend_from_slice(&(payload.len() as u32).to_be_bytes()[1..]);
    out.extend_from_slice(&[kind, flags]);
    out.extend_from_slice(&stream.to_be_bytes());
    out.extend_from_slice(payload);
}

/// Returns the header block of an extended CONNECT, as literals without indexing (RFC 7541 section 6.2.2).
fn connect_head(plan: &Plan) -> Vec<u8> {
    let text = |text: &str| [&[text.len() as u8][..], text.as_bytes()].concat();
    let authority = plan.target.address.to_string();
    [
        // The names of the static table are `:method`, `:path` and `:authority`; the entries 6 and 7 are `:scheme` with http and https.
        [vec![0x02], text("CONNECT")].concat(),
        vec![if plan.target.tls.is_some() { 0x87 } else { 0x86 }],
        [vec![0x04], text(&plan.target.path)].concat(),
        [vec![0x01], text(&authority)].concat(),
        [vec![0x00], text(":protocol"), text("websocket")].concat(),
        [vec![0x00], text("sec-websocket-version"), text("13")].concat(),
    ]
    .concat()
}
