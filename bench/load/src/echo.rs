//! Echo load on many connections. Each keeps a fixed number of messages in flight, and sends the next one as soon as an echo is
//! complete.

use std::{
    io::{ErrorKind, Read, Write},
    rc::Rc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use hdrhistogram::Histogram;
use mio::{Events, Interest, Poll, Token, net::TcpStream};
use serde_json::{Value, json};

use crate::{
    check::{Bytes, Check, Deflated, Messages},
    connect::{self, Target, open},
    deflate, frame,
    measure::{Reading, report},
    pattern::{Pattern, after},
    payload::{self, Random},
    sender::Sender,
};

/// Time without any echo after which the measurement fails.
const PATIENCE: Duration = Duration::from_secs(30);

/// Limit of the message size in bytes up to which consecutive messages of a connection differ, so that a stale echo is detected.
/// Larger messages would only evict each other from the cache.
const VARIED: u64 = 4 << 10;

const BUFFER: usize = 256 << 10;

/// Significant decimal digits of a recorded latency: it is off by at most a thousandth.
const DIGITS: u8 = 3;

/// Content of the messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Kind {
    Binary,
    Text,
    /// JSON text, compressed with permessage-deflate.
    Deflate,
}

/// Parameters of a run.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) target: Target,
    pub(crate) kind: Kind,
    pub(crate) connections: usize,
    pub(crate) bytes: u64,
    pub(crate) in_flight: usize,
    /// Time before the measurement starts.
    pub(crate) warm_up: Duration,
    pub(crate) duration: Duration,
    /// Number of messages after which the run ends early.
    pub(crate) count: u64,
    /// Process id of the server.
    pub(crate) pid: u32,
}

/// Runs the load. Returns the report as JSON.
pub(crate) fn run(plan: &Plan) -> Result<Value> {
    let offer = if plan.kind == Kind::Deflate { deflate::OFFER } else { "" };
    let mut poll = Poll::new()?;
    let mut connections = Vec::with_capacity(plan.connections);
    for index in 0..plan.connections {
        let opened = open(&plan.target, index, offer)?;
        if plan.kind == Kind::Deflate && !deflate::agreed(&opened.extensions) {
            return Ok(json!({ "refused": "permessage-deflate is not agreed to" }));
        }
        let mut connection = Connection::new(plan, index as u64, opened.stream.map(TcpStream::from_std));
        let interest = Interest::READABLE | Interest::WRITABLE;
        poll.registry().register(connection.stream.tcp_mut(), Token(index), interest)?;
        connections.push(connection);
    }
    let latency = Histogram::new(DIGITS)?;
    let mut load = Load { connections, latency, clock: Instant::now(), completed: 0 };
    load.start()?;
    load.run_for(&mut poll, plan.warm_up, u64::MAX)?;
    load.latency.reset();
    let before = Reading::take(load.completed, plan.pid)?;
    load.run_for(&mut poll, plan.duration, plan.count)?;
    let after = Reading::take(load.completed, plan.pid)?;
    let uncompressed = load.connections.iter().map(|connection| connection.check.uncompressed()).sum();
    Ok(report(&before, &after, &load.latency, uncompressed))
}

/// All connections, and the figures that they share.
struct Load {
    connections: Vec<Connection>,
    /// Nanoseconds from the time a message became due to the end of its echo, of all connections together.
    latency: Histogram<u64>,
    clock: Instant,
    completed: u64,
}

impl Load {
    fn now(&self) -> u64 {
        self.clock.elapsed().as_nanos() as u64
    }

    fn start(&mut self) -> Result<()> {
        let now = self.now();
        for connection in &mut self.connections {
            connection.since.fill(now);
            connection.sender.allow(connection.since.len());
            connection.sender.write(&mut connection.stream)?;
        }
        Ok(())
    }

