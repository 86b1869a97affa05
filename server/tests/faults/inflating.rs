//! Row 43: small compressed messages that inflate a thousandfold, and their effect on other clients.

use std::time::{Duration, Instant};

use rustix::thread::sched_setaffinity;
use tokio::time::{sleep, timeout};
use ws_echo_test_support::{
    frame::frame,
    program::{Running, ws_echo},
    raw::Raw,
};

use crate::{
    load::{Load, bomb},
    observers::{Observers, cores},
};

const WITH_CONTEXT: &str = "permessage-deflate; client_max_window_bits";
const SMALL_WINDOW: &str = "permessage-deflate; server_max_window_bits=9; client_max_window_bits";

/// Time for which the other clients are measured.
const TIME: Duration = Duration::from_secs(6);

/// Number of attempts, since other load on the machine may disturb one. A server that delays its clients does so in each.
const ATTEMPTS: usize = 3;

/// Limit of the 99th percentile of another client's echoes.
const ECHO: Duration = Duration::from_millis(60);

/// Limit of the 95th percentile of probes, which another thread answers on the same core.
const PROBE: Duration = Duration::from_millis(100);

const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);
const DRAIN_TIMEOUT: Duration = Duration::from_secs(9);

/// Measures the time until the server drops a client that does not close its half of the connection.
async fn closes(address: std::net::SocketAddr) -> Duration {
    let mut raw = Raw::upgraded(address).await;
    raw.send(&frame(0x88, b"\x03\xe8")).await;
    assert_eq!(raw.frame().await.unwrap().close(), Some((1000, "")));
    let closed = Instant::now();
    raw.end().await;
    // The server has closed its half. Its kernel answers with a reset once the server has closed the socket.
    while raw.try_send(&[0]).await.is_ok() {
        sleep(Duration::from_millis(20)).await;
    }
    closed.elapsed()
}

/// Starts clients that send messages whose inflating takes most of the only core of the server, and measures others beside them.
async fn hold_nobody_up(clients: usize, offer: &'static str, message: Vec<u8>, in_turns: bool) {
    let [server, others] = cores();
    sched_setaffinity(None, &server).unwrap();
    let flags = ["--listen", "127.0.0.1:0", "--workers", "1", "--log-level", "warn,ws_echo::startup=info"];
    let mut running = Running::start(ws_echo(&flags));
    sched_setaffinity(None, &others).unwrap();
    let address = running.address().await;
    let load = Load::start(address, clients, offer, message, in_turns).await;
    let observers = Observers::start(address).await;
    let mut said = String::new();
    for attempt in 1.. {
        let (from, echoes) = (Instant::now(), load.echoes());
        let (closed, ()) = tokio::join!(closes(address), sleep(TIME));
        let to = Instant::now();
        observers.are_up_to_date().await;
        let (seen, probes) = (observers.echoes(from, to), observers.probes(from, to));
        let (echo, probe) = (seen.percentile(99), probes.percentile(95));
        let slack = CLOSE_TIMEOUT / 10 + Duration::from_millis(500);
        let is_on_time = (CLOSE_TIMEOUT - slack..CLOSE_TIMEOUT + slack).contains(&closed);
        said += &format!(
            "\nan echo took {echo:?} (p99), {:?} (longest), a probe {probe:?} (p95), {:?} (longest), \
             a closing handshake {closed:?}; {} messages were inflated",
            seen.longest(),
            probes.longest(),
            load.echoes() - echoes,
        );
        assert!(load.echoes() > echoes, "the load is none{said}");
        if echo < ECHO && probe < PROBE && is_on_time {
            break;
        }
        assert!(attempt < ATTEMPTS, "{said}");
    }
    println!("{offer}:{said}");
    drop(observers);

    running.signal("TERM").await;
    let asked = Instant::now();
    let status = timeout(2 * DRAIN_TIMEOUT, running.child.wait()).await.expect("an end").unwrap();
    println!("the end took {:?}", asked.elapsed());
    assert_eq!(status.code(), Some(0));
    assert!(asked.elapsed() < DRAIN_TIMEOUT, "{:?}", asked.elapsed());
    drop(load);
}

#[tokio::test]
async fn binary_messages_that_inflate_much_hold_nobody_up() {
    hold_nobody_up(200, WITH_CONTEXT, bomb(0xc2, 0), true).await;
}

#[tokio::test]
async fn texts_that_inflate_much_hold_nobody_up() {
    hold_nobody_up(200, WITH_CONTEXT, bomb(0xc1, b'a'), true).await;
}

/// The decoder for smaller windows takes up to ten times as long.
#[tokio::test]
async fn messages_that_inflate_much_in_a_small_window_hold_nobody_up() {
    hold_nobody_up(20, SMALL_WINDOW, bomb(0xc2, 0), true).await;
}

/// 200 messages at a time take more than a second of inflating, which is done in turns.
#[tokio::test]
async fn messages_that_come_all_at_once_hold_nobody_up() {
    hold_nobody_up(200, WITH_CONTEXT, bomb(0xc2, 0), false).await;
}
