//! Protocol errors: every good message before one is echoed, and then the right code closes the connection.

use std::time::{Duration, Instant};

use tokio::time::timeout;
use ws_echo_shared::limits::DEFAULT_FRAMES_PER_MESSAGE as FRAMES;
use ws_echo_test_support::{
    frame::{frame, header},
    raw::Raw,
    server::{ENGINES, Server, until_gone},
};

/// Sends a good message and then `bytes`. Returns the code with which the server closes.
async fn verdict(server: &Server, bytes: &[u8]) -> u16 {
    let mut raw = Raw::upgraded(server.address).await;
    raw.send(&[&frame(0x81, b"good"), bytes].concat()).await;
    assert_eq!(raw.frame().await.unwrap().payload, b"good");
    let close = raw.frame().await.expect("a Close frame");
    let (code, reason) = close.close().unwrap_or_else(|| panic!("a Close frame and not {close:?}"));
    assert!(!reason.is_empty());
    raw.finish().await;
    raw.end().await;
    code
}

#[tokio::test]
async fn broken_frames_close_with_1002() {
    for engine in ENGINES {
        let server = Server::on(engine, &[]);
        for (what, bytes) in [
            ("RSV1", frame(0xc1, b"x")),
            ("RSV2", frame(0xa1, b"x")),
            ("RSV3", frame(0x91, b"x")),
            ("a reserved opcode", frame(0x83, b"x")),
            ("a reserved control opcode", frame(0x8b, b"x")),
            ("no mask", vec![0x81, 1, b'x']),
            ("a fragmented ping", frame(0x09, b"x")),
            ("a ping of 126 bytes", frame(0x89, &[b'x'; 126])),
            ("a continuation of nothing", frame(0x80, b"x")),
            ("a length that is not in its shortest form", vec![0x81, 0xfe, 0, 1]),
            ("a length with its top bit set", vec![0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0]),
        ] {
            assert_eq!(verdict(&server, &bytes).await, 1002, "{what}");
        }
    }
}

/// Once a reason complained that a length of 5 in 16 bits was over 125, and that every reserved bit needed an extension.
#[tokio::test]
async fn the_reason_says_which_rule_was_broken() {
    let rsv1 = "RSV1 is set, and no extension was negotiated that uses it";
    let others = "RSV2 or RSV3 is set, and no negotiated extension uses it";
    let long = "the control frame's length is not in 7 bits; a control frame has at most 125 bytes";
    let shortest = "the payload length is not in its shortest form";
    let top_bit = "the payload length of 64 bits has its top bit set";
    let fragment = [frame(0x01, b"caf\xc3"), frame(0x00, b"")].concat();
    for engine in ENGINES {
        let server = Server::on(engine, &["--max-message", "1000", "--max-frames", "2"]);
        for (bytes, code, reason) in [
            (frame(0xc1, b"x"), 1002, rsv1),
            (frame(0xc9, b"x"), 1002, rsv1),
            (frame(0xc0, b"x"), 1002, rsv1),
            (frame(0xa1, b"x"), 1002, others),
            (frame(0x99, b"x"), 1002, others),
            (frame(0xf1, b"x"), 1002, others),
            (frame(0x83, b"x"), 1002, "opcode 3 is reserved"),
            (vec![0x82, 1, b'x'], 1002, "the frame is not masked; a client must mask every frame"),
            (frame(0x09, b"x"), 1002, "the control frame is fragmented: FIN is not set"),
            (frame(0x89, &[b'x'; 126]), 1002, long),
            (vec![0x89, 0xfe, 0, 5], 1002, long),
            (header(0x8a, 1 << 16), 1002, long),
            (vec![0x82, 0xfe, 0, 125], 1002, shortest),
            (vec![0x82, 0xff, 0, 0, 0, 0, 0, 0, 0xff, 0xff], 1002, shortest),
            (vec![0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0], 1002, top_bit),
            (frame(0x80, b"x"), 1002, "a continuation frame came without a message to continue"),
            (
                [frame(0x02, b"a"), frame(0x82, b"b")].concat(),
                1002,
                "a new message began before the fragmented one ended",
            ),
            (frame(0x88, b"\x03"), 1002, "the Close frame has a body of one byte; a close code takes two"),
            (frame(0x88, b"\x03\xed"), 1002, "close code 1005 may not be sent in a Close frame"),
            (frame(0x88, b"\x03\xe8\xff"), 1007, "the reason of the Close frame is not UTF-8"),
            (frame(0x81, b"\xff"), 1007, "the text is not UTF-8"),
            ([frame(0x01, b"caf\xc3"), frame(0x80, b"")].concat(), 1007, "the text is not UTF-8"),
            (header(0x82, 1001), 1009, "the message is longer than 1000 bytes, the limit of this server"),
            (
                [fragment.clone(), frame(0x80, b"\xa9")].concat(),
                1008,
                "the message has more than 2 frames, the limit of this server",
            ),
        ] {
            let mut raw = Raw::upgraded(server.address).await;
            raw.send(&bytes).await;
            let mut last = raw.frame().await.unwrap();
            // The echoes of fragments before the error are skipped.
            while last.first & 0x88 == 0 {
                last = raw.frame().await.unwrap();
            }
            assert_eq!(last.close(), Some((code, reason)), "{engine}: {bytes:x?}");
            raw.finish().await;
            raw.end().await;
        }
        until_gone(&server).await;
    }
}

