//! Plain HTTP/1.1: the requests of one connection, one after the other.

use std::time::{Duration, Instant};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use ws_echo_test_support::{
    program::{Running, ws_echo},
    raw::Raw,
    server::Server,
};

const HEALTH: &str = "GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n";

#[tokio::test]
async fn pipelined_requests_are_answered_in_their_order() {
    let server = Server::start(&[]);
    let mut raw = Raw::connect(server.address).await;
    let paths: Vec<_> = (0..300).map(|number| if number % 2 == 0 { "/healthz" } else { "/readyz" }).collect();
    let requests: String =
        paths.iter().map(|path| format!("GET {path} HTTP/1.1\r\nHost: test\r\n\r\n")).collect();
    raw.send(requests.as_bytes()).await;
    for path in paths {
        let expected = if path == "/healthz" { "ok\n" } else { "ready\n" };
        assert_eq!(raw.response().await.1, expected);
    }
}

/// RFC 9112 section 9.6.
#[tokio::test]
async fn nothing_is_answered_behind_a_request_that_closes() {
    let server = Server::start(&[]);
    for (closing, head_has) in [
        (HEALTH.replace("Host: test", "Host: test\r\nConnection: close"), "\r\nconnection: close\r\n"),
        (HEALTH.replace("HTTP/1.1", "HTTP/1.0"), "http/1.0 200 "),
    ] {
        let mut raw = Raw::connect(server.address).await;
        raw.send(format!("{closing}{HEALTH}").as_bytes()).await;
        let (head, body) = raw.response().await;
        assert!(head.contains(head_has), "{head}");
        assert_eq!(body, "ok\n");
        raw.end().await;
    }
}

#[tokio::test]
async fn http_1_0_keeps_a_connection_if_it_asks_for_it() {
    let server = Server::start(&[]);
    let mut raw = Raw::connect(server.address).await;
    for _ in 0..2 {
        raw.send(b"GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").await;
        let (head, _) = raw.response().await;
        assert!(
            head.starts_with("http/1.0 200 ") && head.contains("\r\nconnection: keep-alive\r\n"),
            "{head}"
        );
    }
}

#[tokio::test]
async fn a_head_request_gets_the_head_alone() {
    let server = Server::start(&[]);
    let mut raw = Raw::connect(server.address).await;
    raw.send(format!("{}{HEALTH}", HEALTH.replacen("GET", "HEAD", 1)).as_bytes()).await;
    let head = raw.head().await;
    assert!(head.starts_with("HTTP/1.1 200 ") && head.contains("\r\ncontent-length: 3\r\n"), "{head}");
    assert_eq!(raw.response().await.1, "ok\n");
}

/// No route reads a body: the server skips the bytes that have come, and does not wait for the others.
#[tokio::test]
async fn a_body_is_never_taken_for_a_request() {
    let server = Server::start(&[]);
    let post = |lines: &str, body: &str| format!("POST /healthz HTTP/1.1\r\nHost: test\r\n{lines}\r\n{body}");
    for body in ["x".to_owned(), HEALTH.to_owned()] {
        let mut raw = Raw::connect(server.address).await;
        let length = format!("Content-Length: {}\r\n", body.len());
        raw.send(format!("{}{HEALTH}", post(&length, &body)).as_bytes()).await;
        assert!(raw.response().await.0.starts_with("http/1.1 405 "));
        assert!(raw.response().await.0.starts_with("http/1.1 200 "), "the body was passed over");
    }
    let chunks = format!("{:x}\r\n{HEALTH}\r\n0\r\n\r\n", HEALTH.len());
    for request in [
        post("Transfer-Encoding: chunked\r\n", &format!("{chunks}{HEALTH}")),
        post("Content-Length: 1000\r\nExpect: 100-continue\r\n", ""),
        post("Content-Length: 100000000000\r\n", HEALTH),
    ] {
        let mut raw = Raw::connect(server.address).await;
        raw.send(request.as_bytes()).await;
        let (head, _) = raw.response().await;
        assert!(head.starts_with("http/1.1 405 ") && head.contains("\r\nconnection: close\r\n"), "{head}");
        raw.end().await;
    }
}