    /// Runs for `duration`, or until `count` more messages came back.
    fn run_for(&mut self, poll: &mut Poll, duration: Duration, count: u64) -> Result<()> {
        let (end, count) = (self.clock.elapsed() + duration, self.completed.saturating_add(count));
        let mut events = Events::with_capacity(1024);
        let mut buffer = vec![0; BUFFER];
        while self.clock.elapsed() < end && self.completed < count {
            match poll.poll(&mut events, Some(PATIENCE)) {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                result => result?,
            }
            ensure!(!events.is_empty(), "no answer came within {} s", PATIENCE.as_secs());
            for event in &events {
                let index = event.token().0;
                self.serve(index, &mut buffer, event.is_read_closed())
                    .with_context(|| format!("connection {index}"))?;
            }
        }
        Ok(())
    }

    /// Reads all available bytes, and sends the messages that became due.
    fn serve(&mut self, index: usize, buffer: &mut [u8], to_the_end: bool) -> Result<()> {
        let connection = &mut self.connections[index];
        loop {
            let length = match connection.stream.read(buffer) {
                Ok(0) => bail!("the server closed"),
                Ok(length) => length,
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(error.into()),
            };
            let messages = connection.check.feed(&buffer[..length])?;
            if messages > 0 {
                let now = self.clock.elapsed().as_nanos() as u64;
                for _ in 0..messages {
                    self.latency.record(connection.turn(now))?;
                }
                self.completed += messages;
                connection.sender.allow(messages as usize);
                connection.sender.write(&mut connection.stream)?;
            }
            // An empty socket announces later bytes, unless the peer has half-closed.
            if connection.stream.is_emptied(length, buffer.len()) && !to_the_end {
                break;
            }
        }
        connection.sender.write(&mut connection.stream)?;
        connection.flush()
    }
}

struct Connection {
    stream: connect::Connection<TcpStream>,
    check: Box<dyn Check>,
    sender: Sender,
    /// Ring of the times at which the messages in flight became due, in nanoseconds of the load's clock.
    since: Vec<u64>,
    oldest: usize,
}

impl Connection {
    fn new(plan: &Plan, index: u64, stream: connect::Connection<TcpStream>) -> Self {
        let variety = if plan.bytes <= VARIED { plan.in_flight as u64 + 1 } else { 1 };
        let make = match plan.kind {
            Kind::Binary => payload::binary,
            Kind::Text => payload::text,
            Kind::Deflate => payload::json,
        };
        let payload = |number: u64| Pattern::payload(plan.bytes, |length| make(length, index << 16 | number));
        let payloads: Vec<Pattern> = (0..variety).map(payload).collect();
        let opcode = if plan.kind == Kind::Binary { frame::BINARY } else { frame::TEXT };
        let compressed = plan.kind == Kind::Deflate;
        let sent = if compressed { payloads.iter().map(deflated).collect() } else { payloads.clone() };

        let mut random = Random::new(index);
        let mut frame = |payload: &Pattern| {
            let key = (random.next() as u32).to_ne_bytes();
            payload.masked(frame::head(opcode, compressed, payload.length(), key), key)
        };
        let frames: Vec<Pattern> = sent.iter().map(&mut frame).collect();
        let lengths: Vec<u64> = frames.iter().map(Pattern::length).collect();
        let frames = Rc::new(Pattern::concat(frames));
        let check: Box<dyn Check> = if plan.target.raw {
            Box::new(Bytes::new(Rc::clone(&frames), lengths[0]))
        } else if compressed {
            let bytes =
                |patterns: &[Pattern]| patterns.iter().map(|pattern| pattern.as_slice().to_vec()).collect();
            Box::new(Deflated::new(opcode, bytes(&payloads), bytes(&sent)))
        } else {
            Box::new(Messages::new(opcode, payloads))
        };
        let sender = Sender::new(frames, lengths);
        Self { stream, check, sender, since: vec![0; plan.in_flight], oldest: 0 }
    }

    /// Sends what TLS holds, as far as the socket takes it.
    fn flush(&mut self) -> Result<()> {
        match self.stream.flush() {
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(()),
            result => Ok(result?),
        }
    }

