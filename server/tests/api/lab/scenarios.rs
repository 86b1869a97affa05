//! Scenarios that follow the protocol.

use std::time::{Duration, Instant};

use flate2::{Decompress, FlushDecompress};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::Value;
use tokio_tungstenite::{connect_async, tungstenite::Message};
use ws_echo_test_support::{
    compress::compress,
    frame::{Frame, frame, header},
    raw::Raw,
    server::{Server, until_gone},
    tls_client::Identity,
};

use super::{close_code, json, open, refused, text};

#[tokio::test]
async fn push_sends_numbered_messages_and_closes() {
    let server = Server::start(&[]);
    let mut raw = open(&server, "/lab/push?every=10ms&count=3&size=5").await;
    for seq in 1..=3 {
        let message = json(&mut raw).await;
        assert_eq!((&message["seq"], &message["pad"]), (&seq.into(), &"01234".into()));
        assert_eq!(message["crc32"], format!("{:08x}", crc32fast::hash(b"01234")));
        assert!(message["time_ms"].as_u64().unwrap() > 1_700_000_000_000);
    }
    assert_eq!(close_code(&mut raw).await, 1000);

    let mut raw = open(&server, "/lab/push?every=1ms&count=2&size=100&kind=binary").await;
    for seq in 1..=2_u64 {
        let Frame { first, payload } = raw.frame().await.unwrap();
        assert_eq!((first, payload.len(), &payload[..8]), (0x82, 120, &seq.to_be_bytes()[..]));
        assert_eq!(payload[116..], crc32fast::hash(&payload[..116]).to_be_bytes());
    }
    assert_eq!(close_code(&mut raw).await, 1000);
    until_gone(&server).await;
}

#[tokio::test]
async fn push_goes_on_while_the_client_sends_and_ends_with_its_close() {
    let server = Server::start(&[]);
    let (mut client, _) =
        connect_async(format!("ws://{}/lab/push?every=20ms&count=0", server.address)).await.unwrap();
    for number in 0..5 {
        client.send(Message::text(number.to_string())).await.unwrap();
        assert!(client.next().await.unwrap().unwrap().is_text());
    }
    client.close(None).await.unwrap();
    while let Some(message) = client.next().await {
        assert!(message.is_ok(), "{message:?}");
    }
    drop(client);
    until_gone(&server).await;
}

#[tokio::test]
async fn a_late_echo_keeps_the_order() {
    let server = Server::start(&[]);
    let mut raw = open(&server, "/lab/delay?by=100ms&jitter=100ms").await;
    let began = Instant::now();
    for number in 0..20 {
        raw.send(&frame(0x81, number.to_string().as_bytes())).await;
    }
    for number in 0..20 {
        assert_eq!(raw.frame().await, Some(text(&number.to_string())));
    }
    assert!(began.elapsed() >= Duration::from_millis(100));
    drop(raw);
    // The answer to a Close frame follows the echoes that wait.
    let mut raw = open(&server, "/lab/delay?by=200ms").await;
    raw.send(&[frame(0x81, b"late"), frame(0x88, b"\x03\xe8")].concat()).await;
    assert_eq!(raw.frame().await, Some(text("late")));
    assert_eq!(close_code(&mut raw).await, 1000);
    drop(raw);
    // More than may wait: nothing is lost.
    let long = vec![b'x'; 300_000];
    let mut raw = open(&server, "/lab/delay?by=20ms").await;
    for _ in 0..10 {
        raw.send(&frame(0x82, &long)).await;
    }
    for _ in 0..10 {
        assert_eq!(raw.frame().await.unwrap().payload, long);
    }
    drop(raw);
    until_gone(&server).await;
}

