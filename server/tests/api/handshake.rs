//! Opening handshakes (RFC 6455 section 4.2): the requests that become WebSocket connections, and the answers to all others.

use futures_util::{SinkExt, StreamExt};
use tokio_tungstenite::{
    connect_async,
    tungstenite::{Message, client::IntoClientRequest},
};
#[cfg(target_os = "linux")]
use ws_echo_test_support::program::{Running, ws_echo};
use ws_echo_test_support::{
    frame::frame,
    raw::{ACCEPT, KEY, Raw, request, upgrade_lines},
    server::{ENGINES, Server},
};

/// Sends a handshake with these header lines. Returns the head of the response.
async fn answer(server: &Server, lines: &str) -> String {
    let mut raw = Raw::connect(server.address).await;
    raw.send(request(lines).as_bytes()).await;
    raw.head().await
}

fn has(head: &str, line: &str) -> bool {
    head.lines().any(|have| have.eq_ignore_ascii_case(line))
}

#[tokio::test]
async fn the_accept_header_proves_that_the_key_was_read() {
    let server = Server::start(&[]);
    let head = answer(&server, &upgrade_lines()).await;
    assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
    assert!(has(&head, &format!("sec-websocket-accept: {ACCEPT}")), "{head}");
    assert!(has(&head, "upgrade: websocket") && has(&head, "connection: upgrade"), "{head}");
    assert!(!head.to_lowercase().contains("sec-websocket-protocol"), "{head}");
    assert!(!head.to_lowercase().contains("sec-websocket-extensions"), "{head}");
}

#[tokio::test]
async fn header_values_are_read_as_lists_in_any_case() {
    let server = Server::start(&[]);
    let lines = upgrade_lines()
        .replace("Connection: Upgrade", "Connection: keep-alive, UPGRADE")
        .replace("Upgrade: websocket", "Upgrade: h2c, WebSocket");
    assert!(answer(&server, &lines).await.starts_with("HTTP/1.1 101 "));
}

#[tokio::test]
async fn a_request_that_is_no_handshake_is_told_what_would_be_one() {
    let server = Server::start(&[]);
    let lines = upgrade_lines();
    for (what, lines, status) in [
        ("no Upgrade", lines.replace("Upgrade: websocket\r\n", ""), 426),
        ("another Upgrade", lines.replace("Upgrade: websocket", "Upgrade: xwebsocket"), 426),
        ("no Connection", lines.replace("Connection: Upgrade\r\n", ""), 426),
        ("no version", lines.replace("Sec-WebSocket-Version: 13\r\n", ""), 426),
        ("version 12", lines.replace(": 13", ": 12"), 426),
        ("no key", lines.replace(&format!("Sec-WebSocket-Key: {KEY}\r\n"), ""), 400),
        ("a short key", lines.replace(KEY, "c2hvcnQ="), 400),
        ("a key that is not base64", lines.replace(KEY, "!!!!!!!!!!!!!!!!!!!!!!=="), 400),
        ("two keys", format!("{lines}Sec-WebSocket-Key: {KEY}\r\n"), 400),
        ("a body", format!("{lines}Content-Length: 5\r\n"), 400),
        ("a body in chunks", format!("{lines}Transfer-Encoding: chunked\r\n"), 400),
        ("a subprotocol that is no token", format!("{lines}Sec-WebSocket-Protocol: a b\r\n"), 400),
    ] {
        let head = answer(&server, &lines).await;
        assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{what}: {head}");
        if status == 426 {
            assert!(
                has(&head, "sec-websocket-version: 13") && has(&head, "upgrade: websocket"),
                "{what}: {head}"
            );
        }
    }
}

/// Row 19 of the fault matrix: requests that a proxy could read otherwise than the server.
#[tokio::test]
async fn a_request_of_two_meanings_is_a_bad_one() {
    let server = Server::start(&[]);
    let good = request(&upgrade_lines());
    for (what, request) in [
        ("two hosts", good.replace("Host: test", "Host: test\r\nHost: other")),
        ("no host", good.replace("Host: test\r\n", "")),
        ("two lengths", request(&format!("{}Content-Length: 0\r\nContent-Length: 5\r\n", upgrade_lines()))),
        (
            "a length and chunks",
            request(&format!("{}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", upgrade_lines())),
        ),
        ("a folded header", good.replace("Host: test", "Host: test\r\nX-Folded: a\r\n b")),
        ("a space before the colon", good.replace("Host: test", "Host: test\r\nX-Space : a")),
    ] {
        let mut raw = Raw::connect(server.address).await;
        raw.send(request.as_bytes()).await;
        let head = raw.head().await;
        assert!(head.starts_with("HTTP/1.1 400 "), "{what}: {head}");
    }
}