#[tokio::test]
async fn a_new_message_within_a_fragmented_one_closes_with_1002() {
    for engine in ENGINES {
        let server = Server::on(engine, &[]);
        let mut raw = Raw::upgraded(server.address).await;
        raw.send(&[frame(0x01, b"first"), frame(0x81, b"second")].concat()).await;
        assert_eq!(raw.frame().await.unwrap().payload, b"first");
        assert_eq!(raw.frame().await.unwrap().close().unwrap().0, 1002);
    }
}

#[tokio::test]
async fn bad_close_frames_close_with_1002_or_1007_and_are_not_echoed() {
    for engine in ENGINES {
        let server = Server::on(engine, &[]);
        assert_eq!(verdict(&server, &frame(0x88, b"\x03")).await, 1002);
        for code in [0u16, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535] {
            assert_eq!(verdict(&server, &frame(0x88, &code.to_be_bytes())).await, 1002, "{code}");
        }
        assert_eq!(verdict(&server, &frame(0x88, b"\x03\xe8\xff")).await, 1007);
    }
}

#[tokio::test]
async fn a_text_that_is_not_utf8_closes_with_1007() {
    for engine in ENGINES {
        let server = Server::on(engine, &[]);
        assert_eq!(verdict(&server, &frame(0x81, b"ab\xffcd")).await, 1007);
        assert_eq!(verdict(&server, &frame(0x81, b"\xed\xa0\x80")).await, 1007);
        assert_eq!(verdict(&server, &frame(0x81, b"cut \xf0\x9f")).await, 1007);
    }
}

/// Row 8 of the fault matrix: within 100 ms of the bad byte, and nothing of its frame comes back.
#[tokio::test]
async fn a_bad_byte_is_told_while_its_frame_still_comes_in() {
    for engine in ENGINES {
        let server = Server::on(engine, &[]);
        for good in ["", "a", "€\u{20ac}", &"a".repeat(70_000)] {
            for (what, bad) in
                [("no UTF-8", &b"\xff"[..]), ("cut short", b"\xe2\x82x"), ("too high", b"\xf4\x90")]
            {
                let mut payload = [good.as_bytes(), bad].concat();
                let there = payload.len();
                payload.resize(1 << 20, b'a');
                let bytes = frame(0x01, &payload);
                let bad = bytes.len() - payload.len() + there - 1;

                let mut raw = Raw::upgraded(server.address).await;
                raw.send(&bytes[..bad]).await;
                let began = Instant::now();
                raw.send(&bytes[bad..=bad]).await;
                let close = raw.frame().await.unwrap();
                let took = began.elapsed();
                assert_eq!(
                    close.close().expect("nothing before the Close frame").0,
                    1007,
                    "{engine}: {what}"
                );
                assert!(took < Duration::from_millis(100), "{engine}: {what} after {}: {took:?}", good.len());
                raw.finish().await;
                raw.end().await;
            }
        }
        until_gone(&server).await;
    }
}

