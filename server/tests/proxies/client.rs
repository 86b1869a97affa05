//! A client under load: it sends messages before the echoes of earlier ones have come, checks every echo, and connects again when
//! the server closes.

use std::{net::SocketAddr, time::Duration};

use futures_util::{SinkExt, StreamExt};
use tokio::{
    net::TcpStream,
    sync::{mpsc::UnboundedSender, watch},
    time::{Instant, MissedTickBehavior, interval_at, timeout},
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{
        Error, Message,
        protocol::{CloseFrame, frame::coding::CloseCode},
    },
};
use ws_echo_test_support::program::PATIENCE;

/// Limit of messages without an echo.
const WINDOW: u64 = 4;

/// Interval of the messages.
const PACE: Duration = Duration::from_millis(200);

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

pub struct Client {
    pub proxy: SocketAddr,
    pub number: u64,
    /// Gets the number of the client when the first echo of a connection has come.
    pub connected: UnboundedSender<u64>,
    /// True once the client has to finish.
    pub finish: watch::Receiver<bool>,
}

/// The connections and echoes that a client has seen.
#[derive(Debug, Default)]
pub struct Seen {
    pub connections: usize,
    pub answered: u64,
}

/// The side that closed a connection.
enum Ended {
    ByServer,
    ByClient,
}

impl Client {
    /// Connects and echoes until `finish` is true.
    ///
    /// # Panics
    /// A connection is refused, or ends otherwise than by 1001 or the client's own Close frame, or an echo is not that of the
    /// next message on its connection.
    pub async fn run(mut self) -> Seen {
        let mut seen = Seen::default();
        loop {
            let url = format!("ws://{}/echo", self.proxy);
            let (socket, _) = timeout(PATIENCE, connect_async(url))
                .await
                .expect("an answer to the handshake")
                .unwrap_or_else(|error| panic!("client {} is refused: {error}", self.number));
            seen.connections += 1;
            if let Ended::ByClient = self.echo(socket, &mut seen.answered).await {
                return seen;
            }
        }
    }

    /// Echoes on one connection until its end. `next` is the first message without an echo; messages of an earlier connection
    /// that had none are sent again.
    async fn echo(&mut self, socket: Socket, next: &mut u64) -> Ended {
        let (mut sink, mut stream) = socket.split();
        let (first, mut sent) = (*next, *next);
        // Clients start at different times within the interval.
        let start = Instant::now() + PACE * (self.number % 100) as u32 / 100;
        let mut pace = interval_at(start, PACE);
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut closes = false;
        loop {
            let finishes = *self.finish.borrow() && sent == *next;
            if finishes && !closes {
                closes = true;
                let frame = CloseFrame { code: CloseCode::Normal, reason: "".into() };
                sink.send(Message::Close(Some(frame))).await.unwrap();
            }
            tokio::select! {
                got = timeout(PATIENCE, stream.next()) => match got.expect("something in time") {
                    Some(Ok(Message::Binary(echo))) => {
                        assert!(echo == message(self.number, *next), "client {}: not the echo of message {next}", self.number);
                        if *next == first {
                            self.connected.send(self.number).unwrap();
                        }
                        *next += 1;
                    }
                    Some(Ok(Message::Close(Some(frame)))) => {
                        let code = if closes { CloseCode::Normal } else { CloseCode::Away };
                        assert_eq!(frame.code, code, "client {}", self.number);
                        end(&mut stream).await;
                        return if closes { Ended::ByClient } else { Ended::ByServer };
                    }
                    Some(Ok(Message::Ping(_))) => {}
                    other => panic!("client {}: {other:?} instead of an echo or a Close frame", self.number),
                },
                _ = pace.tick(), if sent < *next + WINDOW && !*self.finish.borrow() => {
                    let message = message(self.number, sent);
                    match sink.send(Message::binary(message)).await {
                        Ok(()) => sent += 1,
                        // The Close frame of the server has come, or is about to come.
                        Err(Error::Io(_) | Error::ConnectionClosed | Error::Protocol(_)) => {}
                        Err(error) => panic!("client {}: {error}", self.number),
                    }
                }
                changed = self.finish.changed(), if !*self.finish.borrow() => changed.unwrap(),
            }
        }
    }
}

/// Waits for the end of a connection after the Close frame. An error counts as an end, a message does not.
async fn end(stream: &mut (impl StreamExt<Item = Result<Message, Error>> + Unpin)) {
    match timeout(PATIENCE, stream.next()).await.expect("an end in time") {
        None | Some(Err(_)) => {}
        Some(Ok(message)) => panic!("{message:?} behind the Close frame"),
    }
}

/// Returns the message of this number. Some are short, some fill several TCP segments, and no two are equal.
fn message(client: u64, number: u64) -> Vec<u8> {
    let len = if number % 50 == 49 { 64 * 1024 } else { 16 + (client * 31 + number * 977) as usize % 2000 };
    let mut bytes = vec![(client ^ number) as u8; len];
    bytes[..8].copy_from_slice(&client.to_be_bytes());
    bytes[8..16].copy_from_slice(&number.to_be_bytes());
    bytes
}
