//! One connection on actix-ws: answers every message with itself, until one side closes.

use std::time::{Duration, Instant};

use actix_ws::{CloseReason, Closed, Message, MessageStream, Session};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tracing::{field::display, info, warn};
use ws_echo_engine::Fault;
use ws_echo_shared::CloseCode;

use super::{body::Hold, counter::Counter, payload::Inbound};
use crate::{
    admission::client::Client,
    ending::{By, Ended, Goodbye},
    logging::shortened,
    metrics::counters::Metrics,
};

/// How long a peer may leave its answers unread before the connection is dropped.
const WRITE_STALL: Duration = Duration::from_secs(30);

/// How long a peer may take to take the server's Close frame, and to answer it when the server stops.
const ANSWER: Duration = Duration::from_secs(1);

/// After the last Close frame and the server's end of the TCP connection: how long a peer that does not end its side must be
/// silent before the socket is closed, and how long it may go on sending.
const SILENCE: Duration = Duration::from_millis(250);
const STILL_SENDING: Duration = Duration::from_secs(5);

/// What one upgraded connection needs for its echo.
pub(crate) struct EchoSession {
    pub(crate) id: u64,
    pub(crate) who: Client,
    pub(crate) subprotocol: Option<String>,
    pub(crate) sender: Session,
    pub(crate) receiver: MessageStream,
    /// What the receiver reads from; knows why it ended early.
    pub(crate) inbound: Inbound,
    /// The TCP connection is not closed before this is dropped.
    pub(crate) hold: Hold,
    /// Cancelled when the server stops.
    pub(crate) stop: CancellationToken,
    pub(crate) metrics: Metrics,
}

/// How a connection ended.
enum Ending {
    /// The peer sent a Close frame.
    ClosedByPeer(Option<CloseReason>),
    /// The peer broke a rule.
    Fault(Fault),
    /// The server stops.
    Stopped,
    /// The TCP connection ended without a Close frame.
    Lost,
    /// The TCP connection failed while reading.
    ReadFailed(String),
    /// The peer went away, or left its answers unread for too long.
    WriteFailed(&'static str),
}

impl EchoSession {
    /// Runs the connection to its end.
    pub(crate) async fn run(mut self) {
        let began = Instant::now();
        let (peer, client) = (self.who.peer.map(display), self.who.forwarded.map(display));
        let subprotocol = self.subprotocol.as_deref().map(shortened);
        info!(id = self.id, peer, client, subprotocol = subprotocol.as_deref(), "Connected...");

        let (id, metrics) = (self.id, self.metrics.clone());
        let mut counter = Counter::new(metrics.clone());
        let ending = self.echo(&mut counter).await;
        let ended = self.close(ending).await;

        let open = began.elapsed();
        metrics.closed(ended, open);
        info!(
            id,
            peer,
            client,
            code = ended.code.0,
            by = ended.by.name(),
            messages = counter.tally.messages(),
            bytes = counter.tally.bytes(),
            duration_ms = open.as_millis() as u64,
            "Disconnect."
        );
    }

    async fn echo(&mut self, counter: &mut Counter) -> Ending {
        loop {
            let message = tokio::select! {
                biased;
                () = self.stop.cancelled() => return Ending::Stopped,
                message = self.receiver.recv() => message,
            };
            let message = match message {
                Some(Ok(Message::Close(reason))) => return Ending::ClosedByPeer(reason),
                Some(Ok(message)) => message,
                Some(Err(error)) => return Ending::ReadFailed(error.to_string()),
                None => return self.end_of_stream(),
            };
            counter.takes(&message);
            match timeout(WRITE_STALL, self.answer(message)).await {
                Ok(Ok(())) => counter.has_echoed(),
                Ok(Err(Closed)) => return Ending::WriteFailed("the connection is gone"),
                Err(_) => return Ending::WriteFailed("the peer does not read its answers"),
            }
        }
    }

    fn end_of_stream(&self) -> Ending {
        match (self.inbound.fault(), self.inbound.take_failure()) {
            (Some(fault), _) => Ending::Fault(fault),
            (None, Some(error)) => Ending::ReadFailed(error.to_string()),
            (None, None) => Ending::Lost,
        }
    }

    async fn answer(&mut self, message: Message) -> Result<(), Closed> {
        match message {
            Message::Text(text) => self.sender.text(text).await,
            Message::Binary(bytes) => self.sender.binary(bytes).await,
            Message::Continuation(fragment) => self.sender.continuation(fragment).await,
            Message::Ping(payload) => self.sender.pong(&payload).await,
            Message::Pong(_) | Message::Close(_) | Message::Nop => Ok(()),
        }
    }

    /// Sends the Close frame that belongs to the ending, and sees to it that the peer can read it. Gives the code and who
    /// closed, for the log.
    async fn close(self, ending: Ending) -> Ended {
        let Self { id, sender, mut receiver, inbound, hold, metrics, .. } = self;
        let mut told = false;
        let closed = match ending {
            Ending::ClosedByPeer(reason) => {
                let code =
                    reason.as_ref().map_or(CloseCode::NO_STATUS, |reason| CloseCode(reason.code.into()));
                told = send_close(sender, reason).await.is_ok();
                Ended { code, by: By::Peer }
            }
            Ending::Fault(fault) => {
                let code = fault.close_code();
                warn!(id, code = code.0, "Protocol error: {fault}");
                metrics.fault(fault);
                told = send_close(sender, because(code, &fault.to_string())).await.is_ok();
                Ended { code, by: By::Server }
            }
            Ending::Stopped => {
                if send_close(sender, because(Goodbye::Stopping.code(), Goodbye::Stopping.reason()))
                    .await
                    .is_ok()
                {
                    let _ = timeout(ANSWER, until_close(&mut receiver)).await;
                }
                Ended { code: CloseCode::GOING_AWAY, by: By::Server }
            }
            Ending::Lost => Ended::LOST,
            Ending::ReadFailed(error) => {
                warn!(id, "Read error: {error}");
                Ended::LOST
            }
            Ending::WriteFailed(error) => {
                warn!(id, "Write error: {error}");
                Ended::LOST
            }
        };
        drop(hold);
        if told {
            // A socket that is closed with something unread is reset, and the reset can take away what the peer has yet to read.
            let _ = timeout(STILL_SENDING, inbound.discard(SILENCE)).await;
        }
        closed
    }
}

/// Sends a Close frame; a peer that does not read must not hold this up.
async fn send_close(sender: Session, reason: Option<CloseReason>) -> Result<(), Closed> {
    timeout(ANSWER, sender.close(reason)).await.unwrap_or(Err(Closed))
}

fn because(code: CloseCode, description: &str) -> Option<CloseReason> {
    Some(CloseReason { code: code.0.into(), description: Some(description.to_owned()) })
}

/// Passes over what comes before the peer's Close frame or the end of the connection.
async fn until_close(receiver: &mut MessageStream) {
    while let Some(Ok(message)) = receiver.recv().await {
        if matches!(message, Message::Close(_)) {
            return;
        }
    }
}