#[tokio::test]
async fn a_message_at_the_limit_passes_and_one_byte_more_closes_with_1009() {
    for engine in ENGINES {
        let server = Server::on(engine, &["--max-message", "1000"]);
        let mut raw = Raw::upgraded(server.address).await;
        raw.send(&frame(0x82, &[7; 1000])).await;
        assert_eq!(raw.frame().await.unwrap().payload, [7; 1000]);
        for (first, len) in [(0x02, 400), (0x00, 400), (0x80, 200)] {
            raw.send(&frame(first, &vec![7; len])).await;
            assert_eq!(raw.frame().await.unwrap().payload.len(), len);
        }
        assert_eq!(verdict(&server, &header(0x82, 1001)).await, 1009);

        raw.send(&frame(0x02, &[7; 999])).await;
        assert_eq!(raw.frame().await.unwrap().payload.len(), 999);
        raw.send(&header(0x80, 2)).await;
        assert_eq!(
            raw.frame().await.unwrap().close(),
            Some((1009, "the message is longer than 1000 bytes, the limit of this server"))
        );
    }
}

/// A server that closes its socket while the client still sends answers with a reset, which can overtake the Close frame. actix
/// ends the connection right after the body of the response, so the body is kept open until the client is silent.
#[tokio::test]
async fn a_client_that_is_still_sending_learns_why_it_is_closed() {
    for engine in ENGINES {
        let server = Server::on(engine, &["--max-message", "1000"]);
        for _ in 0..10 {
            let mut raw = Raw::upgraded(server.address).await;
            raw.send(&[header(0x82, 8 << 20), vec![0; 8 << 20]].concat()).await;
            let close = raw.frame().await.expect("a Close frame, and not a reset");
            assert_eq!(close.close().unwrap().0, 1009);
            raw.end().await;
        }
    }
}

/// A client that waits for the server to end the TCP connection first (RFC 6455 section 7.1.1) must not wait long: Autobahn fails
/// a server after a second.
#[tokio::test]
async fn after_a_violation_the_server_ends_the_tcp_connection_soon() {
    for engine in ENGINES {
        let server = Server::on(engine, &[]);
        let mut raw = Raw::upgraded(server.address).await;
        raw.send(&frame(0x81, b"\xff")).await;
        assert_eq!(raw.frame().await.unwrap().close().unwrap().0, 1007);
        let told = Instant::now();
        raw.end().await;
        assert!(told.elapsed() < Duration::from_millis(900), "{engine}: {:?}", told.elapsed());
    }
}

/// Row 4 of the fault matrix: the client sends on as if it meant the length, and is refused before 64 KiB are read.
#[tokio::test]
async fn a_length_of_exabytes_is_refused_at_its_header() {
    for engine in ENGINES {
        let server = Server::on(engine, &[]);
        for first in [0x81, 0x82, 0x01, 0x02] {
            let mut raw = Raw::upgraded(server.address).await;
            raw.send(&header(first, 1 << 62)).await;
            let mut sent = 0;
            let close = loop {
                assert!(sent < 64, "{sent} KiB were read");
                raw.send(&[0; 1024]).await;
                sent += 1;
                if let Ok(frame) = timeout(Duration::from_millis(50), raw.frame()).await {
                    break frame.expect("a Close frame");
                }
            };
            assert_eq!(close.close().unwrap().0, 1009);
            // The server discards the bytes that were on their way.
            raw.send(&vec![0; 1 << 20]).await;
            let held = server.connections.held();
            assert!(held < if engine == "native" { 1024 } else { 128 * 1024 }, "{engine}: {held} bytes");
            raw.finish().await;
            raw.end().await;
        }
        until_gone(&server).await;
    }
}

/// Sends fragments of one message until one is refused. Returns the code, and the number of echoed fragments.
pub async fn flood(raw: &mut Raw, first: u8, payload: &[u8]) -> (u16, u32) {
    raw.send(&frame(first, payload)).await;
    assert_eq!(raw.frame().await.unwrap().first, first);
    let fragments = frame(0x00, payload).repeat(1024);
    let mut echoed = 1;
    loop {
        assert!(echoed <= FRAMES, "{echoed} fragments were taken");
        raw.send(&fragments).await;
        for _ in 0..1024 {
            let frame = raw.frame().await.unwrap();
            if frame.first != 0x00 {
                raw.finish().await;
                raw.end().await;
                return (frame.close().unwrap().0, echoed);
            }
            echoed += 1;
        }
    }
}

/// Row 6 of the fault matrix.
#[tokio::test]
async fn a_flood_of_small_fragments_closes_with_1008() {
    for engine in ENGINES {
        let server = Server::on(engine, &[]);
        for (first, payload) in [(0x02, &b""[..]), (0x01, b"a")] {
            let mut raw = Raw::upgraded(server.address).await;
            assert_eq!(flood(&mut raw, first, payload).await, (1008, FRAMES), "{engine}");
        }
        until_gone(&server).await;
    }
}