    /// Replaces the oldest message in flight, whose echo is complete, by a new one. Returns its latency in nanoseconds.
    fn turn(&mut self, now: u64) -> u64 {
        let since = std::mem::replace(&mut self.since[self.oldest], now);
        self.oldest = after(self.oldest, self.since.len());
        now - since
    }
}

fn deflated(text: &Pattern) -> Pattern {
    let bytes = deflate::deflate(text.as_slice(), 6);
    Pattern::payload(bytes.len() as u64, |_| bytes.clone())
}

#[cfg(test)]
mod tests {
    use std::net::{TcpListener, TcpStream as Peer};

    use bench_tls::Stream;

    use super::*;

    fn assert_near(value: u64, expected: u64, share: f64) {
        let error = value.abs_diff(expected) as f64;
        assert!(error <= expected as f64 * share, "{value} is not near {expected}");
    }

    #[test]
    fn percentiles_are_within_a_thousandth() {
        let mut latency = Histogram::<u64>::new(DIGITS).expect("valid digits");
        assert_eq!(latency.value_at_quantile(0.5), 0);
        for value in 1..=1000 {
            latency.record(value * 1000).expect("any value can be recorded");
        }
        for (quantile, expected) in [(0.001, 1_000), (0.5, 500_000), (0.99, 990_000), (1.0, 1_000_000)] {
            assert_near(latency.value_at_quantile(quantile), expected, 0.001);
        }
        latency.reset();
        assert_eq!((latency.len(), latency.value_at_quantile(0.5)), (0, 0));
    }

    #[test]
    fn percentiles_are_those_of_the_sorted_values_from_nanoseconds_to_minutes() {
        let mut random = Random::new(1);
        let mut values: Vec<u64> = (0..10_000).map(|_| random.next() >> (28 + random.next() % 32)).collect();
        let mut latency = Histogram::<u64>::new(DIGITS).expect("valid digits");
        values.iter().for_each(|&value| latency.record(value).expect("any value can be recorded"));
        values.sort_unstable();
        for rank in [1, 100, 2_500, 5_000, 9_900, 9_999, 10_000] {
            let value = latency.value_at_quantile(rank as f64 / 10_000.0);
            assert_near(value, values[rank - 1], 0.001);
        }
    }

    #[test]
    fn latencies_of_all_connections_are_counted_together() {
        const SECOND: u64 = 1_000_000_000;
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let address = listener.local_addr().expect("is bound");
        let plan = Plan {
            target: Target { address, path: String::new(), raw: true, tls: None },
            kind: Kind::Binary,
            connections: 2,
            bytes: 64,
            in_flight: 1,
            warm_up: Duration::ZERO,
            duration: Duration::ZERO,
            count: 1,
            pid: 0,
        };
        let clock = Instant::now().checked_sub(Duration::from_secs(10)).expect("the machine runs for longer");
        let latency = Histogram::new(DIGITS).expect("valid digits");
        let mut load = Load { connections: Vec::new(), latency, clock, completed: 0 };
        for (index, due) in [9 * SECOND, SECOND].into_iter().enumerate() {
            let stream = Peer::connect(address).expect("the port is open");
            let (mut peer, _) = listener.accept().expect("is connected");
            let stream = Stream::new(TcpStream::from_std(stream), None);
            let mut connection = Connection::new(&plan, index as u64, stream);
            connection.since.fill(due);
            connection.sender.allow(1);
            connection.sender.write(&mut connection.stream).expect("there is room");
            let mut message = vec![0; 256];
            let length = peer.read(&mut message).expect("the message comes");
            peer.write_all(&message[..length]).expect("there is room");
            load.connections.push(connection);
            // The socket blocks here, and the echo is short, so the first read returns all of it.
            load.serve(index, &mut vec![0; BUFFER], false).expect("the echo is the same");
        }
        assert_eq!((load.completed, load.latency.len()), (2, 2));
        // One percentile is the latency of each connection. The test itself takes far less than half a second.
        assert_near(load.latency.value_at_quantile(0.5), SECOND, 0.5);
        assert_near(load.latency.value_at_quantile(1.0), 9 * SECOND, 0.06);
    }
}
