//! One connection on actix-ws: each message is answered with itself, until one side closes.

use std::time::{Duration, Instant};

use actix_ws::{CloseReason, Closed, Message, MessageStream, Session};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tracing::{field::display, info, warn};
use ws_echo_engine::{CloseCause, End, ProtocolError};
use ws_echo_shared::CloseCode;

use crate::{
    actix_engine::{body::KeepOpen, counter::Counter, payload::Inbound},
    admission::{client::Client, connections::Permit},
    tap::recorder::TapEnd,
};

/// Time limit for unread answers.
const WRITE_STALL: Duration = Duration::from_secs(30);

/// Time limit for the client to read the server's Close frame, and to answer it when the server shuts down.
const CLOSE: Duration = Duration::from_secs(1);

/// Silence of the client after which the socket is closed, if the client does not close its half after the server's half-close.
const SILENCE: Duration = Duration::from_millis(250);

/// Time limit for a client that goes on sending after the server's half-close.
const STILL_SENDING: Duration = Duration::from_secs(5);

/// The parts of one connection.
pub(crate) struct EchoSession {
    pub(crate) permit: Permit,
    pub(crate) client: Client,
    pub(crate) sender: Session,
    pub(crate) receiver: MessageStream,
    /// The source of the receiver, with the error that ended it.
    pub(crate) inbound: Inbound,
    /// Keeps the TCP connection open until it is dropped.
    pub(crate) keep_open: KeepOpen,
    /// Cancelled when the server shuts down.
    pub(crate) shutdown: CancellationToken,
    /// The tap of the connection.
    pub(crate) tap: Option<TapEnd>,
}

/// The reason for which the loop of messages ends.
enum Stop {
    CloseFrame(Option<CloseReason>),
    ProtocolError(ProtocolError),
    Shutdown,
    /// The TCP connection ended.
    Eof,
    ReadFailed(String),
    /// The TCP connection ended, or the client left its answers unread for too long.
    WriteFailed(&'static str),
}

impl EchoSession {
    /// Runs the connection to its end.
    pub(crate) async fn run(mut self) {
        let began = Instant::now();
        let (peer, client) = (self.client.peer.map(display), self.client.forwarded.map(display));
        let mut counter = Counter::new(self.permit.metrics().clone());
        let stop = self.echo(&mut counter).await;
        let permit = self.permit;
        let closing = Closing {
            sender: self.sender,
            receiver: self.receiver,
            inbound: self.inbound,
            keep_open: self.keep_open,
        };
        let end = closing.close(stop, &permit).await;
        if let Some(tap) = self.tap {
            tap.end(end.code(), end.initiator());
        }
        let open = began.elapsed();
        permit.metrics().closed(end.code(), end.initiator(), open);
        info!(
            id = permit.id,
            peer,
            client,
            code = end.code().0,
            by = end.initiator(),
            messages = counter.tally.messages(),
            bytes = counter.tally.bytes(),
            duration_ms = open.as_millis() as u64,
            "Disconnect."
        );
    }

    async fn echo(&mut self, counter: &mut Counter) -> Stop {
        loop {
            let message = tokio::select! {
                biased;
                () = self.shutdown.cancelled() => return Stop::Shutdown,
                message = self.receiver.recv() => message,
            };
            let message = match message {
                Some(Ok(Message::Close(reason))) => return Stop::CloseFrame(reason),
                Some(Ok(message)) => message,
                Some(Err(error)) => return Stop::ReadFailed(error.to_string()),
                None => return self.end_of_stream(),
            };
            counter.count(&message);
            match timeout(WRITE_STALL, self.answer(message)).await {
                Ok(Ok(())) => counter.count_echoed(),
                Ok(Err(Closed)) => return Stop::WriteFailed("the connection is gone"),
                Err(_) => return Stop::WriteFailed("the peer does not read its answers"),
            }
        }
    }

    fn end_of_stream(&self) -> Stop {
        match (self.inbound.protocol_error(), self.inbound.take_failure()) {
            (Some(error), _) => Stop::ProtocolError(error),
            (None, Some(error)) => Stop::ReadFailed(error.to_string()),
            (None, None) => Stop::Eof,
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
}

/// A connection after its last message.
struct Closing {
    sender: Session,
    receiver: MessageStream,
    inbound: Inbound,
    keep_open: KeepOpen,
}

impl Closing {
    /// Sends the Close frame for this stop, if there is one, and gives the client time to read it.
    async fn close(self, stop: Stop, permit: &Permit) -> End {
        let Self { sender, mut receiver, inbound, keep_open } = self;
        let id = permit.id;
        let mut sent = false;
        let end = match stop {
            Stop::CloseFrame(reason) => {
                let code = reason.as_ref().map(|reason| CloseCode(reason.code.into()));
                sent = send_close(sender, reason).await.is_ok();
                End::ClosedByPeer(code)
            }
            Stop::ProtocolError(error) => {
                let code = error.close_code();
                warn!(id, code = code.0, "Protocol error: {error}");
                permit.metrics().protocol_error(error);
                sent = send_close(sender, close_reason(code, &error.to_string())).await.is_ok();
                End::Failed(error)
            }
            Stop::Shutdown => {
                let cause = CloseCause::Shutdown;
                if send_close(sender, close_reason(cause.code(), cause.reason())).await.is_ok() {
                    let _ = timeout(CLOSE, skip_to_close(&mut receiver)).await;
                }
                End::ClosedByServer(cause)
            }
            Stop::Eof => End::Lost,
            Stop::ReadFailed(error) => {
                warn!(id, "Read error: {error}");
                End::Lost
            }
            Stop::WriteFailed(error) => {
                warn!(id, "Write error: {error}");
                End::Lost
            }
        };
        drop(keep_open);
        if sent {
            // Closing a socket with unread bytes resets the connection, and the client may never read the Close frame.
            let _ = timeout(STILL_SENDING, inbound.discard(SILENCE)).await;
        }
        end
    }
}

/// Sends a Close frame, within the time limit for it.
async fn send_close(sender: Session, reason: Option<CloseReason>) -> Result<(), Closed> {
    timeout(CLOSE, sender.close(reason)).await.unwrap_or(Err(Closed))
}

fn close_reason(code: CloseCode, description: &str) -> Option<CloseReason> {
    Some(CloseReason { code: code.0.into(), description: Some(description.to_owned()) })
}

/// Skips messages up to the client's Close frame or the end of the connection.
async fn skip_to_close(receiver: &mut MessageStream) {
    while let Some(Ok(message)) = receiver.recv().await {
        if matches!(message, Message::Close(_)) {
            return;
        }
    }
}
