//! Row 13: clients that send and never read. The test measures their memory, the time until they are dropped, and the effect on
//! other clients.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use tokio::task::JoinSet;
use ws_echo_test_support::{
    frame::frame,
    program::{Running, ws_echo},
    raw::Raw,
};

const MIB: u64 = 1 << 20;

pub fn pings() -> Vec<u8> {
    frame(0x89, &[7; 125]).repeat(1000)
}

/// Number of clients that flood the server at the same time.
const FLOODS: usize = 8;

/// Sends `first`, and then `bytes` again and again without reading, until the server drops the connection.
async fn send_on(address: SocketAddr, first: Vec<u8>, bytes: Vec<u8>) {
    let mut raw = Raw::upgraded(address).await;
    if raw.try_send(&first).await.is_ok() {
        while raw.try_send(&bytes).await.is_ok() {}
    }
}

/// Floods a server until it has dropped all clients for their unread answers. Each client takes at most a megabyte.
async fn is_dropped_after_30_s(first: &[u8], bytes: &[u8]) {
    let mut running = Running::start(ws_echo(&["--listen", "127.0.0.1:0", "--workers", "1"]));
    let address = running.warm_address().await;
    let (files, before) = (running.open_files(), running.peak_memory());
    let began = Instant::now();
    let mut clients = JoinSet::new();
    for _ in 0..FLOODS {
        clients.spawn(send_on(address, first.to_vec(), bytes.to_vec()));
    }
    let patience = Duration::from_secs(40);
    for number in 0..FLOODS {
        let line = running.line_within(patience, "Disconnect.").await;
        let took = began.elapsed();
        let grown = running.peak_memory() - before;
        assert!(grown < FLOODS as u64 * MIB, "{grown} bytes are held, and then: {line}");
        assert!(line.contains("code=1006"), "{number} after {took:?}: {line}");
        assert!((Duration::from_secs(29)..Duration::from_secs(33)).contains(&took), "{took:?}");
    }
    running.until_files(files).await;
}

#[tokio::test]
async fn an_unread_flood_of_pings_is_dropped_after_30_s() {
    is_dropped_after_30_s(&[], &pings()).await;
}

#[tokio::test]
async fn an_unread_flood_of_messages_is_dropped_after_30_s() {
    is_dropped_after_30_s(&[], &frame(0x82, &[7; 60_000])).await;
}

/// Within a message the server reads on, for a client that sends all of it before it reads. Pings in between must not count as
/// parts of it.
#[tokio::test]
async fn an_unread_flood_of_pings_within_a_message_is_dropped_after_30_s() {
    is_dropped_after_30_s(&frame(0x02, b"x"), &pings()).await;
}