#[tokio::test]
async fn the_request_is_shown_as_it_arrived() {
    let server = Server::start(&["--trust-proxy", "127.0.0.1"]);
    let lines = "x-Mixed-CASE: one\r\nX-Mixed-Case: two\r\nCookie: secret=1\r\nAuthorization: Basic eA==\r\n\
                 X-Forwarded-For: 192.0.2.7\r\nSec-WebSocket-Protocol: a, b\r\nSec-WebSocket-Extensions: foo; bar=1\r\n";
    let (mut raw, head) = Raw::at(server.address, "/lab/inspect?tap=0123456789abcdef", lines).await;
    assert!(
        head.starts_with("HTTP/1.1 101 ") && head.to_lowercase().contains("sec-websocket-protocol: a\r\n")
    );
    let request = json(&mut raw).await;
    assert_eq!((&request["http_version"], &request["method"]), (&"1.1".into(), &"GET".into()));
    assert_eq!(request["target"], "/lab/inspect?tap=0123456789abcdef");
    let headers = request["headers"].as_array().unwrap();
    let mixed: Vec<_> = headers.iter().filter(|line| line[1] == "one" || line[1] == "two").collect();
    assert_eq!((&mixed[0][0], &mixed[1][0]), (&"x-Mixed-CASE".into(), &"X-Mixed-Case".into()));
    assert!(!request.to_string().contains("secret=1") && !request.to_string().contains("eA=="), "{request}");
    assert_eq!((&request["forwarded"], &request["tls"]), (&"192.0.2.7".into(), &Value::Null));
    assert_eq!(request["offered_subprotocols"], serde_json::json!(["a", "b"]));
    assert_eq!(request["offered_extensions"], serde_json::json!(["foo; bar=1"]));
    assert_eq!((&request["subprotocol"], &request["extensions"]), (&"a".into(), &Value::Null));
    assert_eq!(request["instance"].as_str().unwrap().len(), 16);
    #[cfg(target_os = "linux")]
    assert!(request["tcp_round_trip_us"].as_u64().unwrap() > 0);
    raw.send(&frame(0x81, b"echo")).await;
    assert_eq!(raw.frame().await, Some(text("echo")));

    let server = Server::start(&["--lab-show-secrets"]);
    let (mut raw, _) = Raw::at(server.address, "/lab/inspect", "Cookie: secret=1\r\n").await;
    assert!(json(&mut raw).await.to_string().contains("secret=1"));
}

#[tokio::test]
async fn the_tls_session_is_shown() {
    let identity = Identity::new();
    let server = Server::start(&identity.flags());
    let stream = identity.connect(server.address).await.unwrap();
    let (mut client, _) =
        tokio_tungstenite::client_async("wss://localhost/lab/inspect", stream).await.unwrap();
    let text = client.next().await.unwrap().unwrap().into_text().unwrap();
    let request: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(request["tls"]["version"], "TLSv1_3");
    assert_eq!(request["tls"]["sni"], "localhost");
    assert!(request["tls"]["cipher"].as_str().unwrap().starts_with("TLS13_"), "{request}");
}

#[tokio::test]
async fn the_answer_to_the_handshake_is_as_odd_as_asked_for() {
    let server = Server::start(&[]);
    for (query, line) in [
        ("header=X-One:1&header=X-Two:%202", "x-one: 1"),
        ("header=X-One:1&header=X-Two:%202", "x-two: 2"),
        ("pad=16KiB", &format!("x-pad: {}", "x".repeat(16 * 1024))),
        ("subprotocol=never.offered", "sec-websocket-protocol: never.offered"),
        ("", "sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo="),
        ("accept=wrong", "sec-websocket-accept: aaaaaaaaaaaaaaaaaaaaaaaaaaa="),
    ] {
        let (mut raw, head) = Raw::at(server.address, &format!("/lab/handshake?{query}"), "").await;
        let head = head.to_lowercase();
        assert!(head.starts_with("http/1.1 101 "), "{query}: {head}");
        assert!(head.lines().any(|have| have == line), "{query}: {head}");
        raw.send(&frame(0x81, b"echo")).await;
        assert_eq!(raw.frame().await, Some(text("echo")), "{query}");
    }
    let (_, head) = Raw::at(server.address, "/lab/handshake?accept=missing", "").await;
    assert!(!head.to_lowercase().contains("sec-websocket-accept"), "{head}");
    // A client of another make sees it.
    for query in ["accept=wrong", "accept=missing", "subprotocol=never.offered"] {
        let refused = connect_async(format!("ws://{}/lab/handshake?{query}", server.address)).await;
        assert!(refused.is_err(), "{query}");
    }
}

