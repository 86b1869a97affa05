//! Requests that become no WebSocket: the same request gets the same status, fields and text over HTTP/1.1 and over HTTP/2.

use ws_echo_test_support::{
    http2::{Answer, Http2, flag, request, websocket},
    raw::{Raw, upgrade_lines},
    server::Server,
};

/// Fields of the answers that are compared.
const COMPARED: [&str; 9] = [
    "content-type",
    "cache-control",
    "retry-after",
    "sec-websocket-version",
    "allow",
    "location",
    "www-authenticate",
    "access-control-allow-origin",
    "content-security-policy",
];

/// A request in the terms of both versions.
struct Case<'a> {
    path: &'a str,
    /// None if it asks for a WebSocket.
    method: Option<&'a str>,
    fields: &'a [(&'a str, &'a str)],
}

const fn asks<'a>(path: &'a str, fields: &'a [(&'a str, &'a str)]) -> Case<'a> {
    Case { path, method: None, fields }
}

const fn plain<'a>(method: &'a str, path: &'a str) -> Case<'a> {
    Case { path, method: Some(method), fields: &[] }
}

impl Case<'_> {
    /// The status, the compared fields and the body over HTTP/1.1. The connection of a WebSocket is closed with it.
    async fn over_http1(&self, server: &Server) -> (u16, Vec<(String, String)>, String) {
        let method = self.method.unwrap_or("GET");
        let handshake = if self.method.is_none() { upgrade_lines() } else { String::new() };
        let version = self.fields.iter().any(|(name, _)| *name == "sec-websocket-version");
        let handshake =
            if version { handshake.replace("Sec-WebSocket-Version: 13\r\n", "") } else { handshake };
        let fields: String = self.fields.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let mut raw = Raw::connect(server.address).await;
        let request = format!("{method} {} HTTP/1.1\r\nHost: test\r\n{handshake}{fields}\r\n", self.path);
        raw.send(request.as_bytes()).await;
        let head = raw.head().await;
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let fields: Vec<_> = head.lines().filter_map(|line| line.split_once(": ")).collect();
        let fields: Vec<_> =
            fields.iter().map(|(name, value)| (name.to_lowercase(), value.to_string())).collect();
        let len =
            fields.iter().find(|(name, _)| name == "content-length").map(|(_, value)| value.parse().unwrap());
        let len = len.filter(|_| status != 101 && method != "HEAD").unwrap_or(0);
        let body = String::from_utf8(raw.bytes(len).await).unwrap();
        (status, compared(&fields), body)
    }

    /// The same over HTTP/2.
    async fn over_http2(&self, client: &mut Http2) -> (u16, Vec<(String, String)>, String) {
        let fields = match self.method {
            Some(method) => request(method, self.path),
            None => websocket(self.path),
        };
        let own: Vec<_> = self.fields.iter().map(|(name, _)| *name).collect();
        let fields: Vec<_> = fields
            .into_iter()
            .filter(|(name, _)| !own.contains(name))
            .chain(self.fields.iter().copied())
            .collect();
        let stream = client.request(&fields, if self.method.is_some() { flag::END_STREAM } else { 0 }).await;
        let head = client.head(stream).await;
        let body = match head.status {
            200 if self.method.is_none() => String::new(),
            _ => {
                let Answer { body, .. } = client.answer(stream).await;
                String::from_utf8(body).unwrap()
            }
        };
        (head.status, compared(&head.fields), body)
    }
}

fn compared(fields: &[(String, String)]) -> Vec<(String, String)> {
    let mut fields: Vec<_> =
        fields.iter().filter(|(name, _)| COMPARED.contains(&name.as_str())).cloned().collect();
    fields.sort();
    fields
}

