//! Upgrades in every form of HTTP: those to a WebSocket, and those that the server ignores.

use ws_echo_test_support::{
    frame::frame,
    raw::{Raw, request, upgrade_lines},
    server::{ENGINES, Server},
};

/// RFC 9110 section 7.8, RFC 6455 section 4.2.1: `Upgrade` is a list. Once a list with another name in it was a connection for
/// the handshake and a plain request for HTTP: the client got a 101, and then the end of a chunked body.
#[tokio::test]
async fn every_form_of_the_upgrade_to_a_websocket_is_served() {
    for engine in ENGINES {
        let server = Server::on(engine, &[]);
        for upgrade in [
            "Upgrade: websocket, h2c",
            "Upgrade: h2c, websocket",
            "Upgrade: h2c,WebSocket,",
            "Upgrade: \tWEBSOCKET ",
            "Upgrade: h2c\r\nUpgrade: websocket",
            "Upgrade: websocket\r\nUpgrade: websocket",
        ] {
            for connection in [
                "Upgrade",
                "keep-alive, upgrade",
                "keep-alive\r\nConnection: UPGRADE",
                ", upgrade",
                "close, Upgrade",
            ] {
                let lines = upgrade_lines()
                    .replace("Upgrade: websocket", upgrade)
                    .replace("Connection: Upgrade", &format!("Connection: {connection}"));
                let mut raw = Raw::connect(server.address).await;
                raw.send(request(&lines).as_bytes()).await;
                let head = raw.head().await;
                assert!(head.starts_with("HTTP/1.1 101 "), "{engine}, {lines}: {head}");
                raw.send(&frame(0x81, b"hello")).await;
                assert_eq!(raw.frame().await.unwrap().payload, b"hello", "{engine}, {lines}");
            }
        }
    }
}

#[tokio::test]
async fn another_upgrade_at_the_echo_is_told_which_one_is_served() {
    for engine in ENGINES {
        let server = Server::on(engine, &[]);
        for upgrade in ["h2c", "websocket/13", "xwebsocket", "web socket", "\"websocket\"", ""] {
            let mut raw = Raw::connect(server.address).await;
            let lines = upgrade_lines().replace("Upgrade: websocket", &format!("Upgrade: {upgrade}"));
            raw.send(request(&lines).as_bytes()).await;
            let head = raw.head().await;
            assert!(head.starts_with("HTTP/1.1 426 "), "{engine}, {upgrade}: {head}");
        }
    }
}

/// Java's HttpClient and `curl --http2` offer HTTP/2 with every request. Once the connection was closed after the answer, without
/// a notice.
#[tokio::test]
async fn an_upgrade_that_is_not_served_is_ignored() {
    let server = Server::start(&[]);
    for path in ["/healthz", "/api/info", "/gone"] {
        for lines in [
            "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n",
            "Connection: upgrade\r\nUpgrade: TLS/1.2, foo\r\n",
            "Connection: upgrade\r\n",
            "Upgrade: websocket\r\n",
        ] {
            let mut raw = Raw::connect(server.address).await;
            for _ in 0..3 {
                raw.send(format!("GET {path} HTTP/1.1\r\nHost: test\r\n{lines}\r\n").as_bytes()).await;
                let (head, _) = raw.response().await;
                assert!(head.starts_with("http/1.1 200 ") || path == "/gone", "{lines}{head}");
                assert!(!head.contains("\r\nconnection:") && !head.contains("\r\nupgrade:"), "{lines}{head}");
            }
        }
    }
}

/// Once clients that got the page there reported "unexpected status 200".
#[tokio::test]
async fn a_handshake_at_another_path_is_told_the_right_one() {
    let dist = tempfile::tempdir().unwrap();
    std::fs::write(dist.path().join("index.html"), "the page").unwrap();
    let dist = dist.path().to_str().unwrap();
    for engine in ENGINES {
        for (base, echo) in [("/", "/echo"), ("/tools/echo", "/tools/echo/echo")] {
            let server = Server::on(engine, &["--dist", dist, "--base-path", base]);
            for path in [
                "/",
                "/index.html",
                "/echo/",
                "/Echo",
                "//echo",
                "/healthz",
                "/api/info",
                "/metrics",
                "/gone",
            ] {
                let mut raw = Raw::connect(server.address).await;
                raw.send(request(&upgrade_lines()).replace("GET /echo ", &format!("GET {path} ")).as_bytes())
                    .await;
                let (head, body) = raw.response().await;
                assert!(head.starts_with("http/1.1 404 "), "{engine}, {path}: {head}");
                assert_eq!(body, format!("no WebSocket endpoint is at this path: the echo is at {echo}\n"));
                assert!(head.contains("\r\nconnection: close\r\n"), "frames may follow: {head}");
                raw.end().await;
            }
            let metrics = server.get("/metrics").await.text().await.unwrap();
            assert!(metrics.contains("ws_echo_handshakes_refused_total{reason=\"path\"} 9\n"), "{metrics}");
        }
    }
}

