//! The page, the API, metrics and probes: the same answers as over HTTP/1.1.

use std::{fs, net::SocketAddr, time::Duration};

use tempfile::tempdir;
use ws_echo_test_support::{
    frame::frame,
    http2::{self, FRAME_SIZE, Http2, field_block, flag, kind, request, setting, window_update},
    program::{Running, ws_echo},
    server::Server,
};

use super::{Way, echoes};

/// Fields of HTTP/1.1 that HTTP/2 has not.
const OF_HTTP_1: [&str; 3] = ["connection", "transfer-encoding", "keep-alive"];

#[tokio::test]
async fn every_route_answers_as_over_http_1_1() {
    let dist = tempdir().unwrap();
    fs::write(dist.path().join("index.html"), "<!doctype html><title>page</title>").unwrap();
    fs::write(dist.path().join("data-0123456789abcdef.bin"), vec![7; 300_000]).unwrap();
    let flags = ["--dist", dist.path().to_str().unwrap()];
    let reference = Server::start(&flags);
    for way in Way::all(&flags) {
        let mut client = way.connect().await;
        for path in [
            "/",
            "/index.html",
            "/data-0123456789abcdef.bin",
            "/healthz",
            "/readyz",
            "/nothing",
            "/echo",
            "/lab",
        ] {
            for method in ["GET", "HEAD", "POST"] {
                let url = reference.url(path);
                let expected =
                    reqwest::Client::new().request(method.parse().unwrap(), url).send().await.unwrap();
                let mut fields: Vec<_> = expected
                    .headers()
                    .iter()
                    .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
                    .filter(|(name, _)| !OF_HTTP_1.contains(&name.as_str()) && name != "upgrade")
                    .collect();
                let status = expected.status().as_u16();
                let body = expected.bytes().await.unwrap();
                let answer = client.fetch(&request(method, path)).await;
                let what = format!("{}: {method} {path}", way.name);
                assert_eq!(answer.head.status, status, "{what}");
                let mut seen = answer.head.fields;
                let is_told_otherwise = path == "/echo" && status == 426;
                for fields in [&mut fields, &mut seen] {
                    // The clock may have moved on.
                    fields.retain(|(name, _)| {
                        name != "date" && !(is_told_otherwise && name == "content-length")
                    });
                    fields.sort();
                }
                assert_eq!(seen, fields, "{what}");
                assert!(is_told_otherwise || answer.body == body, "{what}");
            }
        }
    }
}

#[tokio::test]
async fn a_head_request_gets_the_head_alone() {
    for way in Way::all(&[]) {
        let mut client = way.connect().await;
        let answer = client.fetch(&request("HEAD", "/healthz")).await;
        assert_eq!((answer.head.status, answer.head.get("content-length")), (200, Some("3")), "{}", way.name);
        assert!(answer.body.is_empty(), "{}", way.name);
        assert!(answer.head.get("date").is_some(), "{}", way.name);
    }
}

#[tokio::test]
async fn requests_of_one_connection_are_answered_in_any_number() {
    let server = Server::start(&[]);
    let mut client = Http2::connect(server.address).await;
    let mut streams = Vec::new();
    for number in 0..90 {
        let path = if number % 2 == 0 { "/healthz" } else { "/readyz" };
        streams.push((client.request(&request("GET", path), flag::END_STREAM).await, path));
    }
    for (stream, path) in streams {
        let body = if path == "/healthz" { "ok\n" } else { "ready\n" };
        assert_eq!(client.answer(stream).await.body, body.as_bytes());
    }
}

#[tokio::test]
async fn a_file_goes_out_as_the_windows_allow() {
    const LEN: usize = 1_000_000;
    let dist = tempdir().unwrap();
    fs::write(dist.path().join("large.bin"), vec![7; LEN]).unwrap();
    let server = Server::with_dist(dist.path());
    let mut client = Http2::connect_with(server.address, &[(setting::INITIAL_WINDOW_SIZE, 1000)]).await;
    let slow = client.request(&request("GET", "/large.bin"), flag::END_STREAM).await;
    client.until("a window full", |client| client.stream(slow).bytes.len() == 1000).await;
    // The others go on meanwhile.
    assert_eq!(client.get("/healthz").await.body, b"ok\n");
    assert_eq!(client.stream(slow).bytes.len(), 1000, "no more than the window");
    client.write(&window_update(slow, 1)).await;
    client.until("one byte", |client| client.stream(slow).bytes.len() == 1001).await;
    client.write(&window_update(slow, LEN as u32)).await;
    let answer = client.answer(slow).await;
    assert!(answer.body == vec![7; LEN]);
}

