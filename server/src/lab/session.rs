//! One connection of the lab: frames in both directions, the limits that no scenario can leave, and the end.

use std::{
    rc::Rc,
    time::{Duration, Instant as StdInstant},
};

use actix_web::{
    body::{BodySize, MessageBody},
    web::{self, Bytes},
};
use futures_util::StreamExt as _;
use serde::Serialize;
use serde_json::Value;
use tokio::{
    sync::mpsc,
    time::{Instant, sleep_until, timeout, timeout_at},
};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};
use ws_echo_engine::{
    CloseCause, Decoder, Message, ProtocolError, Received, Tally, close_frame, server_frame, server_header,
};
use ws_echo_shared::{CloseCode, limits::Limits};

use super::bridge_options::BridgeOptions;
use crate::{
    admission::{client::Client, connections::Permit},
    metrics::Reported,
    tap::{
        event::{Direction, Event},
        recorder::TapEnd,
    },
};

/// Longest message of a client, in bytes.
const MESSAGE: u64 = 16 * 1024 * 1024;

/// Memory of a connection beside its buffers, in bytes, as measured.
const MEMORY: usize = 24 * 1024;

/// Pieces of output that wait for the socket.
const PIECES: usize = 2;

/// Longest piece of output, in bytes. The memory of a connection that is not read is a few of them.
const PIECE: usize = 64 * 1024;

/// Silence of the client after which the socket is closed, if the client does not close its half after the server's half-close.
const SILENCE: Duration = Duration::from_millis(250);

/// Messages that are sent between two reports to the metrics.
const REPORTED: u64 = 256;

pub(crate) const TEXT: u8 = 0x81;
pub(crate) const BINARY: u8 = 0x82;
pub(crate) const PING: u8 = 0x89;
pub(crate) const PONG: u8 = 0x8a;
const CLOSE: u8 = 0x88;

/// The body of the answer: the bytes that the server sends.
pub(crate) struct Output(mpsc::Receiver<Bytes>);

impl MessageBody for Output {
    type Error = std::convert::Infallible;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(
        self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<Bytes, Self::Error>>> {
        self.get_mut().0.poll_recv(cx).map(|piece| piece.map(Ok))
    }
}

/// Reasons for which a scenario stops before its end.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The client sent a Close frame; its body is sent back as the answer (RFC 6455 section 5.5.1).
    PeerClosed(Option<CloseCode>, Vec<u8>),
    /// The client broke the protocol.
    Failed(ProtocolError),
    /// The TCP connection ended, or failed.
    Lost,
    /// The server shuts down.
    Shutdown,
    /// The connection has lived as long as a connection of the lab may.
    Lifetime,
    /// The memory for clients is used up.
    OutOfMemory,
    /// The scenario ends the TCP connection, without a Close frame.
    Abandoned,
}

/// Parts of a connection that a [`Session`] is made of.
pub(crate) struct Parts {
    pub(crate) payload: web::Payload,
    pub(crate) permit: Permit,
    pub(crate) client: Client,
    pub(crate) options: Rc<BridgeOptions>,
    pub(crate) tap: Option<TapEnd>,
    /// The handshake as it arrived, for the scenario that sends it.
    pub(crate) inspection: Option<Box<Value>>,
    /// Cancelled when the server shuts down.
    pub(crate) shutdown: CancellationToken,
    pub(crate) lifetime: Duration,
    pub(crate) limits: Limits,
    /// True if permessage-deflate was agreed on.
    pub(crate) deflate: bool,
}

/// A connection that a scenario speaks on.
pub(crate) struct Session {
    payload: web::Payload,
    decoder: Decoder,
    output: mpsc::Sender<Bytes>,
    permit: Permit,
    client: Client,
    options: Rc<BridgeOptions>,
    tap: Option<TapEnd>,
    inspection: Option<Box<Value>>,
    shutdown: CancellationToken,
    began: StdInstant,
    ends_at: Instant,
    received: Tally,
    sent: Tally,
    reported: Reported,
    /// Memory of the scenario, in bytes.
    extra: usize,
    /// The code of the server's Close frame, once it was sent first.
    close_sent: Option<CloseCode>,
    /// The code of the client's Close frame, if it came first and is not answered.
    close_received: Option<CloseCode>,
    message_limit: u64,
    /// True if the fragmented message that is being sent is text.
    sends_text: bool,
    /// Byte rate at which input is taken.
    read_rate: Option<u64>,
    read_again_at: Instant,
}

