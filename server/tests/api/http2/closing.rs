//! The ends of streams and connections: closing handshakes, resets, time limits and the shutdown.

use std::time::{Duration, Instant};

use h2::Reason;
use ws_echo::Timeouts;
use ws_echo_test_support::{
    frame::{Frame, frame, header},
    http2::{self, GoAway, Http2, flag, kind, rst_stream},
    program::{Running, ws_echo},
    server::{ENGINES, Server, until_gone},
};

use super::{Way, echoes};

/// Long for a machine, and short for a test.
const SOON: Duration = Duration::from_millis(500);
const NEVER: Duration = Duration::from_secs(3600);

const PATIENT: Timeouts =
    Timeouts { idle: NEVER, pong: NEVER, write_stall: NEVER, reads_first: NEVER, close: NEVER };

/// The body of a Close frame.
fn close(code: u16, reason: &str) -> Vec<u8> {
    [&code.to_be_bytes(), reason.as_bytes()].concat()
}

#[tokio::test]
async fn a_close_is_answered_with_its_own_code_and_reason() {
    for way in Way::all(&[]) {
        let mut client = way.connect().await;
        for body in [
            close(1000, ""),
            close(1001, "bye"),
            close(1003, ""),
            close(1011, "¡adiós!"),
            close(1012, ""),
            close(1014, ""),
            close(3000, ""),
            close(4999, &"r".repeat(123)),
            vec![],
        ] {
            let stream = client.open("/echo").await;
            let began = Instant::now();
            client.send(stream, &frame(0x88, &body)).await;
            assert_eq!(
                client.frame(stream).await,
                Some(Frame { first: 0x88, payload: body }),
                "{}",
                way.name
            );
            // The server ends its side first (RFC 6455 section 7.1.1).
            assert_eq!(client.frame(stream).await, None, "{}", way.name);
            assert!(client.stream(stream).is_ended, "{}: END_STREAM", way.name);
            client.end(stream).await;
            until_gone_but_connection(&way.server).await;
            assert!(began.elapsed() < Duration::from_millis(300), "{}: {:?}", way.name, began.elapsed());
            client.round_trip().await;
            let reset = client.stream(stream).reset;
            assert!(reset.is_none_or(|reason| reason == Reason::NO_ERROR), "{}: {reset:?}", way.name);
        }
        let stream = client.open("/echo").await;
        echoes(&mut client, stream, "the connection goes on").await;
    }
}