#[tokio::test]
async fn a_handshake_is_refused_with_the_status_that_it_asks_for() {
    let server = Server::start(&[]);
    for (query, status, line) in [
        ("", 503, ""),
        ("status=429&retry_after=5", 429, "retry-after: 5"),
        ("status=307&location=/echo", 307, "location: /echo"),
        ("status=401", 401, "www-authenticate: basic realm=\"ws-echo lab\""),
        ("status=426", 426, "upgrade: websocket"),
        ("status=599", 599, ""),
    ] {
        let (mut raw, head) = Raw::at(server.address, &format!("/lab/refuse?{query}"), "").await;
        let head = head.to_lowercase();
        assert!(head.starts_with(&format!("http/1.1 {status} ")), "{query}: {head}");
        assert!(line.is_empty() || head.lines().any(|have| have == line), "{query}: {head}");
        assert!(raw.rest().await.contains(&status.to_string()), "{query}");
    }
    assert_eq!(refused(&server, "/lab/refuse?status=404&body=gone", "").await, (404, "gone\n".into()));
    let began = Instant::now();
    assert_eq!(refused(&server, "/lab/refuse?delay=200ms", "").await.0, 503);
    assert!(began.elapsed() >= Duration::from_millis(200));
    // A page cannot be sent away by a link: only a handshake is answered with a redirect.
    assert_eq!(server.get("/lab/refuse?status=307&location=http://example.com").await.status(), 426);
    let metrics = server.get("/metrics").await.text().await.unwrap();
    assert!(metrics.contains("ws_echo_handshakes_refused_total{reason=\"lab\"} 8"), "{metrics}");
}

#[tokio::test]
async fn credentials_are_taken_in_each_of_the_ways() {
    let server = Server::start(&[]);
    for (scheme, right, wrong, status) in [
        ("basic", "Authorization: basic dTpw\r\n", "Authorization: Basic dTpx\r\n", 401),
        ("bearer", "Authorization: Bearer p\r\n", "Authorization: Bearer q\r\n", 401),
        ("cookie", "Cookie: a=b; session=p\r\n", "Cookie: session=q\r\n", 403),
        (
            "subprotocol",
            "Sec-WebSocket-Protocol: chat, bearer.p\r\n",
            "Sec-WebSocket-Protocol: bearer.q\r\n",
            403,
        ),
    ] {
        let target = format!("/lab/auth?scheme={scheme}");
        let (mut raw, head) = Raw::at(server.address, &target, right).await;
        assert!(head.starts_with("HTTP/1.1 101 "), "{scheme}: {head}");
        assert_eq!(scheme == "subprotocol", head.contains("chat"), "{head}");
        raw.send(&frame(0x81, b"in")).await;
        assert_eq!(raw.frame().await, Some(text("in")), "{scheme}");
        for (lines, problem) in [("", "missing"), (wrong, "wrong")] {
            let (mut raw, head) = Raw::at(server.address, &target, lines).await;
            assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{scheme} {lines}: {head}");
            assert_eq!(head.to_lowercase().contains("www-authenticate: "), status == 401, "{scheme}");
            let json: Value = serde_json::from_str(&raw.rest().await).unwrap();
            assert_eq!(json["problem"], problem, "{scheme} {lines}: {json}");
        }
    }
    assert_eq!(refused(&server, "/lab/auth?scheme=query&password=s", "").await.1["problem"], "missing");
    assert_eq!(refused(&server, "/lab/auth?scheme=query&password=s&token=t", "").await.1["problem"], "wrong");
    open(&server, "/lab/auth?scheme=query&password=s&token=s").await;
}

/// The frames are in the same segment as the head: the first read has both.
#[tokio::test]
async fn early_frames_leave_together_with_the_head() {
    let server = Server::start(&[]);
    let (mut client, _) = connect_async(format!("ws://{}/lab/early", server.address)).await.unwrap();
    for number in 1..=3 {
        let message = client.next().await.unwrap().unwrap();
        assert_eq!(message, Message::text(format!("early {number}")));
    }
    let (mut raw, _) = Raw::at(server.address, "/lab/early?frames=2", "").await;
    assert!(raw.has_buffered(b"early 2"), "behind the head, before another read");
    for number in 1..=2 {
        assert_eq!(raw.frame().await, Some(text(&format!("early {number}"))));
    }
    let began = Instant::now();
    let (mut raw, head) = Raw::at(server.address, "/lab/early?frames=1&split=20&pause=200ms", "").await;
    assert!(head.starts_with("HTTP/1.1 101 ") && began.elapsed() >= Duration::from_millis(200));
    assert_eq!(raw.frame().await, Some(text("early 1")));
    raw.send(&frame(0x81, b"echo")).await;
    assert_eq!(raw.frame().await, Some(text("echo")));
}