impl Session {
    /// Returns a session, and the body of the answer.
    pub(crate) fn new(parts: Parts) -> (Self, Output) {
        let (output, pieces) = mpsc::channel(PIECES);
        let limits = Limits { message_bytes: parts.limits.message_bytes.min(MESSAGE), ..parts.limits };
        let now = Instant::now();
        let mut session = Self {
            payload: parts.payload,
            decoder: Decoder::new(limits, parts.deflate),
            output,
            permit: parts.permit,
            client: parts.client,
            options: parts.options,
            tap: parts.tap,
            inspection: parts.inspection,
            shutdown: parts.shutdown,
            began: StdInstant::now(),
            ends_at: now + parts.lifetime,
            received: Tally::default(),
            sent: Tally::default(),
            reported: Reported::default(),
            extra: 0,
            close_sent: None,
            close_received: None,
            message_limit: limits.message_bytes,
            sends_text: false,
            read_rate: None,
            read_again_at: now,
        };
        // The number of connections has a limit of its own.
        let _ = session.permit.hold(MEMORY);
        (session, Output(pieces))
    }

    /// Puts text messages first into the output, so that they leave together with the head of the answer.
    pub(crate) fn send_early(&mut self, texts: &[String]) {
        let frames: Vec<u8> = texts.iter().flat_map(|text| server_frame(TEXT, text.as_bytes())).collect();
        if !frames.is_empty() {
            // The channel is empty.
            let _ = self.output.try_send(frames.into());
        }
        for text in texts {
            self.note_sent(TEXT, text.len());
        }
    }

    /// Returns the limit on a message of the client, in bytes.
    pub(crate) const fn message_limit(&self) -> u64 {
        self.message_limit
    }

    /// Limits the rate at which input is taken, in bytes a second.
    pub(crate) const fn limit_reading(&mut self, rate: u64) {
        self.read_rate = Some(rate);
    }

    /// Waits for a message or a control frame, and answers none. Returns none at `deadline`.
    ///
    /// # Errors
    /// The connection or its time has ended. A Close frame of the client is no error here.
    pub(crate) async fn receive(&mut self, deadline: Option<Instant>) -> Result<Option<Received>, Stop> {
        let deadline = deadline.unwrap_or(self.ends_at);
        loop {
            if let Some(received) = self.decoder.decode().map_err(Stop::Failed)? {
                self.note_received(&received);
                return Ok(Some(received));
            }
            self.decoder.shrink();
            self.account()?;
            self.report_traffic();
            let read_at = self.read_again_at;
            let piece = tokio::select! {
                biased;
                () = self.shutdown.cancelled() => return Err(Stop::Shutdown),
                () = sleep_until(self.ends_at) => return Err(Stop::Lifetime),
                piece = async {
                    if self.read_rate.is_some() {
                        sleep_until(read_at).await;
                    }
                    self.payload.next().await
                } => piece,
                () = sleep_until(deadline) => return Ok(None),
            };
            let Some(Ok(piece)) = piece else { return Err(Stop::Lost) };
            if let Some(rate) = self.read_rate {
                self.read_again_at = Instant::now() + time_of(piece.len(), rate);
            }
            self.decoder.push(&piece);
        }
    }

    fn note_received(&mut self, received: &Received) {
        if let Received::Message(message) = received {
            let count = self.received.of(message.is_text);
            count.messages += 1;
            count.bytes += message.payload.len() as u64;
        }
    }

    fn report_traffic(&mut self) {
        let Self { reported, permit, received, sent, .. } = self;
        reported.update_both(permit.metrics(), *received, *sent);
    }

    /// Waits for a message, and answers pings meanwhile. Returns none at `deadline`.
    ///
    /// # Errors
    /// The connection or its time has ended, also by a Close frame of the client.
    pub(crate) async fn message(&mut self, deadline: Option<Instant>) -> Result<Option<Message>, Stop> {
        loop {
            match self.receive(deadline).await? {
                None => return Ok(None),
                Some(Received::Message(message)) => return Ok(Some(message)),
                Some(Received::Ping(payload)) => self.send(PONG, payload).await?,
                Some(Received::Pong(_)) => {}
                Some(Received::Close(code, body)) => return Err(Stop::PeerClosed(code, body)),
            }
        }
    }

    /// Waits for a time, and answers pings meanwhile. Messages are dropped.
    ///
    /// # Errors
    /// As [`message`](Self::message).
    pub(crate) async fn wait_until(&mut self, time: Instant) -> Result<(), Stop> {
        while Instant::now() < time && self.message(Some(time)).await?.is_some() {}
        Ok(())
    }

    /// Echoes messages until the connection ends.
    ///
    /// # Errors
    /// The end of the connection: always.
    pub(crate) async fn echo(&mut self) -> Result<(), Stop> {
        loop {
            if let Some(message) = self.message(None).await? {
                self.send_message(message.is_text, message.payload).await?;
            }
        }
    }