/// Compares the answers, and the status with the one expected. 101 over HTTP/1.1 is 200 over HTTP/2.
async fn compare(server: &Server, cases: &[(Case<'_>, u16)]) {
    let mut client = Http2::connect(server.address).await;
    let mut failed = Vec::new();
    for (case, expected) in cases {
        let over_http1 = case.over_http1(server).await;
        let mut over_http2 = case.over_http2(&mut client).await;
        if (over_http1.0, over_http2.0, case.method) == (101, 200, None) {
            over_http2.0 = 101;
        }
        if over_http1 != over_http2 || over_http1.0 != *expected {
            let what = (case.method.unwrap_or("WebSocket"), case.path, case.fields);
            failed.push(format!("{what:?}, {expected}:\n  {over_http1:?}\n  {over_http2:?}"));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[tokio::test]
async fn the_answer_is_that_of_http_1_1() {
    let server = Server::start(&["--origin", "https://a.test", "--subprotocol", "a"]);
    compare(
        &server,
        &[
            (asks("/echo", &[]), 101),
            (asks("/echo", &[("sec-websocket-version", "12")]), 426),
            (asks("/echo", &[("sec-websocket-version", "")]), 426),
            (asks("/echo", &[("origin", "https://a.test")]), 101),
            (asks("/echo", &[("origin", "https://b.test")]), 403),
            (asks("/echo", &[("origin", "null")]), 403),
            (asks("/echo", &[("origin", "https://a.test"), ("origin", "https://b.test")]), 403),
            (asks("/echo", &[("sec-websocket-protocol", "a b")]), 400),
            (asks("/echo", &[("sec-websocket-protocol", "x")]), 101),
            (asks("/echo", &[("sec-websocket-extensions", "a b")]), 400),
            (asks("/echo", &[("sec-websocket-extensions", "permessage-deflate; mystery=1")]), 101),
            (asks("/echo?tap=short", &[]), 400),
            (asks("/", &[]), 404),
            (asks("/nothing", &[]), 404),
            (asks("/echo/", &[]), 404),
            (asks("/healthz", &[]), 404),
            (asks("/lab/inspect", &[]), 101),
            (asks("/lab/nothing", &[]), 404),
            (asks("/lab/close?code=70000", &[]), 400),
            (asks("/lab/refuse?status=503", &[]), 503),
            (asks("/lab/refuse?status=307", &[]), 307),
            (asks("/lab/auth", &[]), 401),
            (asks("/lab/inspect", &[("origin", "https://b.test")]), 403),
            (plain("GET", "/nothing"), 404),
            (plain("POST", "/echo"), 405),
            (plain("HEAD", "/echo"), 405),
            (plain("OPTIONS", "/echo"), 405),
            (plain("POST", "/healthz"), 405),
            (plain("GET", "/a/../b"), 404),
            (plain("GET", "/%zz"), 404),
        ],
    )
    .await;
}

/// Only the reason is another one: over HTTP/2 a WebSocket is asked for otherwise.
#[tokio::test]
async fn a_get_of_an_endpoint_is_told_what_it_is() {
    let server = Server::start(&[]);
    let mut client = Http2::connect(server.address).await;
    for path in ["/echo", "/lab/inspect"] {
        let answer = client.get(path).await;
        assert_eq!(answer.head.status, 426, "{answer:?}");
        assert_eq!(answer.head.get("sec-websocket-version"), Some("13"));
        for name in ["upgrade", "connection"] {
            assert_eq!(answer.head.get(name), None, "{answer:?}");
        }
        let text = String::from_utf8(answer.body).unwrap();
        assert!(text.contains("WebSocket endpoint") && text.contains("CONNECT"), "{text}");
    }
}

#[tokio::test]
async fn other_tunnels_are_not_implemented() {
    let server = Server::start(&[]);
    let mut client = Http2::connect(server.address).await;
    for protocol in ["connect-udp", "websockets", "webtransport"] {
        let mut fields = request("CONNECT", "/echo");
        fields.extend([(":protocol", protocol), ("sec-websocket-version", "13")]);
        let stream = client.request(&fields, flag::NONE).await;
        assert_eq!(client.head(stream).await.status, 501, "{protocol}");
    }
    let stream = client.request(&[(":method", "CONNECT"), (":authority", "test:80")], flag::NONE).await;
    assert_eq!(client.head(stream).await.status, 501);
    let stream = client.open("/echo").await;
    super::echoes(&mut client, stream, "the connection goes on").await;
}

#[tokio::test]
async fn the_host_is_checked() {
    let server = Server::start(&[]);
    let mut client = Http2::connect(server.address).await;
    for (what, authority, host, of_websocket, of_page) in [
        ("an authority", Some("test"), None, 200, 200),
        ("a port", Some("test:8080"), None, 200, 200),
        ("only a host", None, Some("test"), 200, 200),
        ("the same twice", Some("test"), Some("TEST"), 200, 200),
        ("two servers", Some("test"), Some("other"), 400, 400),
        ("a host that is none", None, Some("a b"), 400, 400),
        // RFC 9113 section 8.3.1. The health checks of HAProxy have none.
        ("no host", None, None, 400, 200),
    ] {
        for asks in [true, false] {
            let fields = if asks { websocket("/echo") } else { request("GET", "/healthz") };
            let mut fields: Vec<_> = fields.into_iter().filter(|(name, _)| *name != ":authority").collect();
            if let Some(authority) = authority {
                fields.insert(0, (":authority", authority));
            }
            fields.extend(host.map(|host| ("host", host)));
            let stream = client.request(&fields, if asks { flag::NONE } else { flag::END_STREAM }).await;
            let status = if asks { of_websocket } else { of_page };
            assert_eq!(client.head(stream).await.status, status, "{what}, a WebSocket: {asks}");
        }
    }
}

/// An extended CONNECT that a client ends at once. HTTP/1.1 has no such request.
#[tokio::test]
async fn a_websocket_that_has_ended_already_is_opened_and_closed() {
    let server = Server::start(&[]);
    let mut client = Http2::connect(server.address).await;
    let stream = client.request(&websocket("/echo"), flag::END_STREAM).await;
    assert_eq!(client.head(stream).await.status, 200);
    assert_eq!(client.frame(stream).await, None);
    ws_echo_test_support::server::until_gone(&server).await;
}