#[tokio::test]
async fn every_head_is_waited_for_as_long_and_no_longer() {
    let server = Server::start(&["--head-timeout", "300ms", "--keep-alive", "10s"]);
    let mut raw = Raw::connect(server.address).await;
    for _ in 0..2 {
        raw.send(HEALTH.as_bytes()).await;
        assert_eq!(raw.response().await.1, "ok\n");
    }
    let began = Instant::now();
    raw.send(b"G").await;
    let (head, body) = raw.response().await;
    assert!(head.starts_with("http/1.1 408 "), "{head}");
    assert_eq!(body, "the head of the request did not come in time\n");
    raw.end().await;
    assert!((Duration::from_millis(250)..Duration::from_secs(3)).contains(&began.elapsed()), "{began:?}");
}

#[tokio::test]
async fn an_idle_connection_is_ended_without_a_word() {
    for keep_alive in ["50ms", "300ms"] {
        let server = Server::start(&["--keep-alive", keep_alive]);
        let mut raw = Raw::connect(server.address).await;
        raw.send(HEALTH.as_bytes()).await;
        raw.response().await;
        let began = Instant::now();
        raw.end().await;
        assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn an_answer_that_is_not_read_ends_the_connection() {
    let dist = tempfile::tempdir().unwrap();
    std::fs::write(dist.path().join("large.bin"), vec![7; 32 << 20]).unwrap();
    let flags =
        ["--listen", "127.0.0.1:0", "--dist", dist.path().to_str().unwrap(), "--write-timeout", "300ms"];
    let mut running = Running::start(ws_echo(&flags));
    let address = running.warm_address().await;
    let files = running.open_files();
    let mut raw = Raw::connect(address).await;
    raw.send(b"GET /large.bin HTTP/1.1\r\nHost: test\r\n\r\n").await;
    assert!(raw.head().await.contains("\r\ncontent-length: 33554432\r\n"));
    running.until_files(files).await;
}

/// A socket can be written to again when a third of its buffer is free. Once a client that took longer for that was cut off,
/// though it read without a pause.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_client_that_reads_slowly_gets_all_of_its_answer() {
    let dist = tempfile::tempdir().unwrap();
    std::fs::write(dist.path().join("large.bin"), vec![7; 32 << 20]).unwrap();
    let server = Server::start(&["--dist", dist.path().to_str().unwrap(), "--write-timeout", "1s"]);
    let mut socket = TcpStream::connect(server.address).await.unwrap();
    socket.write_all(b"GET /large.bin HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n").await.unwrap();
    let (mut piece, mut received) = (vec![0; 64 * 1024], 0);
    // 1 MB a second.
    let mut pace = tokio::time::interval(Duration::from_millis(64));
    while received < 5 << 20 {
        pace.tick().await;
        received += socket.read(&mut piece).await.unwrap();
    }
    let mut rest = Vec::new();
    received += socket.read_to_end(&mut rest).await.unwrap();
    assert!(received > 32 << 20, "{received} bytes");
}

/// RFC 9112 section 2.2: some clients send an empty line after a request. It does not begin another one.
#[tokio::test]
async fn an_empty_line_is_no_request() {
    let server = Server::start(&["--head-timeout", "300ms", "--keep-alive", "300ms"]);
    let mut raw = Raw::connect(server.address).await;
    raw.send(format!("{HEALTH}\r\n").as_bytes()).await;
    assert_eq!(raw.response().await.1, "ok\n");
    raw.end().await;
}

#[tokio::test]
async fn a_file_is_sent_whole() {
    let dist = tempfile::tempdir().unwrap();
    let content: Vec<u8> = (0..1_000_000_u32).map(|number| (number % 251) as u8).collect();
    std::fs::write(dist.path().join("a.bin"), &content).unwrap();
    let server = Server::with_dist(dist.path());
    let response = server.get("/a.bin").await;
    assert_eq!(response.bytes().await.unwrap(), content);
    let ranged = reqwest::Client::new().get(server.url("/a.bin")).header("Range", "bytes=10-19");
    let ranged = ranged.send().await.unwrap();
    assert_eq!(ranged.status(), 206);
    assert_eq!(ranged.bytes().await.unwrap(), content[10..20]);
}