#[tokio::test]
async fn a_client_that_does_not_read_an_answer_loses_the_stream_alone() {
    let dist = tempdir().unwrap();
    fs::write(dist.path().join("large.bin"), vec![7; 1_000_000]).unwrap();
    let flags = ["--dist", dist.path().to_str().unwrap(), "--write-timeout", "500ms"];
    let server = Server::start(&flags);
    let mut client = Http2::connect_with(server.address, &[(setting::INITIAL_WINDOW_SIZE, 1000)]).await;
    let stream = client.request(&request("GET", "/large.bin"), flag::END_STREAM).await;
    client.reset(stream).await;
    assert_eq!(client.get("/healthz").await.body, b"ok\n");
}

/// No route reads a body. Its window is given back, or the connection would stand still.
#[tokio::test]
async fn a_body_is_passed_over() {
    for way in Way::all(&[]) {
        let mut client = way.connect().await;
        let mut fields = request("POST", "/healthz");
        fields.push(("content-length", "4000000"));
        for _ in 0..8 {
            let stream = client.request(&fields, flag::NONE).await;
            let mut rest = 4_000_000;
            while rest > 0 && !client.stream(stream).is_over() {
                let piece = FRAME_SIZE.min(rest).min(client.room(stream) as usize);
                if piece > 0 {
                    client.data(stream, flag::NONE, &vec![b'x'; piece]).await;
                    rest -= piece;
                }
                client.round_trip().await;
                if piece == 0 {
                    break;
                }
            }
            assert_eq!(client.head(stream).await.status, 405, "{}", way.name);
        }
        let stream = client.open("/echo").await;
        echoes(&mut client, stream, "the connection goes on").await;
        let large = frame(0x82, &vec![7; 2_000_000]);
        client.send(stream, &large).await;
        assert_eq!(client.frame(stream).await.unwrap().payload.len(), 2_000_000, "{}", way.name);
    }
}

#[tokio::test]
async fn the_listener_of_the_metrics_speaks_it_too() {
    let flags = ["--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"];
    let mut running = Running::start(ws_echo(&flags));
    let line = running.line("Metrics are served on").await;
    let port =
        line.split("Metrics are served on ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    let own = SocketAddr::from(([127, 0, 0, 1], port));
    let main = running.address().await;
    for (path, on_main, on_own) in [("/metrics", 404, 200), ("/healthz", 200, 200), ("/api/info", 200, 404)] {
        for (address, status) in [(main, on_main), (own, on_own)] {
            let mut client = Http2::connect(address).await;
            assert_eq!(client.get(path).await.head.status, status, "{path}");
        }
    }
    let mut client = Http2::connect(own).await;
    let (_, head) = client.open_with("/echo", &[]).await;
    assert_eq!(head.status, 404, "no WebSocket there");
}

#[tokio::test]
async fn metrics_count_a_stream_as_a_connection() {
    let server = Server::start(&[]);
    let mut client = Http2::connect(server.address).await;
    let stream = client.open("/echo").await;
    let _other = client.open("/echo").await;
    echoes(&mut client, stream, "hello").await;
    let metrics = client.get("/metrics").await;
    assert_eq!(metrics.head.status, 200);
    let text = String::from_utf8(metrics.body).unwrap();
    let value = |name: &str| {
        let line = text.lines().find(|line| line.starts_with(name) && line.as_bytes()[name.len()] == b' ');
        line.unwrap_or_else(|| panic!("{name} in {text}")).rsplit(' ').next().unwrap().to_owned()
    };
    assert_eq!(value("ws_echo_connections_open"), "2");
}

#[tokio::test]
async fn a_request_has_a_line_in_the_log() {
    let mut running = Running::start(ws_echo(&["--listen", "127.0.0.1:0", "--log-format", "json"]));
    let mut client = Http2::connect(running.address().await).await;
    client.get("/api/info?x=1").await;
    let line: serde_json::Value = serde_json::from_str(&running.line("\"Request.\"").await).unwrap();
    assert_eq!(
        (&line["method"], &line["path"], &line["status"]),
        (&"GET".into(), &"/api/info".into(), &200.into())
    );
    assert!(line["peer"].as_str().unwrap().starts_with("127.0.0.1:"), "{line}");

    let stream = client.open("/echo").await;
    client.send(stream, &frame(0x88, b"\x03\xe8")).await;
    let line: serde_json::Value = serde_json::from_str(&running.line("\"Disconnect.\"").await).unwrap();
    assert_eq!(line["code"], 1000, "{line}");
    assert!(line["peer"].as_str().unwrap().starts_with("127.0.0.1:"), "{line}");
}

/// A client that asks for less than a frame's header at a time.
#[tokio::test]
async fn frames_may_come_byte_by_byte() {
    let server = Server::start(&[]);
    let mut client = Http2::connect(server.address).await;
    let stream = client.take_stream();
    let block = field_block(&request("GET", "/healthz"));
    let flags = flag::END_HEADERS | flag::END_STREAM;
    for byte in http2::frame(kind::HEADERS, flags, stream, &block) {
        client.write(&[byte]).await;
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(client.answer(stream).await.body, b"ok\n");
}