    /// Sends a message in one frame.
    ///
    /// # Errors
    /// The connection or its time has ended.
    pub(crate) async fn send_message(
        &mut self,
        is_text: bool,
        payload: impl Into<Bytes>,
    ) -> Result<(), Stop> {
        self.send(if is_text { TEXT } else { BINARY }, payload).await
    }

    /// Sends JSON as a text message.
    ///
    /// # Errors
    /// The connection or its time has ended.
    pub(crate) async fn send_json(&mut self, value: &impl Serialize) -> Result<(), Stop> {
        let text = serde_json::to_string(value).unwrap_or_default();
        self.send(TEXT, text).await
    }

    /// Sends a frame. `first` is its first byte: FIN, the reserved bits and the opcode.
    ///
    /// # Errors
    /// The connection or its time has ended.
    pub(crate) async fn send(&mut self, first: u8, payload: impl Into<Bytes>) -> Result<(), Stop> {
        let payload = payload.into();
        let len = payload.len();
        if len > PIECE {
            // A long payload is not copied.
            self.send_bytes(server_header(first, len as u64).into()).await?;
            self.send_bytes(payload).await?;
        } else {
            self.send_bytes(server_frame(first, &payload).into()).await?;
        }
        self.note_sent(first, len);
        Ok(())
    }

    /// Counts a frame as sent.
    pub(crate) fn note_sent(&mut self, first: u8, len: usize) {
        let (is_fin, opcode) = (first & 0x80 != 0, first & 0x0f);
        if opcode <= 2 {
            if opcode > 0 {
                self.sends_text = opcode == 1;
            }
            let count = self.sent.of(self.sends_text);
            count.messages += u64::from(is_fin);
            count.bytes += len as u64;
            if self.sent.messages().is_multiple_of(REPORTED) {
                self.report_traffic();
            }
        }
    }

    /// Sends bytes, be they frames or not.
    ///
    /// # Errors
    /// The connection or its time has ended.
    pub(crate) async fn send_bytes(&mut self, mut bytes: Bytes) -> Result<(), Stop> {
        if bytes.len() > PIECE {
            let held = MEMORY + self.decoder.held() + self.extra;
            self.permit.hold(held + bytes.len()).map_err(|_| Stop::OutOfMemory)?;
        }
        while !bytes.is_empty() {
            let piece = bytes.split_to(bytes.len().min(PIECE));
            tokio::select! {
                biased;
                () = self.shutdown.cancelled() => return Err(Stop::Shutdown),
                () = sleep_until(self.ends_at) => return Err(Stop::Lifetime),
                sent = self.output.send(piece) => sent.map_err(|_| Stop::Lost)?,
            }
        }
        Ok(())
    }

    /// Sends a Close frame with this code, or with an empty body if there is none. The scenario may go on.
    ///
    /// # Errors
    /// The connection or its time has ended.
    pub(crate) async fn send_close(&mut self, code: Option<CloseCode>, reason: &str) -> Result<(), Stop> {
        let frame = code.map_or_else(|| server_frame(CLOSE, &[]), |code| close_frame(code, reason));
        self.send_bytes(frame.into()).await?;
        self.close_sent.get_or_insert(code.unwrap_or(CloseCode::NO_STATUS));
        Ok(())
    }

    /// Notes that a Close frame with this code is among the bytes that are sent next.
    pub(crate) fn note_close_sent(&mut self, code: CloseCode) {
        self.close_sent.get_or_insert(code);
    }

    /// Notes a Close frame of the client that stays without an answer.
    pub(crate) fn note_close_received(&mut self, code: Option<CloseCode>) {
        self.close_received.get_or_insert(code.unwrap_or(CloseCode::NO_STATUS));
    }

    /// Sends the inspection of the handshake.
    ///
    /// # Errors
    /// The connection or its time has ended.
    pub(crate) async fn send_inspection(&mut self) -> Result<(), Stop> {
        let inspection = self.inspection.take();
        self.send_json(&inspection).await
    }

    /// Waits for a time without reading.
    ///
    /// # Errors
    /// The time of the connection has ended.
    pub(crate) async fn pause_until(&self, time: Instant) -> Result<(), Stop> {
        tokio::select! {
            biased;
            () = self.shutdown.cancelled() => Err(Stop::Shutdown),
            () = sleep_until(self.ends_at) => Err(Stop::Lifetime),
            () = sleep_until(time) => Ok(()),
        }
    }

    /// Counts memory of the scenario, in bytes.
    ///
    /// # Errors
    /// All clients together hold more than the limit.
    pub(crate) fn hold(&mut self, extra: usize) -> Result<(), Stop> {
        self.extra = extra;
        self.account()
    }

    fn account(&mut self) -> Result<(), Stop> {
        self.permit.hold(MEMORY + self.decoder.held() + self.extra).map_err(|_| Stop::OutOfMemory)
    }

