//! Limits of a connection of HTTP/2 and of its streams.

use std::time::{Duration, Instant};

use h2::Reason;
use ws_echo_test_support::{
    frame::{frame, header},
    http2::{
        FRAME_SIZE, Http2, field_block, flag, frame as http2_frame, kind, request, rst_stream, setting,
        settings, websocket, window_update,
    },
    raw::{Raw, request as http1_request, upgrade_lines},
    server::{ENGINES, Server},
};

use super::{Way, echoes};

#[tokio::test]
async fn the_settings_tell_the_limits() {
    for (flags, streams, head) in
        [(&[][..], 100, 64 << 10), (&["--max-http2-streams", "3", "--max-head", "4KiB"], 3, 4 << 10)]
    {
        for way in Way::all(flags) {
            let client = way.connect().await;
            for (id, value) in [
                (setting::MAX_CONCURRENT_STREAMS, streams),
                (setting::ENABLE_CONNECT_PROTOCOL, 1),
                (setting::INITIAL_WINDOW_SIZE, 256 << 10),
                (setting::MAX_HEADER_LIST_SIZE, head),
            ] {
                assert_eq!(client.settings.get(&id), Some(&value), "{}: {id}", way.name);
            }
        }
    }
}

#[tokio::test]
async fn a_connection_has_so_many_streams_and_gets_them_back() {
    for (flags, most) in [(&[][..], 100), (&["--max-http2-streams", "3"], 3)] {
        for way in Way::all(flags) {
            let mut client = way.connect().await;
            let mut streams = Vec::new();
            for _ in 0..most {
                streams.push(client.open("/echo").await);
            }
            let refused = client.request(&websocket("/echo"), flag::NONE).await;
            assert_eq!(client.reset(refused).await, Reason::REFUSED_STREAM, "{}", way.name);
            for stream in &streams {
                echoes(&mut client, *stream, "still open").await;
            }
            // Another connection has its own.
            let mut other = way.connect().await;
            other.open("/echo").await;

            client.send(streams[0], &frame(0x88, b"")).await;
            client.frame(streams[0]).await.unwrap();
            client.end(streams[0]).await;
            while way.server.connections.count() > most {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            client.round_trip().await;
            let next = client.open("/echo").await;
            echoes(&mut client, next, "in its place").await;
        }
    }
}

#[tokio::test]
async fn streams_count_as_connections() {
    for engine in ENGINES {
        let server = Server::on(engine, &["--max-connections", "3"]);
        let _http1 = Raw::upgraded(server.address).await;
        let mut client = Http2::connect(server.address).await;
        let (first, _second) = (client.open("/echo").await, client.open("/echo").await);
        for _ in 0..2 {
            let (stream, head) = client.open_with("/echo", &[]).await;
            assert_eq!((head.status, head.get("retry-after")), (503, Some("1")), "{engine}");
            client.answer(stream).await;
        }
        let mut http1 = Raw::connect(server.address).await;
        http1.send(http1_request(&upgrade_lines()).as_bytes()).await;
        assert!(http1.head().await.starts_with("HTTP/1.1 503 "), "{engine}");
        assert_eq!(client.get("/healthz").await.head.status, 200);
        client.write(&rst_stream(first, Reason::CANCEL)).await;
        while server.connections.count() > 2 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        client.open("/echo").await;
    }
}

#[tokio::test]
async fn streams_count_for_their_address() {
    for engine in ENGINES {
        let flags = ["--max-connections-per-address", "2", "--trust-proxy", "127.0.0.1/32"];
        let server = Server::on(engine, &flags);
        let mut client = Http2::connect(server.address).await;
        let from = |address| [("x-forwarded-for", address)];
        for (address, statuses) in [("192.0.2.1", [200, 200, 429]), ("192.0.2.2", [200, 200, 429])] {
            for status in statuses {
                let (_, head) = client.open_with("/echo", &from(address)).await;
                assert_eq!(head.status, status, "{engine}: {head:?}");
                if status == 429 {
                    assert_eq!(head.get("retry-after"), Some("1"), "{engine}");
                }
            }
        }
    }
}

/// The limit is of the fields, each with 32 bytes more (RFC 9113 section 6.5.2).
#[tokio::test]
async fn a_head_has_so_many_bytes() {
    for engine in ENGINES {
        let server = Server::on(engine, &["--max-head", "1KiB"]);
        let mut client = Http2::connect(server.address).await;
        let other = client.open("/echo").await;
        for (padding, fits) in [(500, true), (1024, false), (3000, false)] {
            let padding = "x".repeat(padding);
            let (_, head) = client.open_with("/echo", &[("x-padding", &padding)]).await;
            assert_eq!(head.status, if fits { 200 } else { 431 }, "{engine}: {head:?}");
            let fields = [&request("GET", "/healthz")[..], &[("x-padding", &padding)]].concat();
            let answer = client.fetch(&fields).await;
            assert_eq!(answer.head.status, if fits { 200 } else { 431 }, "{engine}: {answer:?}");
        }
        echoes(&mut client, other, "the other stream goes on").await;
    }
}

/// A head in several frames. The default limit is 64 KiB.
#[tokio::test]
async fn a_long_head_comes_in_parts() {
    let server = Server::start(&[]);
    let mut client = Http2::connect(server.address).await;
    for (len, status) in [(60_000, 200), (66_000, 431)] {
        let padding = "x".repeat(len);
        let fields = [&request("GET", "/healthz")[..], &[("x-padding", &padding)]].concat();
        let block = field_block(&fields);
        let stream = client.take_stream();
        let mut parts = block.chunks(FRAME_SIZE).peekable();
        let mut kind = kind::HEADERS;
        while let Some(part) = parts.next() {
            let mut flags = if parts.peek().is_none() { flag::END_HEADERS } else { flag::NONE };
            flags |= if kind == kind::HEADERS { flag::END_STREAM } else { flag::NONE };
            client.write(&http2_frame(kind, flags, stream, part)).await;
            kind = kind::CONTINUATION;
        }
        assert_eq!(client.head(stream).await.status, status, "{len} bytes");
    }
}

/// A head of more than four times the limit is an attack for the crate `h2`.
#[tokio::test]
async fn a_head_that_is_much_too_long_ends_the_connection() {
    let server = Server::start(&["--max-head", "1KiB"]);
    let mut client = Http2::connect(server.address).await;
    let padding = "x".repeat(5000);
    let fields = [&request("GET", "/healthz")[..], &[("x-padding", &padding)]].concat();
    client.request(&fields, flag::END_STREAM).await;
    assert_eq!(client.goaway().await.reason, Reason::ENHANCE_YOUR_CALM);
    client.ended().await;
}

/// A field of 4,000 bytes in the table, and each further byte names it once more (RFC 7541 section 6.1): 64 MB in one frame.
#[tokio::test]
async fn a_head_that_grows_a_thousandfold_is_refused() {
    let server = Server::start(&[]);
    let mut client = Http2::connect(server.address).await;
    let mut block = field_block(&request("GET", "/healthz"));
    let long = field_block(&[("x-long", &"x".repeat(4000))]);
    // With incremental indexing, it is the first entry of the dynamic table.
    block.push(0x40);
    block.extend(&long[1..]);
    block.resize(FRAME_SIZE, 0x80 | 62);
    let stream = client.take_stream();
    let flags = flag::END_HEADERS | flag::END_STREAM;
    client.write(&http2_frame(kind::HEADERS, flags, stream, &block)).await;
    assert_eq!(client.goaway().await.reason, Reason::ENHANCE_YOUR_CALM);
}

/// CVE-2024-27316 and its like: a head without an end.
#[tokio::test]
async fn a_head_without_an_end_ends_the_connection() {
    let server = Server::start(&[]);
    for part in [&[][..], &field_block(&[("a", "b")]), &field_block(&[("x-long", &"x".repeat(10_000))])] {
        let mut client = Http2::connect(server.address).await;
        let stream = client.take_stream();
        let block = field_block(&request("GET", "/healthz"));
        client.write(&http2_frame(kind::HEADERS, flag::END_STREAM, stream, &block)).await;
        let flood = http2_frame(kind::CONTINUATION, flag::NONE, stream, part).repeat(20);
        assert_eq!(client.flood(|_| flood.clone()).await, Some(Reason::ENHANCE_YOUR_CALM));
    }
}

/// Waits for the rest of a head no longer than for a request.
#[tokio::test]
async fn a_head_that_does_not_come_to_its_end_ends_the_connection() {
    let server = Server::start(&["--head-timeout", "300ms", "--keep-alive", "300ms"]);
    let mut client = Http2::connect(server.address).await;
    let stream = client.take_stream();
    let began = Instant::now();
    client.write(&http2_frame(kind::HEADERS, flag::END_STREAM, stream, b"\x82")).await;
    client.ended().await;
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
}

/// Frames that cost the server work and carry nothing (CVE-2019-9512, 9515 and 9518, CVE-2023-44487).
fn floods(stream: u32) -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("PING", http2_frame(kind::PING, flag::NONE, 0, &[0; 8])),
        ("SETTINGS", settings(&[(setting::ENABLE_PUSH, 0)])),
        ("empty SETTINGS", settings(&[])),
        ("empty DATA", http2_frame(kind::DATA, flag::NONE, stream, b"")),
        ("PRIORITY", http2_frame(kind::PRIORITY, flag::NONE, stream, &[0, 0, 0, 0, 15])),
        ("frames of an unknown type", http2_frame(0xbe, flag::NONE, 0, b"")),
        ("RST_STREAM", rst_stream(stream + 2, Reason::CANCEL)),
    ]
}

