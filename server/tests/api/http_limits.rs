//! The number of HTTP connections and their memory: no client can keep the others out.

use std::time::Duration;

use tokio::{io::AsyncReadExt as _, net::TcpStream, time::timeout};
#[cfg(target_os = "linux")]
use ws_echo_test_support::program::{Running, ws_echo_with_files};
use ws_echo_test_support::{frame::frame, raw::Raw, server::Server, tls_client::Identity};

const HEALTH: &str = "GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n";

async fn ask(raw: &mut Raw) {
    raw.send(HEALTH.as_bytes()).await;
    assert_eq!(raw.response().await.1, "ok\n");
}

/// Returns the value of a time series.
async fn metric(server: &Server, name: &str) -> u64 {
    let text = server.get("/metrics").await.text().await.unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("{name} in {text}")).parse().unwrap()
}

#[tokio::test]
async fn a_new_connection_takes_the_place_of_the_one_that_has_waited_longest() {
    let server =
        Server::start(&["--max-http-connections", "3", "--head-timeout", "1m", "--keep-alive", "1m"]);
    let mut websocket = Raw::upgraded(server.address).await;
    let mut idle = Raw::connect(server.address).await;
    ask(&mut idle).await;
    let mut slow = Raw::connect(server.address).await;
    slow.send(b"GET /").await;
    let mut busy = Raw::connect(server.address).await;
    ask(&mut busy).await;

    let mut new = Raw::connect(server.address).await;
    ask(&mut new).await;
    idle.end().await;
    ask(&mut busy).await;
    let mut new_too = Raw::connect(server.address).await;
    ask(&mut new_too).await;
    slow.end().await;
    for raw in [&mut busy, &mut new, &mut new_too] {
        ask(raw).await;
    }
    websocket.send(&frame(0x81, b"still here")).await;
    assert_eq!(websocket.frame().await.unwrap().payload, b"still here");
}

/// Once a client that sent no request took all descriptors, and probes were not accepted.
#[tokio::test]
async fn a_probe_gets_through_however_many_wait() {
    let server = Server::start(&["--max-http-connections", "8", "--head-timeout", "1m"]);
    let mut waiting = Vec::new();
    for _ in 0..100 {
        waiting.push(Raw::connect(server.address).await);
        if waiting.len() % 25 == 0 {
            assert_eq!(server.get("/healthz").await.status(), 200);
        }
    }
    assert!(metric(&server, "ws_echo_http_connections_open").await <= 8);
    // Evicted are the connections of the probes, and those that waited before.
    assert!(metric(&server, "ws_echo_http_connections_evicted_total").await >= 100 - 8);
    assert_eq!(metric(&server, "ws_echo_connections_open").await, 0);
}

#[tokio::test]
async fn an_address_takes_places_from_nobody_else() {
    for flags in [["--max-http-connections-per-address", "2"], ["--max-http-connections", "4"]] {
        let server = Server::start(&[&flags[..], &["--head-timeout", "1m", "--keep-alive", "1m"]].concat());
        let mut other = Raw::connect_from([127, 0, 0, 2].into(), server.address).await;
        ask(&mut other).await;
        let mut many = Vec::new();
        for _ in 0..20 {
            let mut raw = Raw::connect(server.address).await;
            ask(&mut raw).await;
            many.push(raw);
        }
        ask(&mut other).await;
        many[0].end().await;
    }
}

/// A silent client is evicted as well, during the TLS handshake and after it.
#[tokio::test]
async fn over_tls_a_new_connection_finds_a_place_as_well() {
    let identity = Identity::new();
    let flags = [&identity.flags()[..], &["--max-http-connections", "2", "--head-timeout", "1m"]].concat();
    let server = Server::start(&flags);
    let mut silent = TcpStream::connect(server.address).await.unwrap();
    let mut shaken = identity.connect(server.address).await.unwrap();
    let _other = identity.connect(server.address).await.unwrap();
    let mut piece = [0];
    let ended = timeout(Duration::from_secs(5), silent.read(&mut piece)).await.expect("an end");
    assert!(matches!(ended, Ok(0) | Err(_)), "{ended:?}");
    let _third = identity.connect(server.address).await.unwrap();
    let ended = timeout(Duration::from_secs(5), shaken.read(&mut piece)).await.expect("an end");
    assert!(matches!(ended, Ok(0) | Err(_)), "{ended:?}");
}

#[tokio::test]
async fn connections_count_in_the_memory_that_clients_hold() {
    let server = Server::start(&["--head-timeout", "1m", "--keep-alive", "1m"]);
    let held = async || {
        // Both answers come on one connection, so the server has counted before it answers the second request.
        let mut raw = Raw::connect(server.address).await;
        ask(&mut raw).await;
        raw.send(b"GET /metrics HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n").await;
        let text = raw.rest().await;
        let line = text.lines().find_map(|line| line.strip_prefix("ws_echo_held_bytes "));
        line.unwrap_or_else(|| panic!("{text}")).parse::<usize>().unwrap()
    };
    let alone = held().await;
    let mut heads = Vec::new();
    for _ in 0..10 {
        let mut raw = Raw::connect(server.address).await;
        ask(&mut raw).await;
        heads.push(raw);
    }
    let idle = held().await - alone;
    assert!((10 * 2048..10 * 16 * 1024).contains(&idle), "{idle} bytes");
    let long = format!("GET / HTTP/1.1\r\nX: {}", "x".repeat(30_000));
    for raw in &mut heads {
        raw.send(long.as_bytes()).await;
    }
    let arrived = async {
        while held().await < alone + idle + 10 * 30_000 {
            tokio::task::yield_now().await;
        }
    };
    timeout(Duration::from_secs(10), arrived).await.expect("long heads are counted");
    drop(heads);
    let gone = async {
        while server.connections.held() > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(10), gone).await.expect("nothing is held in the end");
}

#[tokio::test]
async fn a_long_head_that_there_is_no_memory_for_is_refused_and_a_short_one_is_not() {
    let server = Server::start(&["--max-held", "16KiB"]);
    for _ in 0..3 {
        let mut long = Raw::connect(server.address).await;
        long.send(format!("GET / HTTP/1.1\r\nX: {}", "x".repeat(30_000)).as_bytes()).await;
        let (head, body) = long.response().await;
        assert!(head.starts_with("http/1.1 503 ") && head.contains("\r\nretry-after: 1\r\n"), "{head}");
        assert_eq!(body, "the server has no memory left for a head of this length; try again in a moment\n");
        let mut short = Raw::connect(server.address).await;
        ask(&mut short).await;
    }
    assert_eq!(metric(&server, "ws_echo_bad_requests_total{reason=\"out_of_memory\"}").await, 3);
}

/// Once the server could not accept without descriptors, and no probe got through.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_probe_gets_through_however_few_files_there_are() {
    let flags = ["--listen", "127.0.0.1:0", "--workers", "1", "--head-timeout", "1m"];
    let mut running = Running::start(ws_echo_with_files(200, &flags));
    let address = running.address().await;
    let mut waiting = Vec::new();
    for _ in 0..400 {
        let mut raw = Raw::connect(address).await;
        raw.send(b"G").await;
        waiting.push(raw);
    }
    let mut probe = Raw::connect(address).await;
    ask(&mut probe).await;
    assert!(running.open_files() < 200);
}