    /// Adds a report of the scenario to the tap, if there is one.
    pub(crate) fn report(&self, report: Value) {
        if let Some(tap) = &self.tap {
            tap.tap().add(Event::Report { report: Box::new(report) });
        }
    }

    /// Adds the inflated length of a message to the tap, if there is one.
    pub(crate) fn note_inflated(&self, direction: Direction, len: usize) {
        if let Some(tap) = &self.tap {
            tap.tap().add(Event::Inflated { direction, length: len as u64 });
        }
    }

    /// Ends the TCP connection with a reset, as soon as the scenario returns [`Stop::Abandoned`].
    pub(crate) fn reset(&self) {
        self.options.reset.set(true);
    }

    /// Ends the connection: closes it as far as it is not closed, and logs and counts the end.
    pub(crate) async fn finish(mut self, outcome: Result<(), Stop>) {
        self.report_traffic();
        let id = self.permit.id;
        // The whole end has the time of a closing handshake, so that a client that goes on sending does not delay a shutdown.
        let close = self.permit.timeouts().close;
        let deadline = Instant::now() + close;
        let (code, by) = match outcome {
            Ok(()) => self.close(CloseCode::NORMAL, "the scenario is over", close).await,
            Err(Stop::PeerClosed(code, body)) => {
                if self.close_sent.is_none() {
                    let _ = timeout(close, self.output.send(server_frame(CLOSE, &body).into())).await;
                }
                (code.unwrap_or(CloseCode::NO_STATUS), "peer")
            }
            Err(Stop::Failed(error)) => {
                let code = error.close_code();
                warn!(id, code = code.0, "Protocol error: {error}");
                self.permit.metrics().protocol_error(error);
                if self.close_sent.is_none() {
                    let frame = close_frame(code, &error.to_string());
                    let _ = timeout(close, self.output.send(frame.into())).await;
                }
                (code, "server")
            }
            Err(Stop::Shutdown) => {
                self.close(CloseCause::Shutdown.code(), CloseCause::Shutdown.reason(), close).await
            }
            Err(Stop::Lifetime) => {
                let reason = "the connection has lived as long as one of the lab may (--lab-lifetime)";
                self.close(CloseCode::GOING_AWAY, reason, close).await
            }
            Err(Stop::OutOfMemory) => {
                self.close(CloseCause::OutOfMemory.code(), CloseCause::OutOfMemory.reason(), close).await
            }
            Err(Stop::Lost) => (CloseCode::ABNORMAL, "nobody"),
            Err(Stop::Abandoned) => (CloseCode::ABNORMAL, "server"),
        };
        let (code, by) = match (self.close_sent, self.close_received) {
            (Some(code), _) => (code, "server"),
            (None, Some(code)) => (code, "peer"),
            (None, None) => (code, by),
        };
        let Self { mut payload, output, permit, client, options, tap, began, received, .. } = self;
        // The body ends, and so does the server's half of the connection.
        drop(output);
        if !options.reset.get() {
            // Closing a socket with unread bytes resets the connection, and the client may never read the last frames.
            let discard = async { while let Ok(Some(Ok(_))) = timeout(SILENCE, payload.next()).await {} };
            let _ = timeout_at(deadline, discard).await;
        }
        drop(payload);
        if let Some(tap) = tap {
            tap.end(code, by);
        }
        let open = began.elapsed();
        permit.metrics().closed(code, by, open);
        info!(
            id,
            peer = client.peer.map(display),
            client = client.forwarded.map(display),
            code = code.0,
            by,
            messages = received.messages(),
            bytes = received.bytes(),
            duration_ms = open.as_millis() as u64,
            "Disconnect."
        );
    }

    /// Sends a Close frame unless one was sent, and waits for that of the client. Returns the code, and the side that closed first.
    async fn close(&mut self, code: CloseCode, reason: &str, limit: Duration) -> (CloseCode, &'static str) {
        if self.close_sent.is_none() {
            let frame = close_frame(code, reason);
            if !timeout(limit, self.output.send(frame.into())).await.is_ok_and(|sent| sent.is_ok()) {
                return (CloseCode::ABNORMAL, "nobody");
            }
            self.close_sent = Some(code);
        }
        // The end of the connection's time must not end the closing handshake.
        (self.shutdown, self.ends_at) = (CancellationToken::new(), Instant::now() + limit);
        while let Ok(Some(received)) = self.receive(None).await {
            if let Received::Close(..) = received {
                break;
            }
        }
        (code, "server")
    }
}

/// Returns the time that bytes take at a rate in bytes a second.
pub(crate) fn time_of(bytes: usize, rate: u64) -> Duration {
    Duration::from_secs_f64(bytes as f64 / rate as f64)
}
