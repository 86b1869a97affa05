//! Limits that no scenario can leave.

use std::time::{Duration, Instant};

use tokio::time::timeout;
use ws_echo::Timeouts;
use ws_echo_shared::lab::SCENARIOS;
use ws_echo_test_support::{
    compress::compress,
    frame::{frame, header},
    raw::{Raw, request, upgrade_lines},
    server::{Server, until_gone},
};

use super::{close_code, open};

/// Scenarios that need more than a handshake.
const OTHERS: [&str; 3] = ["refuse", "auth", "deflate"];

fn names() -> impl Iterator<Item = &'static str> {
    SCENARIOS.iter().map(|scenario| scenario.name).filter(|name| !OTHERS.contains(name))
}

#[tokio::test]
async fn a_connection_ends_with_its_lifetime() {
    let server = Server::start(&["--lab-lifetime", "200ms"]);
    let began = Instant::now();
    let mut raw = open(&server, "/lab/idle?plan=10m").await;
    assert_eq!(close_code(&mut raw).await, 1001);
    assert!(began.elapsed() >= Duration::from_millis(200));
    raw.end().await;
    until_gone(&server).await;
}

#[tokio::test]
async fn every_scenario_is_drained_with_the_rest() {
    let mut server = Server::start(&["--drain-spread", "0s"]);
    let mut open_ones = Vec::new();
    for name in names() {
        open_ones.push(open(&server, &format!("/lab/{name}")).await);
    }
    let began = Instant::now();
    server.ask_to_stop();
    for mut raw in open_ones {
        raw.rest().await;
    }
    drop(server);
    assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
}

/// A client that goes on sending once delayed the end of the server beyond the time that it has.
#[tokio::test]
async fn a_client_that_goes_on_sending_does_not_delay_the_shutdown() {
    let mut server = Server::start(&["--drain-spread", "0s", "--close-timeout", "500ms"]);
    let mut raw = open(&server, "/lab/handshake").await;
    let began = Instant::now();
    server.ask_to_stop();
    while raw.try_send(&frame(0x89, b"?")).await.is_ok() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    drop(server);
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
}

/// Once the permit was given back while the head was still to be completed.
#[tokio::test]
async fn a_pause_within_the_head_counts_as_a_connection_and_ends_with_it() {
    let server = Server::start(&["--lab-lifetime", "300ms"]);
    let began = Instant::now();
    let mut raw = Raw::connect(server.address).await;
    let target = "/lab/early?frames=0&split=20&pause=60s";
    raw.send(request(&upgrade_lines()).replacen("/echo", target, 1).as_bytes()).await;
    raw.some().await;
    raw.finish().await;
    assert_eq!(server.connections.count(), 1);
    raw.rest().await;
    until_gone(&server).await;
    assert!(began.elapsed() >= Duration::from_millis(300) && began.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn an_inflated_message_has_the_limit_of_the_server() {
    let server = Server::start(&["--max-message", "1KiB"]);
    let offer = "Sec-WebSocket-Extensions: permessage-deflate\r\n";
    let (mut raw, _) = Raw::at(server.address, "/lab/deflate", offer).await;
    raw.send(&frame(0xc2, &compress(&[0; 2_000]))).await;
    assert_eq!(close_code(&mut raw).await, 1009);

    let server = Server::with_memory(1 << 20, Timeouts::default());
    let (mut raw, _) = Raw::at(server.address, "/lab/deflate", offer).await;
    raw.send(&frame(0xc2, &compress(&vec![0; 8 << 20]))).await;
    assert_eq!(close_code(&mut raw).await, 1013);
    drop(raw);
    until_gone(&server).await;
}

#[tokio::test]
async fn connections_of_the_lab_count_in_all_limits_and_metrics() {
    let server = Server::for_connections("native", 1);
    let mut first = open(&server, "/lab/handshake").await;
    assert_eq!(server.connections.count(), 1);
    let (raw, head) = Raw::at(server.address, "/lab/handshake", "").await;
    drop(raw);
    assert!(head.starts_with("HTTP/1.1 503 "), "{head}");
    first.send(&frame(0x81, b"counted")).await;
    first.frame().await.unwrap();
    first.send(&frame(0x88, &4000_u16.to_be_bytes())).await;
    assert_eq!(close_code(&mut first).await, 4000);
    drop(first);
    until_gone(&server).await;
    for target in ["/lab/fragment?size=2", "/lab/slow?write=1MiB"] {
        let mut raw = open(&server, target).await;
        raw.send(&frame(0x81, b"counted")).await;
        while raw.frame().await.unwrap().first & 0x80 == 0 {}
        drop(raw);
        until_gone(&server).await;
    }
    let metrics = server.get("/metrics").await.text().await.unwrap();
    for line in [
        "ws_echo_messages_total{direction=\"received\",kind=\"text\"} 3",
        "ws_echo_messages_total{direction=\"sent\",kind=\"text\"} 3",
        "ws_echo_connections_closed_total{code=\"4000-4999\",by=\"peer\"} 1",
    ] {
        assert!(metrics.contains(line), "{line} in {metrics}");
    }
}

#[tokio::test]
async fn an_unfinished_message_counts_as_held_memory() {
    let server = Server::with_memory(256 * 1024, Timeouts::default());
    let mut raw = open(&server, "/lab/handshake").await;
    raw.send(&header(0x82, 8 << 20)).await;
    let piece = [0; 16 * 1024];
    while raw.try_send(&piece).await.is_ok() {
        if let Ok(frame) = timeout(Duration::from_millis(1), raw.frame()).await {
            assert_eq!(frame.unwrap().close().unwrap().0, 1013);
            break;
        }
    }
    drop(raw);
    until_gone(&server).await;
}

/// A client that does not read is dropped by the kernel's time limit, and holds little until then.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_client_that_reads_nothing_holds_little() {
    let server = Server::start(&[]);
    let flood = open(&server, "/lab/source?size=1MiB").await;
    let mut other = open(&server, "/lab/handshake").await;
    for _ in 0..50 {
        other.send(&frame(0x81, b"others are served")).await;
        other.frame().await.unwrap();
    }
    assert!(server.connections.held() < 4 << 20, "{}", server.connections.held());
    drop((flood, other));
    until_gone(&server).await;
}
