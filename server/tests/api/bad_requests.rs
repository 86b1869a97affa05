//! Requests that break HTTP itself: each gets a line of text, a line in the log, and a count.

use ws_echo_test_support::{
    program::{Running, ws_echo},
    raw::Raw,
    server::Server,
};

use crate::headers::assert_all;

/// Returns bytes, each with the status, a part of the text and the label of the count.
fn cases() -> Vec<(Vec<u8>, u16, &'static str, &'static str)> {
    let get = |lines: &str| format!("GET / HTTP/1.1\r\n{lines}\r\n").into_bytes();
    let line = |line: &str| format!("{line}\r\nHost: test\r\n\r\n").into_bytes();
    let many: String = (0..96).map(|number| format!("X-{number}: a\r\n")).collect();
    vec![
        (get(""), 400, "needs a Host", "host"),
        (get("Host: a\r\nHost: b\r\n"), 400, "only one Host", "host"),
        (get("Host: a/b\r\n"), 400, "Host must be", "host"),
        (line("GET /ä HTTP/1.1"), 400, "percent-encoded", "target"),
        (line("GET /?a=\"b\" HTTP/1.1"), 400, "percent-encoded", "target"),
        (line("GET echo HTTP/1.1"), 400, "must begin with a slash", "target"),
        (line("GET test:80 HTTP/1.1"), 400, "must begin with a slash", "target"),
        (line("GET * HTTP/1.1"), 400, "must begin with a slash", "target"),
        (line("CONNECT test:80 HTTP/1.1"), 501, "not a proxy", "connect"),
        (line("GET / HTTP/1.1 "), 400, "one space", "request_line"),
        (line("GET /a b HTTP/1.1"), 400, "one space", "request_line"),
        (line("GET /"), 400, "one space", "request_line"),
        (line(&format!("{} / HTTP/1.1", "M".repeat(60_000))), 501, "longer than any other", "method"),
        (line("GET / HTTP/2.0"), 505, "HTTP/1.1", "version"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(), 505, "--http2 off", "http2"),
        (b"PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n".to_vec(), 400, "PROXY protocol", "proxy_protocol"),
        (b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c".to_vec(), 400, "PROXY protocol", "proxy_protocol"),
        (b"\x16\x03\x01\x02\0\x01\0".to_vec(), 400, "does not speak TLS", "tls"),
        (get("Host: test\r\nX : a\r\n"), 400, "NAME: VALUE", "header_line"),
        (get("Host: test\r\nX: a\0\r\n"), 400, "NAME: VALUE", "header_line"),
        (get(&format!("Host: test\r\n{many}")), 431, "at most 96 header lines", "too_many_headers"),
        (get(&format!("Host: test\r\nX: {}\r\n", "a".repeat(65_536))), 431, "65536 bytes", "head_too_long"),
        (vec![b'\n'; 65_536], 431, "65536 bytes", "head_too_long"),
        (get("Host: test\r\nContent-Length: x\r\n"), 400, "decimal", "content_length"),
        (get("Host: test\r\nContent-Length: 1\r\nContent-Length: 1\r\n"), 400, "decimal", "content_length"),
        (get("Host: test\r\nTransfer-Encoding: gzip\r\n"), 400, "chunked", "transfer_encoding"),
        (
            b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec(),
            400,
            "chunked",
            "transfer_encoding",
        ),
    ]
}

#[tokio::test]
async fn each_is_answered_logged_and_counted_once() {
    let mut running =
        Running::start(ws_echo(&["--listen", "127.0.0.1:0", "--workers", "1", "--http2", "off"]));
    let address = running.warm_address().await;
    let mut counts = std::collections::BTreeMap::new();
    for (bytes, status, text, reason) in cases() {
        let what = bytes[..bytes.len().min(60)].escape_ascii().to_string();
        let mut raw = Raw::connect(address).await;
        raw.send(&bytes).await;
        let (head, body) = raw.response().await;
        assert!(head.starts_with(&format!("http/1.1 {status} ")), "{what}: {head}");
        assert!(head.contains("\r\nconnection: close\r\n"), "{what}: {head}");
        assert!(head.contains("\r\ncontent-type: text/plain; charset=utf-8\r\n"), "{what}: {head}");
        assert_all(&head, &what);
        assert!(body.contains(text) && body.lines().count() == 1 && body.ends_with('\n'), "{what}: {body}");
        raw.end().await;
        *counts.entry(reason).or_insert(0) += 1;
        let line = running.line("Bad request: ").await;
        assert!(line.contains("WARN") && line.contains("peer=127.0.0.1:"), "{what}: {line}");
        assert!(line.contains(text) && line.contains(&format!("status={status}")), "{what}: {line}");
    }
    let metrics = reqwest::get(format!("http://{address}/metrics")).await.unwrap().text().await.unwrap();
    for (reason, count) in counts {
        let line = format!("ws_echo_bad_requests_total{{reason=\"{reason}\"}} {count}\n");
        assert!(metrics.contains(&line), "{line}{metrics}");
    }
    let rest = running.stop().await;
    assert!(!rest.iter().any(|line| line.contains("ERROR") || line.contains("Bad request")), "{rest:?}");
}

/// Requests in front of a bad one are answered.
#[tokio::test]
async fn a_bad_request_does_not_undo_good_ones_before_it() {
    let server = Server::start(&[]);
    let mut raw = Raw::connect(server.address).await;
    raw.send(b"GET /healthz HTTP/1.1\r\nHost: test\r\n\r\nGET healthz HTTP/1.1\r\nHost: test\r\n\r\n").await;
    assert_eq!(raw.response().await.1, "ok\n");
    assert!(raw.response().await.0.starts_with("http/1.1 400 "));
    raw.end().await;
}

#[tokio::test]
async fn each_is_told_apart_however_its_bytes_are_split() {
    let server = Server::start(&["--http2", "off"]);
    for (bytes, status, text, _) in cases().into_iter().filter(|(bytes, ..)| bytes.len() < 100) {
        let mut raw = Raw::connect(server.address).await;
        for byte in &bytes {
            // The server may answer and end the connection before the last byte.
            if raw.try_send(&[*byte]).await.is_err() {
                break;
            }
        }
        let (head, body) = raw.response().await;
        assert!(head.starts_with(&format!("http/1.1 {status} ")), "{head}");
        assert!(body.contains(text), "{body}");
    }
}