#[tokio::test]
async fn pings_are_measured_and_those_of_the_client_are_answered_oddly() {
    let server = Server::start(&[]);
    let mut raw = open(&server, "/lab/ping?every=20ms").await;
    let ping = raw.frame().await.unwrap();
    assert_eq!((ping.first, &*ping.payload), (0x89, &b"1"[..]));
    raw.send(&frame(0x8a, b"1")).await;
    let report = loop {
        let frame = raw.frame().await.unwrap();
        if frame.first == 0x81 {
            break serde_json::from_slice::<Value>(&frame.payload).unwrap();
        }
    };
    assert_eq!(report["ping"], 1);
    assert!(report["round_trip_us"].as_u64().unwrap() < 10_000_000);
    raw.send(&frame(0x8a, b"1")).await;
    let again = loop {
        let frame = raw.frame().await.unwrap();
        if frame.first == 0x81 {
            break serde_json::from_slice::<Value>(&frame.payload).unwrap();
        }
    };
    assert_eq!(again["unsolicited_pong"], "1", "a second pong");
    for (query, expected) in [
        ("pong=reply", Some(&b"payload"[..])),
        ("pong=drop", None),
        ("pong=late&late_by=100ms", Some(b"payload")),
        ("pong=wrong", Some(b"qayload")),
    ] {
        let mut raw = open(&server, &format!("/lab/ping?every=1h&{query}")).await;
        let began = Instant::now();
        raw.send(&frame(0x89, b"payload")).await;
        if let Some(expected) = expected {
            let expected = Frame { first: 0x8a, payload: expected.to_vec() };
            assert_eq!(raw.frame().await, Some(expected), "{query}");
            assert!(!query.contains("late") || began.elapsed() >= Duration::from_millis(100));
        }
        raw.send(&frame(0x81, b"echo")).await;
        assert_eq!(raw.frame().await, Some(text("echo")), "{query}");
    }
}

#[tokio::test]
async fn silences_are_kept_and_the_longest_is_reported() {
    let server = Server::start(&[]);
    let mut raw = open(&server, "/lab/idle?plan=20ms,60ms").await;
    let began = Instant::now();
    let first = json(&mut raw).await;
    assert_eq!((&first["number"], &first["silence_ms"]), (&1.into(), &20.into()));
    let second = json(&mut raw).await;
    assert_eq!((&second["number"], &second["silence_ms"]), (&2.into(), &60.into()));
    assert!(began.elapsed() >= Duration::from_millis(80));
    let last = json(&mut raw).await;
    assert_eq!(last["longest_silence_ms"], 60);
    assert_eq!(last["ended"], "the plan is over");
    assert_eq!(close_code(&mut raw).await, 1000);

    for (mode, first) in [("server_ping", 0x89), ("one_way", 0x8a)] {
        let mut raw = open(&server, &format!("/lab/idle?plan=100ms&mode={mode}&every=30ms")).await;
        for _ in 0..3 {
            assert_eq!(raw.frame().await.unwrap().first, first, "{mode}");
        }
        assert_eq!(json(&mut raw).await["number"], 1);
    }
    let mut raw = open(&server, "/lab/idle?plan=100ms&mode=client_ping").await;
    raw.send(&frame(0x89, b"")).await;
    assert_eq!(raw.frame().await.unwrap().first, 0x8a);
    assert_eq!(json(&mut raw).await["pings"], 1);
}

#[tokio::test]
async fn a_cut_during_a_silence_is_in_the_tap() {
    let server = Server::start(&[]);
    let id = "cut-during-a-silence";
    let mut raw = open(&server, &format!("/lab/idle?plan=10ms,10m&tap={id}")).await;
    assert_eq!(json(&mut raw).await["number"], 1);
    raw.finish().await;
    let entries = super::tap(&server, id).await;
    let reports: Vec<_> = entries.iter().filter(|entry| entry["type"] == "report").collect();
    let last = &reports.last().unwrap()["report"];
    assert_eq!(
        (&last["longest_silence_ms"], &last["ended_during_silence_ms"]),
        (&10.into(), &600_000.into())
    );
    assert!(
        entries
            .iter()
            .any(|entry| entry["type"] == "tcp" && entry["by"] == "client" && entry["how"] == "fin")
    );
}