#[tokio::test]
async fn a_flood_of_frames_without_content_ends_the_connection() {
    for way in Way::native(&[]) {
        let mut other = way.connect().await;
        let undisturbed = other.open("/echo").await;
        for number in 0..floods(1).len() {
            let mut client = way.connect().await;
            let stream = client.open("/echo").await;
            let closed = client.request(&websocket("/echo"), flag::NONE).await;
            client.write(&rst_stream(closed, Reason::CANCEL)).await;
            let (what, frame) = &floods(stream)[number];
            // Some are no flood. The crate h2 takes 100 empty DATA frames in the life of a connection.
            client.write(&frame.repeat(if *what == "empty DATA" { 100 } else { 200 })).await;
            echoes(&mut client, stream, "no flood yet").await;
            let flood = frame.repeat(500);
            let reason = client.flood(|_| flood.clone()).await;
            assert_eq!(reason, Some(Reason::ENHANCE_YOUR_CALM), "{}: {what}", way.name);
            echoes(&mut other, undisturbed, "another connection").await;
        }
    }
}

/// CVE-2023-44487: requests that are reset at once.
#[tokio::test]
async fn requests_that_are_reset_at_once_end_the_connection() {
    for path in ["/healthz", "/echo"] {
        let server = Server::start(&[]);
        let mut client = Http2::connect(server.address).await;
        let fields = if path == "/echo" { websocket(path) } else { request("GET", path) };
        let end = if path == "/echo" { flag::NONE } else { flag::END_STREAM };
        let block = field_block(&fields);
        let reason = client
            .flood(|client| {
                let mut some = Vec::new();
                for _ in 0..100 {
                    let stream = client.take_stream();
                    some.extend(http2_frame(kind::HEADERS, flag::END_HEADERS | end, stream, &block));
                    some.extend(rst_stream(stream, Reason::CANCEL));
                }
                some
            })
            .await;
        assert_eq!(reason, Some(Reason::ENHANCE_YOUR_CALM), "{path}");
        ws_echo_test_support::server::until_gone(&server).await;
    }
}

