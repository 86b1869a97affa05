//! Rows 18 and 22: a thousand clients with slow requests, and a thousand open connections at a shutdown.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use tokio::{sync::mpsc::UnboundedSender, task::JoinSet, time::timeout};
use ws_echo_test_support::{
    frame::{Frame, frame, header},
    program::{Running, ws_echo},
    raw::Raw,
};

const CLIENTS: usize = 1_000;
const STALLED: usize = 10;

/// Row 18.
#[tokio::test]
async fn a_thousand_slow_heads_are_answered_with_408_and_hold_nobody_up() {
    let mut running = Running::start(ws_echo(&["--listen", "127.0.0.1:0"]));
    let address = running.warm_address().await;
    let files = running.open_files();
    let mut slow = JoinSet::new();
    for _ in 0..CLIENTS {
        slow.spawn(async move {
            let mut raw = Raw::connect(address).await;
            raw.send(b"GET /echo HTTP/1.1\r\nHost: te").await;
            let asked = Instant::now();
            let head = raw.head().await;
            (head.starts_with("HTTP/1.1 408 "), asked.elapsed())
        });
    }
    let mut served = Vec::new();
    for _ in 0..20 {
        let asked = Instant::now();
        let mut raw = Raw::upgraded(address).await;
        raw.send(&frame(0x81, b"hello")).await;
        raw.frame().await.unwrap();
        served.push(asked.elapsed());
    }
    served.sort();
    assert!(served[served.len() / 2] < Duration::from_millis(100), "{served:?}");
    while let Some(answered) = slow.join_next().await {
        let (is_timeout, took) = answered.unwrap();
        assert!(is_timeout, "not with 408");
        assert!((Duration::from_millis(4_000)..Duration::from_secs(8)).contains(&took), "{took:?}");
    }
    running.until_files(files).await;
}

/// Sends messages and checks their echoes until the server closes the connection. Returns the number of echoes.
async fn live(address: SocketAddr, ready: UnboundedSender<()>) -> u64 {
    let mut raw = Raw::upgraded(address).await;
    for number in 0_u64.. {
        let payload = number.to_be_bytes().to_vec();
        raw.send(&frame(0x82, &payload)).await;
        let answer = raw.frame().await.expect("an echo or a Close frame, and no end without one");
        if let Some((code, _)) = answer.close() {
            assert_eq!(code, 1001);
            raw.send(&frame(0x88, &answer.payload)).await;
            raw.end().await;
            return number;
        }
        assert_eq!(answer, Frame { first: 0x82, payload }, "no echo is lost, and none out of order");
        if number == 0 {
            let _ = ready.send(());
        }
    }
    unreachable!("numbers do not end")
}

/// Row 22.
#[tokio::test]
async fn a_thousand_live_clients_are_told_to_leave_and_stalled_ones_hold_nobody_up() {
    let mut running = Running::start(ws_echo(&["--listen", "127.0.0.1:0"]));
    let address = running.warm_address().await;
    let mut stalled = Vec::new();
    for number in 0..STALLED {
        let mut raw = Raw::upgraded(address).await;
        if number % 2 == 0 {
            raw.send(&header(0x82, 1 << 20)).await;
        } else {
            let flood = frame(0x82, &vec![7; 1 << 20]);
            while timeout(Duration::from_millis(100), raw.try_send(&flood)).await.is_ok() {}
        }
        stalled.push(raw);
    }
    let (ready, mut echoed) = tokio::sync::mpsc::unbounded_channel();
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS {
        clients.spawn(live(address, ready.clone()));
    }
    for _ in 0..CLIENTS {
        echoed.recv().await;
    }
    running.signal("TERM").await;
    let asked = Instant::now();
    let ready = reqwest::get(format!("http://{address}/readyz")).await.unwrap();
    assert_eq!(ready.status(), 503);
    let echoes: u64 = clients.join_all().await.into_iter().sum();
    assert!(echoes >= CLIENTS as u64);
    let status = timeout(Duration::from_secs(15), running.child.wait()).await.expect("an end").unwrap();
    assert_eq!(status.code(), Some(0));
    assert!(asked.elapsed() < Duration::from_secs(10), "{:?}", asked.elapsed());
    drop(stalled);
}