#[tokio::test]
async fn an_echo_comes_in_fragments() {
    let server = Server::start(&[]);
    let part = |first, payload: &str| Frame { first, payload: payload.into() };
    let ping = || part(0x89, "between fragments");
    for (query, expected) in [
        ("size=2", vec![part(0x01, "he"), part(0x00, "ll"), part(0x80, "o")]),
        ("size=0", vec![part(0x01, ""), part(0x00, "hello"), part(0x80, "")]),
        ("size=5", vec![part(0x81, "hello")]),
        ("size=3&ping=2", vec![part(0x01, "hel"), ping(), ping(), part(0x80, "lo")]),
    ] {
        let mut raw = open(&server, &format!("/lab/fragment?{query}")).await;
        raw.send(&frame(0x81, b"hello")).await;
        for expected in expected {
            assert_eq!(raw.frame().await, Some(expected), "{query}");
        }
        raw.send(&frame(0x82, b"")).await;
        let first = raw.frame().await.unwrap();
        assert_eq!(first.first & 0x0f, 2, "{query}");
    }
    // Control frames are answered between two fragments, and a message that comes there is echoed next.
    let mut raw = open(&server, "/lab/fragment?size=3&gap=100ms").await;
    raw.send(&[frame(0x81, b"hello"), frame(0x89, b"?"), frame(0x81, b"two")].concat()).await;
    let order: Vec<_> = [raw.frame().await, raw.frame().await, raw.frame().await, raw.frame().await]
        .map(|frame| frame.unwrap().first)
        .into();
    assert_eq!(order, [0x01, 0x8a, 0x80, 0x81]);
    let began = Instant::now();
    let (mut client, _) =
        connect_async(format!("ws://{}/lab/fragment?size=1&ping=1&gap=20ms", server.address)).await.unwrap();
    client.send(Message::text("h\u{e9}llo")).await.unwrap();
    loop {
        let message = client.next().await.unwrap().unwrap();
        if message.is_text() {
            assert_eq!(message, Message::text("h\u{e9}llo"));
            break;
        }
    }
    assert!(began.elapsed() >= Duration::from_millis(100), "five gaps");
}

#[tokio::test]
async fn a_sink_tells_what_came_of_a_source() {
    let server = Server::start(&[]);
    let mut source = open(&server, "/lab/source?count=100&size=10").await;
    let mut messages = Vec::new();
    for _ in 0..100 {
        messages.push(source.frame().await.unwrap());
    }
    assert_eq!(close_code(&mut source).await, 1000);

    let mut sink = open(&server, "/lab/sink").await;
    for (index, message) in messages.iter().enumerate() {
        let mut payload = message.payload.clone();
        match index {
            10 => continue,
            20 => payload[9] ^= 1,
            30 => sink.send(&frame(message.first, &payload)).await,
            _ => {}
        }
        sink.send(&frame(message.first, &payload)).await;
    }
    sink.send(&frame(0x82, b"another form")).await;
    sink.send(&frame(0x81, b"end")).await;
    let verdict = json(&mut sink).await;
    assert_eq!((&verdict["messages"], &verdict["numbered"]), (&101.into(), &99.into()), "{verdict}");
    assert_eq!(
        (&verdict["lost"], &verdict["doubled"], &verdict["damaged"]),
        (&2.into(), &1.into(), &1.into())
    );
    assert_eq!(close_code(&mut sink).await, 1000);

    let mut sink = open(&server, "/lab/sink?count=2").await;
    sink.send(&[frame(0x81, b"1"), frame(0x81, b"2")].concat()).await;
    assert_eq!(json(&mut sink).await["messages"], 2);

    // The verdict comes in front of the answer to the client's Close.
    let mut sink = open(&server, "/lab/sink").await;
    sink.send(&[frame(0x81, b"1"), frame(0x88, b"\x03\xe8")].concat()).await;
    assert_eq!(json(&mut sink).await["messages"], 1);
    assert_eq!(close_code(&mut sink).await, 1000);
}

#[tokio::test]
async fn a_slow_peer_reads_and_writes_so_many_bytes_a_second() {
    let server = Server::start(&[]);
    let mut raw = open(&server, "/lab/slow?read=64MiB&write=10KiB").await;
    let began = Instant::now();
    raw.send(&frame(0x82, &[0; 5 * 1024])).await;
    assert_eq!(raw.frame().await.unwrap().payload.len(), 5 * 1024);
    assert!(began.elapsed() >= Duration::from_millis(400), "{:?}", began.elapsed());

    // A rate that is no limit is none.
    let mut raw = open(&server, "/lab/slow?read=64MiB&write=64MiB").await;
    let began = Instant::now();
    raw.send(&frame(0x82, &vec![0; 4 << 20])).await;
    assert_eq!(raw.frame().await.unwrap().payload.len(), 4 << 20);
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());

    let mut raw = open(&server, "/lab/slow?read=10KiB&write=64MiB").await;
    let began = Instant::now();
    for _ in 0..10 {
        raw.send(&frame(0x82, &[0; 1024])).await;
        raw.frame().await.unwrap();
    }
    assert!(began.elapsed() >= Duration::from_millis(800), "{:?}", began.elapsed());
}

