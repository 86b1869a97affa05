//! Clients whose compressed messages are short, and long when they are inflated.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    task::JoinSet,
    time::{Instant, interval_at},
};
use ws_echo_test_support::{compress::Compressor, frame::frame, raw::Raw};

use crate::background::Background;

/// Length of an inflated message, in bytes.
const INFLATED: usize = 7_500_000;

/// Interval at which each client sends a message.
const EVERY: Duration = Duration::from_secs(2);

/// The payload of a message, as small as it gets.
pub fn compress(plain: &[u8]) -> Vec<u8> {
    Compressor::new(9).compress(plain)
}

/// Returns a frame of 7.5 KB whose message is one byte repeated. It refers back by one byte, which every window allows.
pub fn bomb(first: u8, byte: u8) -> Vec<u8> {
    let payload = compress(&vec![byte; INFLATED]);
    assert!((7_000..8_000).contains(&payload.len()), "{} bytes", payload.len());
    frame(first, &payload)
}

/// Clients that send until this is dropped. They close when the server closes.
pub struct Load {
    echoes: Arc<AtomicUsize>,
    _clients: Background,
}

impl Load {
    /// Starts `clients` clients, which offer the extension and send the message: evenly spread over the interval if `in_turns`,
    /// or all at the same time. Waits until all are connected.
    pub async fn start(
        address: SocketAddr,
        clients: usize,
        offer: &'static str,
        message: Vec<u8>,
        in_turns: bool,
    ) -> Self {
        let echoes = Arc::new(AtomicUsize::new(0));
        let (counted, message) = (Arc::clone(&echoes), Arc::<[u8]>::from(message));
        let clients = Background::start(async move {
            let mut raws = Vec::new();
            for _ in 0..clients {
                let (raw, agreed) = Raw::offering(address, offer).await;
                assert!(agreed.is_some(), "{offer}: not agreed on");
                raws.push(raw);
            }
            let (mut all, began) = (JoinSet::new(), Instant::now());
            for (number, raw) in raws.into_iter().enumerate() {
                let first = if in_turns { began + EVERY * number as u32 / clients as u32 } else { began };
                all.spawn(client(raw, Arc::clone(&message), first, Arc::clone(&counted)));
            }
            all
        });
        Self { _clients: clients.await, echoes }
    }

    /// Returns the number of echoes that came.
    pub fn echoes(&self) -> usize {
        self.echoes.load(Ordering::Relaxed)
    }
}

async fn client(mut raw: Raw, message: Arc<[u8]>, first: Instant, echoes: Arc<AtomicUsize>) {
    let mut due = interval_at(first, EVERY);
    loop {
        tokio::select! {
            _ = due.tick() => if raw.try_send(&message).await.is_err() { return },
            // A cancelled read loses no bytes.
            answer = raw.frame() => match answer {
                Some(frame) if frame.close().is_some() => {
                    let _ = raw.try_send(&self::frame(0x88, &frame.payload)).await;
                    return;
                }
                // An echo, and not a ping: RSV1 is set.
                Some(frame) if frame.first & 0x40 != 0 => { echoes.fetch_add(1, Ordering::Relaxed); }
                Some(_) => {}
                None => return,
            },
        }
    }
}
