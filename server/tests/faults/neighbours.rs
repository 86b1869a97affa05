//! Row 13: what well-behaved clients notice of one that floods the server and does not read.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use tokio::{task::JoinSet, time::sleep};

use crate::{
    program::{Running, ws_echo},
    raw::{Raw, frame},
    unread::{pings, send_on},
};

const ROUNDS: usize = 8;
const FLOODS: usize = 8;
const NEIGHBOURS: usize = 4;
const TRIPS: usize = 500;

/// The 99th percentile of round trips of some clients at a time.
async fn p99(address: SocketAddr) -> Duration {
    let mut clients = JoinSet::new();
    for _ in 0..NEIGHBOURS {
        clients.spawn(async move {
            let mut raw = Raw::upgraded(address).await;
            let message = frame(0x81, &[b'a'; 64]);
            let mut trips = Vec::with_capacity(TRIPS);
            for _ in 0..TRIPS {
                let sent = Instant::now();
                raw.send(&message).await;
                raw.frame().await.unwrap();
                trips.push(sent.elapsed());
                // A machine at its limit would measure its own queues.
                sleep(Duration::from_millis(1)).await;
            }
            trips
        });
    }
    let mut trips = clients.join_all().await.concat();
    trips.sort();
    trips[trips.len() * 99 / 100]
}

/// The lower quartile: what else the machine does makes some rounds slower, and a flood would make all of them.
fn typical(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 4]
}

/// Measures in turns without and with a flood.
async fn are_not_slowed_down_by(flood: &[u8]) {
    let mut running = Running::start(ws_echo(&["--listen", "127.0.0.1:0", "--workers", "1"]));
    let address = running.warm_address().await;
    p99(address).await;
    let (mut quiet, mut flooded) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        quiet.push(p99(address).await);
        let mut floods = JoinSet::new();
        for _ in 0..FLOODS {
            floods.spawn(send_on(address, Vec::new(), flood.to_vec()));
        }
        flooded.push(p99(address).await);
        floods.shutdown().await;
    }
    let (quiet, flooded) = (typical(quiet), typical(flooded));
    assert!(flooded < quiet * 2, "the 99th percentile is {flooded:?}, and {quiet:?} without the flood");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_others_are_not_slowed_down_by_unread_pings() {
    are_not_slowed_down_by(&pings()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_others_are_not_slowed_down_by_unread_messages() {
    are_not_slowed_down_by(&frame(0x82, &[7; 60_000])).await;
}