#[tokio::test]
async fn compression_is_agreed_on_by_the_letter() {
    let server = Server::start(&[]);
    let offer = |offer: &str| format!("Sec-WebSocket-Extensions: permessage-deflate{offer}\r\n");
    for (query, offered, agreed) in [
        ("", "", Some("permessage-deflate")),
        ("", "; client_max_window_bits", Some("permessage-deflate")),
        (
            "server_no_context_takeover=1&client_no_context_takeover=1",
            "",
            Some("permessage-deflate; server_no_context_takeover; client_no_context_takeover"),
        ),
        (
            "server_max_window_bits=10&client_max_window_bits=9",
            "; client_max_window_bits",
            Some("permessage-deflate; server_max_window_bits=10; client_max_window_bits=9"),
        ),
        ("client_max_window_bits=9", "", None),
        ("", "; server_no_context_takeover", None),
    ] {
        let target = format!("/lab/deflate?{query}");
        let (mut raw, head) = Raw::at(server.address, &target, &offer(offered)).await;
        let found = head.lines().find_map(|line| {
            line.to_lowercase().strip_prefix("sec-websocket-extensions: ").map(str::to_owned)
        });
        assert_eq!(found.as_deref(), agreed, "{query} {offered}: {head}");
        if agreed.is_none() {
            assert!(head.starts_with("HTTP/1.1 400 "), "{head}");
            let wanted: Value = serde_json::from_str(&raw.rest().await).unwrap();
            assert!(wanted["wanted"].as_str().unwrap().starts_with("permessage-deflate"), "{wanted}");
        }
    }
    assert_eq!(refused(&server, "/lab/deflate", "").await.0, 400, "no offer");

    for flush in ["sync", "full", "final", "stored"] {
        let target = format!("/lab/deflate?compress=alternate&flush={flush}");
        let (mut raw, _) = Raw::at(server.address, &target, &offer("")).await;
        let payload = b"a message that repeats, a message that repeats";
        for compressed in [true, false, true] {
            raw.send(&frame(0xc1, &compress(payload))).await;
            let echo = raw.frame().await.unwrap();
            assert_eq!(echo.first, if compressed { 0xc1 } else { 0x81 }, "{flush}");
            if !compressed {
                assert_eq!(echo.payload, payload, "{flush}");
            } else if flush == "final" {
                // Each message has its own context behind a last block.
                let mut inflated = Vec::with_capacity(100);
                let mut inflater = Decompress::new(false);
                inflater.decompress_vec(&echo.payload, &mut inflated, FlushDecompress::Sync).unwrap();
                assert_eq!(inflated, payload);
            }
        }
        // A message without compression is allowed at any time.
        raw.send(&frame(0x82, b"plain")).await;
        raw.frame().await.unwrap();
    }
    let (mut raw, _) = Raw::at(server.address, "/lab/deflate", &offer("")).await;
    raw.send(&frame(0xc1, b"\xff\xff\xff")).await;
    assert_eq!(close_code(&mut raw).await, 1007);
}

/// Frames that come with the handshake are not lost, and a frame in pieces is put together.
#[tokio::test]
async fn a_session_reads_frames_in_any_pieces() {
    let server = Server::start(&[]);
    let mut raw = open(&server, "/lab/handshake").await;
    for byte in frame(0x81, b"slowly") {
        raw.send(&[byte]).await;
    }
    assert_eq!(raw.frame().await, Some(text("slowly")));
    raw.send(&[frame(0x02, b"one "), frame(0x89, b"?"), frame(0x80, b"two")].concat()).await;
    assert_eq!(raw.frame().await.unwrap().first, 0x8a);
    assert_eq!(raw.frame().await, Some(Frame { first: 0x82, payload: b"one two".to_vec() }));
    raw.send(&header(0x82, 17 << 20)).await;
    assert_eq!(close_code(&mut raw).await, 1009);
    raw.end().await;
}