/// WebSockets that come and go one after the other are no attack, however many they are.
#[tokio::test]
async fn a_client_may_open_and_close_as_many_streams_as_it_likes() {
    let server = Server::start(&[]);
    let mut client = Http2::connect(server.address).await;
    for _ in 0..1500 {
        let stream = client.open("/echo").await;
        client.data(stream, flag::NONE, &[frame(0x81, b"hello"), frame(0x88, b"\x03\xe8")].concat()).await;
        assert_eq!(client.frame(stream).await.unwrap().payload, b"hello");
        assert_eq!(client.frame(stream).await.unwrap().close(), Some((1000, "")));
        client.data(stream, flag::END_STREAM, b"").await;
        client.streams.remove(&stream);
    }
    assert_eq!(client.goaway, None);
}

/// The window is given back when the answer was taken. A stream that is not read stops itself and nobody else.
#[tokio::test]
async fn a_stream_that_is_not_read_stops_itself_alone() {
    for engine in ENGINES {
        let server = Server::on(engine, &[]);
        let mut client = Http2::connect_with(server.address, &[(setting::INITIAL_WINDOW_SIZE, 2000)]).await;
        let (unread, other) = (client.open("/echo").await, client.open("/echo").await);
        let message = frame(0x82, &[7; 1000]);
        let mut sent = 0;
        let mut quiet = 0;
        while quiet < 20 {
            if client.room(unread) >= message.len() as u64 {
                client.data(unread, flag::NONE, &message).await;
                sent += message.len();
                quiet = 0;
            } else {
                tokio::time::sleep(Duration::from_millis(10)).await;
                client.round_trip().await;
                quiet += 1;
            }
            assert!(sent < 4 << 20, "{engine}: it never stops");
        }
        assert!(server.connections.held() < 1 << 20, "{engine}: {} bytes", server.connections.held());
        for number in 0..100 {
            client.write(&window_update(other, 1000)).await;
            echoes(&mut client, other, &format!("{number}")).await;
        }
        // And it goes on where it stopped.
        client.write(&window_update(unread, 1 << 30)).await;
        for _ in 0..sent / message.len() {
            assert_eq!(client.frame(unread).await.unwrap().payload, [7; 1000], "{engine}");
        }
        echoes(&mut client, unread, "it goes on").await;
    }
}