/// Row 19 of the fault matrix.
#[tokio::test]
async fn a_head_that_is_too_long_is_refused() {
    let server = Server::start(&[]);
    let many: String = (0..97).map(|number| format!("X-{number}: a\r\n")).collect();
    for lines in [many, format!("X-Long: {}\r\n", "a".repeat(160 * 1024))] {
        let head = answer(&server, &format!("{}{lines}", upgrade_lines())).await;
        assert!(head.starts_with("HTTP/1.1 431 "), "{head}");
    }
}

#[tokio::test]
async fn http_1_0_is_too_old() {
    let server = Server::start(&[]);
    let mut raw = Raw::connect(server.address).await;
    raw.send(request(&upgrade_lines()).replace("HTTP/1.1", "HTTP/1.0").as_bytes()).await;
    let head = raw.head().await;
    assert!(head.starts_with("HTTP/1.0 426 "), "{head}");
}

#[tokio::test]
async fn a_browser_that_opens_the_path_is_told_what_it_is() {
    let server = Server::start(&[]);
    let response = server.get("/echo").await;
    assert_eq!(response.status(), 426);
    let text = response.text().await.unwrap();
    assert!(text.contains("WebSocket endpoint") && text.lines().count() == 1, "{text}");
}

#[tokio::test]
async fn other_methods_are_refused_with_the_one_that_is_allowed() {
    let server = Server::start(&[]);
    let response = reqwest::Client::new().post(server.url("/echo")).send().await.unwrap();
    assert_eq!(response.status(), 405);
    assert_eq!(response.headers()["allow"], "GET");
    // A handshake by another method than GET is none.
    let mut raw = Raw::connect(server.address).await;
    raw.send(request(&upgrade_lines()).replacen("GET", "POST", 1).as_bytes()).await;
    let head = raw.head().await;
    assert!(head.starts_with("HTTP/1.1 405 ") && has(&head, "allow: GET"), "{head}");
}

#[tokio::test]
async fn the_first_subprotocol_offered_is_spoken() {
    let server = Server::start(&[]);
    let lines = format!("{}Sec-WebSocket-Protocol: v2.chat, v1.chat\r\n", upgrade_lines());
    assert!(has(&answer(&server, &lines).await, "sec-websocket-protocol: v2.chat"));
}

#[tokio::test]
async fn a_list_restricts_the_subprotocols() {
    let server = Server::start(&["--subprotocol", "a", "--subprotocol", "b"]);
    let lines = format!("{}Sec-WebSocket-Protocol: x, b, a\r\n", upgrade_lines());
    assert!(has(&answer(&server, &lines).await, "sec-websocket-protocol: b"));
    let lines = format!("{}Sec-WebSocket-Protocol: x\r\n", upgrade_lines());
    let head = answer(&server, &lines).await;
    assert!(
        head.starts_with("HTTP/1.1 101 ") && !head.to_lowercase().contains("sec-websocket-protocol"),
        "{head}"
    );
}