/// The path of a request has one reading. Once the App took a handshake with `%65cho` for `echo`, and served it by the other
/// engine.
#[tokio::test]
async fn every_spelling_of_the_path_leads_to_the_engine_that_was_asked_for() {
    for engine in ENGINES {
        let server = Server::on(engine, &[]);
        for target in
            ["/echo", "/%65cho", "/ech%6F", "/echo?a=b", "http://other.test/echo", "http://other.test/%65cho"]
        {
            let lines = format!("{}Sec-WebSocket-Extensions: permessage-deflate\r\n", upgrade_lines());
            let handshake = request(&lines).replace("GET /echo ", &format!("GET {target} "));
            let mut raw = Raw::connect(server.address).await;
            raw.send(handshake.as_bytes()).await;
            let head = raw.head().await;
            assert!(head.starts_with("HTTP/1.1 101 "), "{engine}, {target}: {head}");
            let compresses = head.contains("\r\nSec-WebSocket-Extensions: permessage-deflate");
            assert_eq!(compresses, engine == "native", "{engine}, {target}: {head}");

            let mut raw = Raw::connect(server.address).await;
            raw.send(handshake.replace("Sec-WebSocket-Key: ", "Sec-WebSocket-Key: x").as_bytes()).await;
            let (head, body) = raw.response().await;
            assert!(
                head.starts_with("http/1.1 400 ") && body.contains("Sec-WebSocket-Key"),
                "{engine}, {target}: {head}"
            );
        }
        let mut raw = Raw::connect(server.address).await;
        raw.send(request(&upgrade_lines()).replace("GET /echo ", "GET /%2565cho ").as_bytes()).await;
        assert!(raw.head().await.starts_with("HTTP/1.1 404 "));
        let metrics = server.get("/metrics").await.text().await.unwrap();
        assert!(
            metrics.contains("ws_echo_handshakes_refused_total{reason=\"key\"} 6\n"),
            "{engine}: {metrics}"
        );
    }
}

/// A client may send frames before it has the answer. A reset because of them could take the answer away.
#[tokio::test]
async fn a_client_that_is_refused_can_send_on_until_it_has_read_why() {
    for engine in ENGINES {
        let server = Server::on(engine, &[]);
        let no_key = upgrade_lines().replace("Sec-WebSocket-Key", "X-Key");
        for handshake in [request(&no_key), request(&upgrade_lines()).replace("/echo", "/gone")] {
            let mut raw = Raw::connect(server.address).await;
            raw.send(&[handshake.as_bytes(), &frame(0x82, &[7; 1000])].concat()).await;
            raw.head().await;
            for _ in 0..20 {
                raw.send(&frame(0x82, &[7; 1000])).await;
            }
            raw.finish().await;
            assert!(!raw.rest().await.is_empty(), "{engine}: the text of the answer");
        }
    }
}

/// With the dispatcher of actix-http, a client that had pipelined 300 requests before its handshake sometimes got 1002: a part of
/// the requests was parsed as frames.
#[tokio::test]
async fn pipelined_requests_in_front_of_a_handshake_are_answered_and_the_frames_behind_it_echoed() {
    for engine in ENGINES {
        let server = Server::on(engine, &[]);
        let requests = "GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n";
        for (count, piece) in [(1, usize::MAX), (300, usize::MAX), (300, 4096), (300, 1460), (300, 100)] {
            let handshake = request(&upgrade_lines()).into_bytes();
            let frames = frame(0x82, &[7; 1000]).repeat(5);
            let stream = [requests.repeat(count).into_bytes(), handshake, frames].concat();
            let mut raw = Raw::connect(server.address).await;
            for piece in stream.chunks(piece) {
                raw.send(piece).await;
            }
            for number in 0..count {
                let (head, body) = raw.response().await;
                assert!(head.starts_with("http/1.1 200 "), "{engine}, request {number} of {count}: {head}");
                assert_eq!(body, "ok\n");
            }
            assert!(raw.head().await.starts_with("HTTP/1.1 101 "), "{engine}, {count} by {piece}");
            for _ in 0..5 {
                assert_eq!(raw.frame().await.unwrap().payload, [7; 1000], "{engine}, {count} by {piece}");
            }
        }
    }
}