/// The client's window may be of one byte.
#[tokio::test]
async fn an_echo_comes_byte_by_byte_if_the_client_wants_it_so() {
    for engine in ENGINES {
        let server = Server::on(engine, &[]);
        let mut client = Http2::connect_with(server.address, &[(setting::INITIAL_WINDOW_SIZE, 0)]).await;
        let stream = client.open("/echo").await;
        client.send(stream, &frame(0x81, b"slow")).await;
        for len in 1..=6 {
            client.round_trip().await;
            assert_eq!(client.stream(stream).bytes.len(), len - 1, "{engine}");
            client.write(&window_update(stream, 1)).await;
            client.until("a byte", |client| client.stream(stream).bytes.len() == len).await;
        }
        assert_eq!(client.frame(stream).await.unwrap().payload, b"slow", "{engine}");
    }
}

/// A text is held until its end. The windows of all streams together are no more memory than `--max-held`.
#[tokio::test]
async fn a_message_that_comes_slowly_holds_next_to_nothing() {
    let server = Server::start(&[]);
    let mut client = Http2::connect(server.address).await;
    let before = client.open("/echo").await;
    echoes(&mut client, before, "hello").await;
    let held = server.connections.held();
    let stream = client.open("/echo").await;
    client.send(stream, &header(0x82, 1 << 20)).await;
    client.send(stream, b"x").await;
    client.until("the header and a byte", |client| client.stream(stream).bytes.len() >= 11).await;
    let grown = server.connections.held() - held;
    assert!(grown < 4096, "{grown} bytes");
}