async fn status_for_origin(server: &Server, origin: Option<&'static str>) -> u16 {
    let mut request = format!("ws://{}/echo", server.address).into_client_request().unwrap();
    if let Some(origin) = origin {
        request.headers_mut().insert("origin", origin.parse().unwrap());
    }
    match connect_async(request).await {
        Ok((mut client, response)) => {
            client.send(Message::text("x")).await.unwrap();
            assert_eq!(client.next().await.unwrap().unwrap(), Message::text("x"));
            response.status().as_u16()
        }
        Err(tokio_tungstenite::tungstenite::Error::Http(response)) => response.status().as_u16(),
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn every_origin_may_connect_unless_there_is_a_list() {
    let open = Server::start(&[]);
    for origin in [None, Some("https://any.test"), Some("null")] {
        assert_eq!(status_for_origin(&open, origin).await, 101, "{origin:?}");
    }
    let listed = Server::start(&["--origin", "https://a.test"]);
    for (origin, status) in [
        (None, 101),
        (Some("https://a.test"), 101),
        (Some("https://b.test"), 403),
        (Some("http://a.test"), 403),
        (Some("null"), 403),
    ] {
        assert_eq!(status_for_origin(&listed, origin).await, status, "{origin:?}");
    }
    // A proxy could check the one, and the server the other.
    for (origins, status) in [(["a", "b"], 403), (["b", "a"], 403), (["a", "a"], 101)] {
        let [one, other] = origins.map(|name| format!("Origin: https://{name}.test\r\n"));
        let head = answer(&listed, &format!("{}{one}{other}", upgrade_lines())).await;
        assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{origins:?}: {head}");
    }
}

#[tokio::test]
async fn one_connection_too_many_is_told_to_come_again() {
    for engine in ENGINES {
        let server = Server::for_connections(engine, 2);
        let first = Raw::upgraded(server.address).await;
        let _second = Raw::upgraded(server.address).await;
        let head = answer(&server, &upgrade_lines()).await;
        assert!(head.starts_with("HTTP/1.1 503 ") && has(&head, "retry-after: 1"), "{head}");
        for probe in ["/healthz", "/readyz"] {
            assert_eq!(server.get(probe).await.status(), 200, "{engine} {probe}");
        }
        drop(first);
        while server.connections.count() > 1 {
            tokio::task::yield_now().await;
        }
        Raw::upgraded(server.address).await;
    }
}

#[tokio::test]
async fn the_answers_to_earlier_requests_come_before_the_handshakes() {
    for engine in ENGINES {
        let server = Server::on(engine, &[]);
        let mut raw = Raw::connect(server.address).await;
        let health = "GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n";
        raw.send(format!("{health}{}", request(&upgrade_lines())).as_bytes()).await;
        let head = raw.head().await;
        assert!(head.starts_with("HTTP/1.1 200 "), "{engine}: {head}");
        let next = raw.head().await;
        assert!(
            next.starts_with("okHTTP/1.1 101 ") || next.starts_with("ok\nHTTP/1.1 101 "),
            "{engine}: {next}"
        );
        raw.send(&frame(0x81, b"hello")).await;
        assert_eq!(raw.frame().await.unwrap().payload, b"hello");
    }
}

/// actix accepts any value of Host, as long as there is only one.
#[tokio::test]
async fn a_host_that_is_none_is_refused() {
    for engine in ENGINES {
        let server = Server::on(engine, &[]);
        for host in ["", "a b", "a/b", "user@test"] {
            let mut raw = Raw::connect(server.address).await;
            let handshake = request(&upgrade_lines()).replace("Host: test", &format!("Host: {host}"));
            raw.send(handshake.as_bytes()).await;
            let head = raw.head().await;
            assert!(head.starts_with("HTTP/1.1 400 "), "{engine}, {host:?}: {head}");
        }
    }
}

/// Once each name was compared with all names before it: 64 KiB of them took 0.9 s of a thread, and eight such clients kept both
/// cores busy.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_handshake_costs_in_proportion_to_its_bytes() {
    let mut running = Running::start(ws_echo(&["--listen", "127.0.0.1:0", "--workers", "1"]));
    let address = running.warm_address().await;
    let mut names: Vec<String> = (0..12_000).map(|number| format!("{number:x}")).collect();
    // The last name is there twice, so that no name is chosen before all were read.
    names.push("0".into());
    let cost = async |header: &str, names: &[String]| {
        let lines = format!("{}{header}: {}\r\n", upgrade_lines(), names.join(","));
        let before = running.processor_time();
        for _ in 0..20 {
            let mut raw = Raw::connect(address).await;
            raw.send(request(&lines).as_bytes()).await;
            raw.head().await;
        }
        running.processor_time() - before
    };
    for header in
        ["Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions", "Connection", "Upgrade", "X-Forwarded-For"]
    {
        let (few, many) = (cost(header, &names[..1500]).await, cost(header, &names).await);
        let most = few * 8 * 3 + std::time::Duration::from_millis(100);
        assert!(many < most, "{header}: {few:?} for an eighth of {many:?}");
    }
}
