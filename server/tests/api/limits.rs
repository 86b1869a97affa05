//! Limits of clients: the size of their messages and heads, and their time.

use std::time::{Duration, Instant};

use ws_echo_shared::ServerInfo;
use ws_echo_test_support::{
    raw::{Raw, request, upgrade_lines},
    server::{ENGINES, Server, until_gone},
};

#[tokio::test]
async fn an_address_has_so_many_connections_and_gets_them_back() {
    for engine in ENGINES {
        let server = Server::on(engine, &["--max-connections-per-address", "1"]);
        let first = Raw::upgraded(server.address).await;
        let mut second = Raw::connect(server.address).await;
        second.send(request(&upgrade_lines()).as_bytes()).await;
        let head = second.head().await.to_lowercase();
        assert!(
            head.starts_with("http/1.1 429 ") && head.contains("\r\nretry-after: 1\r\n"),
            "{engine}: {head}"
        );
        drop(first);
        until_gone(&server).await;
        Raw::upgraded(server.address).await;
    }
}

#[tokio::test]
async fn a_head_has_so_many_bytes() {
    for engine in ENGINES {
        let server = Server::on(engine, &["--max-head", "1KiB"]);
        for (padding, fits) in [(700, true), (1024, false)] {
            let padding = format!("X-Padding: {}\r\n", "x".repeat(padding));
            let mut upgrade = Raw::connect(server.address).await;
            upgrade.send(request(&format!("{}{padding}", upgrade_lines())).as_bytes()).await;
            let head = upgrade.head().await;
            let status = if fits { "HTTP/1.1 101 " } else { "HTTP/1.1 431 " };
            assert!(head.starts_with(status), "{engine}: {head}");

            let mut plain = Raw::connect(server.address).await;
            plain.send(format!("GET /healthz HTTP/1.1\r\nHost: test\r\n{padding}\r\n").as_bytes()).await;
            let head = plain.head().await;
            let status = if fits { "HTTP/1.1 200 " } else { "HTTP/1.1 431 " };
            assert!(head.starts_with(status), "{engine}: {head}");
        }
    }
}

#[tokio::test]
async fn a_head_that_does_not_come_is_answered_with_408() {
    let server = Server::start(&["--head-timeout", "300ms"]);
    let began = Instant::now();
    let mut raw = Raw::connect(server.address).await;
    raw.send(b"GET /echo HTTP/1.1\r\n").await;
    let head = raw.head().await;
    assert!(head.starts_with("HTTP/1.1 408 "), "{head}");
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_silent_client_is_pinged_and_dropped_when_the_flags_say() {
    let server = Server::start(&["--ping-after", "250ms", "--pong-timeout", "250ms"]);
    let mut raw = Raw::upgraded(server.address).await;
    assert_eq!(raw.frame().await.unwrap().first, 0x89, "a ping");
    until_gone(&server).await;
}

#[tokio::test]
async fn the_description_names_every_limit() {
    let flags = [
        ("--max-connections", "7"),
        ("--max-connections-per-address", "0"),
        ("--max-frames", "9"),
        ("--max-held", "1MiB"),
        ("--max-head", "4KiB"),
        ("--head-timeout", "1s"),
        ("--keep-alive", "2s"),
        ("--ping-after", "3s"),
        ("--pong-timeout", "4s"),
        ("--write-timeout", "5s"),
        ("--close-timeout", "6s"),
    ];
    let flags: Vec<&str> = flags.iter().flat_map(|(flag, value)| [*flag, *value]).collect();
    let info: ServerInfo = Server::start(&flags).get("/api/info").await.json().await.unwrap();
    let limits = info.limits;
    assert_eq!((limits.connections, limits.connections_per_address), (Some(7), None));
    assert_eq!((limits.message.frames_per_message, limits.held_bytes, limits.head_bytes), (9, 1 << 20, 4096));
    let times = info.timeouts;
    assert_eq!(
        [
            times.head_ms,
            times.keep_alive_ms,
            times.ping_after_ms,
            times.pong_ms,
            times.write_ms,
            times.close_ms
        ],
        [1000, 2000, 3000, 4000, 5000, 6000]
    );
}