/// Waits until the server has no WebSocket. Its connection without streams holds memory.
async fn until_gone_but_connection(server: &Server) {
    while server.connections.count() > 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// Some browsers never end their side.
#[tokio::test]
async fn a_client_that_does_not_end_its_side_is_reset_without_an_error() {
    for way in Way::all(&[]) {
        let mut client = way.connect().await;
        let stream = client.open("/echo").await;
        client.send(stream, &frame(0x88, b"\x03\xe8")).await;
        assert_eq!(client.frame(stream).await.unwrap().close(), Some((1000, "")));
        assert_eq!(client.frame(stream).await, None);
        let ended = Instant::now();
        assert_eq!(client.reset(stream).await, Reason::NO_ERROR, "{}", way.name);
        assert!(ended.elapsed() < Duration::from_secs(2), "{}: {:?}", way.name, ended.elapsed());
        until_gone_but_connection(&way.server).await;
        let next = client.open("/echo").await;
        echoes(&mut client, next, "the connection goes on").await;
    }
}

#[tokio::test]
async fn what_comes_after_a_close_is_ignored() {
    for way in Way::all(&[]) {
        let mut client = way.connect().await;
        let stream = client.open("/echo").await;
        let bytes = [frame(0x81, b"before"), frame(0x88, b"\x03\xe8"), frame(0x81, b"after")].concat();
        client.send(stream, &bytes).await;
        assert_eq!(client.frame(stream).await.unwrap().payload, b"before", "{}", way.name);
        assert_eq!(client.frame(stream).await.unwrap().close(), Some((1000, "")), "{}", way.name);
        assert_eq!(client.frame(stream).await, None, "{}", way.name);
    }
}

#[tokio::test]
async fn a_client_that_breaks_a_rule_is_told_which() {
    for way in Way::all(&["--max-message", "1000", "--max-frames", "2"]) {
        let mut client = way.connect().await;
        let other = client.open("/echo").await;
        for (code, bytes) in [
            (1002, frame(0x83, b"")),
            (1002, vec![0x81, 1, b'x']),
            (1007, frame(0x81, b"\xff")),
            (1008, [frame(0x01, b""), frame(0x00, b""), frame(0x00, b"")].concat()),
            (1009, header(0x82, 1001)),
        ] {
            let stream = client.open("/echo").await;
            client.send(stream, &[frame(0x82, b"good"), bytes].concat()).await;
            assert_eq!(client.frame(stream).await.unwrap().payload, b"good", "{}", way.name);
            let seen = loop {
                let frame = client.frame(stream).await.expect("a Close frame");
                if let Some((code, reason)) = frame.close() {
                    assert!(!reason.is_empty());
                    break code;
                }
            };
            assert_eq!(seen, code, "{}", way.name);
            client.send(stream, &frame(0x88, &code.to_be_bytes())).await;
            client.end(stream).await;
            assert_eq!(client.frame(stream).await, None, "{}", way.name);
            echoes(&mut client, other, "the other stream goes on").await;
        }
    }
}

#[tokio::test]
async fn memory_that_is_not_there_is_not_taken() {
    let server = Server::start(&["--max-held", "4MiB"]);
    let mut client = Http2::connect(server.address).await;
    let other = client.open("/echo").await;
    let stream = client.open("/echo").await;
    // A text is held until it was found valid.
    client.send(stream, &header(0x81, 8 << 20)).await;
    client.try_send(stream, &vec![b'a'; 5 << 20]).await;
    assert_eq!(client.frame(stream).await.unwrap().close().unwrap().0, 1013);
    echoes(&mut client, other, "the other stream goes on").await;
    assert!(server.connections.held() < 1 << 20, "{} bytes", server.connections.held());
}

#[tokio::test]
async fn a_client_that_ends_its_side_without_a_close_gets_what_it_sent() {
    for way in Way::all(&[]) {
        let mut client = way.connect().await;
        for _ in 0..20 {
            let stream = client.open("/echo").await;
            client.data(stream, flag::END_STREAM, &frame(0x81, b"last")).await;
            assert_eq!(client.frame(stream).await.unwrap().payload, b"last", "{}", way.name);
            assert_eq!(client.frame(stream).await, None, "{}", way.name);
            assert!(client.stream(stream).is_ended, "{}", way.name);
        }
        until_gone_but_connection(&way.server).await;
    }
}

#[tokio::test]
async fn a_stream_that_the_client_resets_is_let_go() {
    for way in Way::all(&[]) {
        let mut client = way.connect().await;
        let other = client.open("/echo").await;
        for start in [header(0x81, 1000), header(0x82, 1000), vec![0x81], vec![]] {
            let stream = client.open("/echo").await;
            client.send(stream, &start).await;
            client.write(&rst_stream(stream, Reason::CANCEL)).await;
            while way.server.connections.count() > 1 {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            echoes(&mut client, other, "the other stream goes on").await;
        }
    }
}

#[tokio::test]
async fn all_streams_end_with_their_connection() {
    for way in Way::all(&[]) {
        for say_goodbye in [false, true] {
            let mut client = way.connect().await;
            for _ in 0..20 {
                let stream = client.open("/echo").await;
                echoes(&mut client, stream, "hello").await;
            }
            assert_eq!(way.server.connections.count(), 20);
            if say_goodbye {
                client.write(&http2::frame(kind::GOAWAY, flag::NONE, 0, &[0; 8])).await;
            }
            drop(client);
            until_gone(&way.server).await;
        }
    }
}

/// RFC 9113 section 6.8: no new streams, and the old ones go on.
#[tokio::test]
async fn a_client_that_says_goodbye_keeps_its_streams() {
    for way in Way::all(&[]) {
        let mut client = way.connect().await;
        let stream = client.open("/echo").await;
        client.write(&http2::frame(kind::GOAWAY, flag::NONE, 0, &[0; 8])).await;
        echoes(&mut client, stream, "still open").await;
        client.send(stream, &frame(0x88, b"\x03\xe8")).await;
        assert_eq!(client.frame(stream).await.unwrap().close(), Some((1000, "")), "{}", way.name);
        client.end(stream).await;
        client.ended().await;
        until_gone(&way.server).await;
    }
}

/// The lab ends a connection in both ways: a FIN is END_STREAM, and a reset is RST_STREAM.
#[tokio::test]
async fn the_ends_of_a_tcp_connection_are_those_of_a_stream() {
    let server = Server::start(&[]);
    let mut client = Http2::connect(server.address).await;
    let fin = client.open("/lab/close?after=1&mode=fin").await;
    echoes(&mut client, fin, "last").await;
    assert_eq!(client.frame(fin).await, None);
    assert!(client.stream(fin).is_ended);

    let rst = client.open("/lab/close?after=1&mode=rst").await;
    client.send(rst, &frame(0x81, b"last")).await;
    assert_eq!(client.reset(rst).await, Reason::CANCEL);
    assert!(!client.stream(rst).is_ended);

    let code = client.open("/lab/close?code=4001&reason=bye").await;
    assert_eq!(client.frame(code).await.unwrap().close(), Some((4001, "bye")));
}

#[tokio::test]
async fn an_idle_connection_without_streams_ends_without_an_error() {
    for way in Way::all(&["--keep-alive", "300ms"]) {
        let mut client = way.connect().await;
        let stream = client.open("/echo").await;
        tokio::time::sleep(Duration::from_millis(600)).await;
        echoes(&mut client, stream, "a connection with a stream does not end").await;
        client.send(stream, &frame(0x88, b"")).await;
        assert_eq!(client.frame(stream).await.unwrap().close(), Some((1005, "")));
        client.end(stream).await;
        let began = Instant::now();
        assert_eq!(client.goaway().await.reason, Reason::NO_ERROR, "{}", way.name);
        client.ended().await;
        let took = began.elapsed();
        assert!(
            (Duration::from_millis(200)..Duration::from_secs(2)).contains(&took),
            "{}: {took:?}",
            way.name
        );
        until_gone(&way.server).await;
        // A connection that never had one.
        let began = Instant::now();
        let mut client = way.connect().await;
        assert_eq!(client.goaway().await.reason, Reason::NO_ERROR, "{}", way.name);
        client.ended().await;
        assert!(began.elapsed() < Duration::from_secs(2), "{}: {:?}", way.name, began.elapsed());
    }
}

#[tokio::test]
async fn a_silent_stream_is_pinged_and_goes_alone() {
    let server = Server::with_timeouts(Timeouts { idle: SOON, pong: SOON, ..PATIENT });
    let mut client = Http2::connect(server.address).await;
    let (silent, polite) = (client.open("/echo").await, client.open("/echo").await);
    assert_eq!(client.frame(silent).await, Some(Frame { first: 0x89, payload: vec![] }));
    let pinged = Instant::now();
    while !client.stream(silent).is_over() {
        let ping = client.frame(polite).await;
        assert_eq!(ping, Some(Frame { first: 0x89, payload: vec![] }));
        client.send(polite, &frame(0x8a, b"")).await;
    }
    assert!(pinged.elapsed() < 4 * SOON, "{:?}", pinged.elapsed());
    // A connection of HTTP/1.1 is dropped then; a stream is cancelled.
    assert_eq!(client.reset(silent).await, Reason::CANCEL);
    client.send(polite, &frame(0x81, b"still here")).await;
    while client.frame(polite).await.unwrap().first != 0x81 {}
    assert_eq!(server.connections.count(), 1);
}

#[tokio::test]
async fn a_stream_that_does_not_read_is_dropped_alone() {
    let server = Server::with_timeouts(Timeouts { write_stall: 2 * SOON, reads_first: SOON / 2, ..PATIENT });
    let mut client =
        Http2::connect_with(server.address, &[(http2::setting::INITIAL_WINDOW_SIZE, 1000)]).await;
    let (unread, other) = (client.open("/echo").await, client.open("/echo").await);
    let began = Instant::now();
    let flood = frame(0x82, &[7; 60_000]).repeat(100);
    assert!(!client.try_send(unread, &flood).await, "the window is never given back for all of it");
    assert!((SOON..8 * SOON).contains(&began.elapsed()), "{:?}", began.elapsed());
    assert_eq!(client.reset(unread).await, Reason::CANCEL);
    echoes(&mut client, other, "the other stream goes on").await;
    assert_eq!(server.connections.count(), 1);
}

#[tokio::test]
async fn a_stopping_server_says_that_it_goes_away() {
    for way in Way::all(&["--drain-spread", "0s"]) {
        let Way { name, mut server, identity } = way;
        let mut client = match &identity {
            Some(identity) => Http2::connect_tls(server.address, identity).await,
            None => Http2::connect(server.address).await,
        };
        let idle = client.open("/echo").await;
        let fragmented = client.open("/echo").await;
        let lab = client.open("/lab/inspect").await;
        client.send(fragmented, &frame(0x01, b"not the last")).await;
        assert_eq!(client.frame(fragmented).await.unwrap().payload, b"not the last");
        server.ask_to_stop();
        for stream in [idle, fragmented, lab] {
            let code = loop {
                let frame = client.frame(stream).await.expect("a Close frame");
                if let Some((code, _)) = frame.close() {
                    break code;
                }
            };
            assert_eq!(code, 1001, "{name}");
            client.send(stream, &frame(0x88, &1001_u16.to_be_bytes())).await;
            client.end(stream).await;
        }
        client.ended().await;
        let GoAway { reason, last_stream } = client.goaway().await;
        assert_eq!((reason, last_stream), (Reason::NO_ERROR, lab), "{name}");
    }
}

/// Once a probe that came while the server stopped could be told to go away before its request was answered.
#[tokio::test]
async fn a_server_that_stops_is_alive_but_not_ready_and_echoes_on_for_a_while() {
    for engine in ENGINES {
        let mut server = Server::on(engine, &["--drain-wait", "700ms"]);
        let mut client = Http2::connect(server.address).await;
        let stream = client.open("/echo").await;
        server.ask_to_stop();
        while server.get("/readyz").await.status() != 503 {}
        echoes(&mut client, stream, "still").await;
        for _ in 0..10 {
            let mut late = Http2::connect(server.address).await;
            assert_eq!(late.get("/healthz").await.head.status, 200, "{engine}");
        }
        let mut late = Http2::connect(server.address).await;
        let (_, head) = late.open_with("/echo", &[]).await;
        assert_eq!((head.status, head.get("retry-after").is_some()), (503, true), "{engine}: {head:?}");
        assert_eq!(client.frame(stream).await.unwrap().close().unwrap().0, 1001, "{engine}");
    }
}

#[tokio::test]
async fn a_stopping_server_lets_the_frame_end_that_flows_through() {
    let mut server = Server::on("native", &[]);
    let mut client = Http2::connect(server.address).await;
    let stream = client.open("/echo").await;
    let message = frame(0x82, &[7; 1000]);
    client.send(stream, &message[..500]).await;
    client.until("the first half", |client| client.stream(stream).bytes.len() >= 496).await;
    let idle = client.open("/echo").await;
    server.ask_to_stop();
    assert_eq!(client.frame(idle).await.unwrap().close(), Some((1001, "the server is shutting down")));
    client.send(stream, &message[500..]).await;
    assert_eq!(client.frame(stream).await.unwrap().payload, [7; 1000]);
    assert_eq!(client.frame(stream).await.unwrap().close(), Some((1001, "the server is shutting down")));
}

/// Row 22 of the fault matrix, on a small scale: streams that read nothing, or stop within a frame, do not delay the end.
#[tokio::test]
async fn stalled_streams_are_dropped_and_the_end_is_clean() {
    let flags = ["--listen", "127.0.0.1:0", "--close-timeout", "500ms", "--drain-spread", "0s"];
    let mut running = Running::start(ws_echo(&flags));
    let address = running.address().await;
    let mut client = Http2::connect_with(address, &[(http2::setting::INITIAL_WINDOW_SIZE, 1000)]).await;
    let within_frame = client.open("/echo").await;
    client.send(within_frame, &header(0x82, 1 << 20)).await;
    let unread = client.open("/echo").await;
    client.data(unread, flag::NONE, &frame(0x82, &[7; 10_000])).await;
    client.until("a window full", |client| client.stream(unread).bytes.len() == 1000).await;
    let deaf = client.open("/echo").await;
    running.signal("TERM").await;
    assert_eq!(client.frame(deaf).await.unwrap().close().unwrap().0, 1001);
    let began = Instant::now();
    client.ended().await;
    let status = running.ended().await.0;
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert_eq!(status.code(), Some(0));
}
