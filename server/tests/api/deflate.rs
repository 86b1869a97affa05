//! permessage-deflate (RFC 7692): compressed messages come back as they were sent, and are checked like all others.

use ws_echo_test_support::{
    compress::compress,
    frame::{Frame, frame},
    raw::{Raw, request, upgrade_lines},
    server::Server,
};

#[tokio::test]
async fn a_compressed_message_comes_back_compressed() {
    let server = Server::start(&["--deflate", "context"]);
    let (mut raw, agreed) =
        Raw::offering(server.address, "permessage-deflate; client_no_context_takeover").await;
    assert_eq!(agreed.as_deref(), Some("permessage-deflate; client_no_context_takeover"));
    let payload = compress("värde ".repeat(1000).as_bytes());
    for _ in 0..3 {
        raw.send(&frame(0xc1, &payload)).await;
        assert_eq!(raw.frame().await, Some(Frame { first: 0xc1, payload: payload.clone() }));
        raw.send(&frame(0x81, b"plain")).await;
        assert_eq!(raw.frame().await, Some(Frame { first: 0x81, payload: b"plain".to_vec() }));
    }
}

#[tokio::test]
async fn nothing_is_agreed_on_that_was_not_offered() {
    let server = Server::start(&[]);
    for refused in
        ["permessage-deflate; server_max_window_bits=10", "x-unknown", "permessage-deflate; mystery=1"]
    {
        let (mut raw, agreed) = Raw::offering(server.address, refused).await;
        assert_eq!(agreed, None, "{refused}");
        raw.send(&frame(0xc1, &compress(b"text"))).await;
        assert_eq!(raw.frame().await.unwrap().close().unwrap().0, 1002);
    }
}

#[tokio::test]
async fn an_offer_that_breaks_the_grammar_is_a_bad_request() {
    let server = Server::start(&[]);
    let mut raw = Raw::connect(server.address).await;
    raw.send(request(&format!("{}Sec-WebSocket-Extensions: a b\r\n", upgrade_lines())).as_bytes()).await;
    assert!(raw.head().await.starts_with("HTTP/1.1 400 "));
}

#[tokio::test]
async fn what_does_not_inflate_well_is_refused_and_not_echoed() {
    let server = Server::start(&["--max-message", "100KB"]);
    for (what, payload, code) in [
        ("garbage", vec![0xff; 20], 1007),
        ("not UTF-8", compress(b"caf\xe9"), 1007),
        ("a bomb", compress(&vec![b'0'; 50_000_000]), 1009),
    ] {
        let (mut raw, _) = Raw::offering(server.address, "permessage-deflate").await;
        raw.send(&frame(0xc1, &payload)).await;
        assert_eq!(raw.frame().await.unwrap().close().expect(what).0, code, "{what}");
        raw.end().await;
    }
}

/// Once the limit of a message was applied to its compressed form. A random message grows when it is compressed, so one just
/// below the limit was refused.
#[tokio::test]
async fn the_limit_is_on_a_message_and_not_on_its_compressed_form() {
    const LIMIT: usize = 1 << 20;
    let server = Server::start(&["--max-message", "1MiB"]);
    let mut state = 1_u64;
    let random: Vec<u8> = std::iter::repeat_with(|| {
        // A linear congruential generator (Knuth's constants): its high bits do not compress.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state.to_be_bytes()[0]
    })
    .take(LIMIT + 1)
    .collect();

    let (mut raw, _) = Raw::offering(server.address, "permessage-deflate").await;
    let payload = compress(&random[..LIMIT]);
    assert!(payload.len() > LIMIT);
    raw.send(&frame(0xc2, &payload)).await;
    assert!(raw.frame().await == Some(Frame { first: 0xc2, payload }));
    raw.send(&frame(0xc2, &compress(&random))).await;
    assert_eq!(raw.frame().await.unwrap().close().unwrap().0, 1009);

    // A message that is longer than any encoder makes it is refused by its header alone.
    let (mut raw, _) = Raw::offering(server.address, "permessage-deflate").await;
    raw.send(&frame(0xc2, &vec![0; LIMIT / 8 * 9 + 17])[..14]).await;
    let reason = "the compressed message has more than 1179664 bytes of payload, the limit of this server";
    assert_eq!(raw.frame().await.unwrap().close(), Some((1009, reason)));
}

#[tokio::test]
async fn the_reference_engine_does_not_compress() {
    let server = Server::on("actix-ws", &[]);
    let (_, agreed) = Raw::offering(server.address, "permessage-deflate").await;
    assert_eq!(agreed, None);
}

#[tokio::test]
async fn a_bad_byte_is_told_while_its_compressed_frame_still_comes_in() {
    let server = Server::start(&[]);
    let (mut raw, _) = Raw::offering(server.address, "permessage-deflate").await;
    // A stored block (RFC 1951 section 3.2.4), in which the place of the bad byte is known.
    let mut payload = vec![0, 0xff, 0xff, 0, 0];
    payload.extend([b'a'; 1000]);
    payload.push(0xff);
    payload.resize(5 + 0xffff, b'a');
    let bytes = frame(0xc1, &payload);
    let bad = bytes.len() - payload.len() + 1005;
    raw.send(&bytes[..bad]).await;
    raw.send(&bytes[bad..=bad]).await;
    assert_eq!(raw.frame().await.unwrap().close().unwrap().0, 1007);
    raw.finish().await;
    raw.end().await;
}

/// Sends a good message, then this one, and another good one if it is echoed. Returns the code and the reason of a refusal.
async fn verdict(server: &Server, offer: &str, payload: &[u8], ways: usize) -> Option<(u16, String)> {
    let (mut raw, agreed) = Raw::offering(server.address, offer).await;
    assert!(agreed.is_some(), "{offer}");
    let good = compress(b"before");
    raw.send(&frame(0xc2, &good)).await;
    assert_eq!(raw.frame().await.unwrap().payload, good);
    let (head, tail) = payload.split_at(payload.len() * ways / 4);
    let frames = match ways {
        0 => vec![frame(0xc2, payload)],
        _ => vec![frame(0x42, head), frame(0x89, b"between"), frame(0x80, tail)],
    };
    raw.send(&frames.concat()).await;
    let mut echoed: Vec<u8> = Vec::new();
    loop {
        let frame = raw.frame().await.unwrap();
        if let Some((code, reason)) = frame.close() {
            // The frame with the error is not echoed.
            let verdict = (code, reason.to_owned());
            raw.finish().await;
            raw.end().await;
            return Some(verdict);
        }
        if frame.first != 0x8a {
            echoed.extend(&frame.payload);
            if frame.first & 0x80 != 0 {
                break;
            }
        }
    }
    assert_eq!(echoed, payload, "{offer}");
    let next = compress(b"behind");
    raw.send(&frame(0xc2, &next)).await;
    assert_eq!(raw.frame().await, Some(Frame { first: 0xc2, payload: next }));
    None
}

/// Offers with and without context takeover, and with a smaller window, which has a decoder of its own.
const OFFERS: [&str; 3] = [
    "permessage-deflate",
    "permessage-deflate; client_no_context_takeover",
    "permessage-deflate; server_max_window_bits=10; client_max_window_bits",
];

/// Once such a message was echoed, and the next one, which was good, was refused with 1007.
#[tokio::test]
async fn a_message_that_is_not_well_formed_is_refused_itself() {
    const REASON: &str =
        "the compressed message does not end with an empty stored block less 00 00 ff ff (RFC 7692, 7.2.1)";
    let server = Server::start(&["--deflate", "context"]);
    let hello = compress(b"Hello");
    for offer in OFFERS {
        for (what, payload) in [
            ("nothing", &b""[..]),
            ("a final block and nothing behind it", &[0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00]),
            ("the end of a message within a block", &hello[..3]),
            ("the end of a message within a block's lengths", &[0x00, 0x05, 0x00]),
            ("the end of a message within data without compression", &[0x00, 0x09, 0x00, 0xf6, 0xff, b'a']),
            ("all of the empty block", &[0x00, 0x00, 0x00, 0xff, 0xff]),
        ] {
            for ways in 0..=4 {
                let verdict = verdict(&server, offer, payload, ways).await;
                assert_eq!(verdict, Some((1007, REASON.to_owned())), "{offer}: {what}, {ways}");
            }
        }
    }
}

/// RFC 7692 section 7.2.3.
#[tokio::test]
async fn every_form_that_a_sender_may_choose_is_echoed() {
    let server = Server::start(&["--deflate", "context"]);
    for offer in OFFERS {
        for (what, payload) in [
            ("an empty message", &[0x00][..]),
            ("one block", &[0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00]),
            ("a block without compression", b"\x00\x05\x00\xfa\xffHello\x00"),
            ("a final block", &[0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00]),
            ("two blocks", &[0xf2, 0x48, 0x05, 0, 0, 0, 0xff, 0xff, 0xca, 0xc9, 0xc9, 0x07, 0x00]),
            ("data behind a final block", b"\x01\x03\x00\xfc\xffHel\x00\x02\x00\xfd\xfflo\x00"),
        ] {
            for ways in 0..=4 {
                assert_eq!(verdict(&server, offer, payload, ways).await, None, "{offer}: {what}, {ways}");
            }
        }
    }
}

/// Returns a message of 6,000 bytes that do not compress, and a reference 5,000 bytes back: with the fixed codes, 257 is a length
/// of 3, and 24 a distance from 4,097 with 11 more bits (RFC 1951 sections 3.2.5 and 3.2.6).
fn far_reference() -> Vec<u8> {
    let far = vec![b'x'; 6000];
    let stored = [&[0, 0x70, 0x17, 0x8f, 0xe8], &far[..]].concat();
    // 0, 01 | 0000001 | 11000 | 903, least significant bit first | 0000000 | 000
    let bits = "010".to_owned() + "0000001" + "11000" + "11100001110" + "0000000" + "000";
    let bits: Vec<u8> = bits.bytes().map(|bit| bit - b'0').collect();
    let block = bits.chunks(8).map(|byte| byte.iter().rev().fold(0, |sum, bit| sum << 1 | bit));
    stored.into_iter().chain(block).collect()
}

/// Once the agreed window was not checked.
#[tokio::test]
async fn a_reference_beyond_the_window_is_refused() {
    let server = Server::start(&["--deflate", "context"]);
    let payload = far_reference();
    for (bits, is_good) in [(9, false), (10, false), (12, false), (13, true), (14, true), (15, true)] {
        for takeover in ["", "; client_no_context_takeover"] {
            let offer = format!(
                "permessage-deflate; server_max_window_bits={bits}; client_max_window_bits{takeover}"
            );
            let window = 1 << bits;
            let reason = format!(
                "the compressed message refers back beyond its context, or beyond the agreed window of {window} bytes"
            );
            for ways in 0..=4 {
                let expected = (!is_good).then(|| (1007, reason.clone()));
                assert_eq!(verdict(&server, &offer, &payload, ways).await, expected, "{offer}, {ways}");
            }
        }
    }
}

#[tokio::test]
async fn a_window_that_the_client_cannot_keep_to_is_not_agreed_on() {
    let server = Server::start(&["--deflate", "context"]);
    for (offer, expected) in [
        ("permessage-deflate; server_max_window_bits=8; client_max_window_bits", None),
        ("permessage-deflate; server_max_window_bits=8; client_max_window_bits=8", None),
        (
            "permessage-deflate; server_max_window_bits=8; client_max_window_bits, permessage-deflate",
            Some("permessage-deflate"),
        ),
        (
            "permessage-deflate; server_max_window_bits=9; client_max_window_bits=8",
            Some("permessage-deflate; server_max_window_bits=9"),
        ),
        (
            "permessage-deflate; server_max_window_bits=9; client_max_window_bits",
            Some("permessage-deflate; server_max_window_bits=9; client_max_window_bits=9"),
        ),
        ("permessage-deflate; client_max_window_bits=8", Some("permessage-deflate")),
    ] {
        let (_, agreed) = Raw::offering(server.address, offer).await;
        assert_eq!(agreed.as_deref(), expected, "{offer}");
    }
}

/// Once the reason was that no extension was negotiated.
#[tokio::test]
async fn the_reason_tells_where_rsv1_may_not_be() {
    const CONTINUATION: &str = "RSV1 is set on a continuation frame; permessage-deflate sets it on the first frame of a message only";
    const CONTROL: &str = "RSV1 is set on a control frame; permessage-deflate compresses data frames only";
    const NONE: &str = "RSV1 is set, and no extension was negotiated that uses it";
    const OTHERS: &str = "RSV2 or RSV3 is set, and no negotiated extension uses it";
    let server = Server::start(&[]);
    let hello = compress(b"Hello");
    let compressed = frame(0x41, &hello[..2]);
    let plain = frame(0x01, b"plain");
    for (agreed, start, first, reason) in [
        (true, &compressed, 0xc0, CONTINUATION),
        (true, &compressed, 0x40, CONTINUATION),
        (true, &plain, 0xc0, CONTINUATION),
        (true, &compressed, 0xc9, CONTROL),
        (true, &vec![], 0xc9, CONTROL),
        (true, &vec![], 0xca, CONTROL),
        (true, &vec![], 0xc8, CONTROL),
        (true, &vec![], 0xa1, OTHERS),
        (true, &vec![], 0xd1, OTHERS),
        (true, &compressed, 0xb0, OTHERS),
        (false, &vec![], 0xc1, NONE),
        (false, &plain, 0xc0, NONE),
        (false, &vec![], 0xc9, NONE),
        (false, &vec![], 0xe1, OTHERS),
    ] {
        let mut raw = match agreed {
            true => Raw::offering(server.address, "permessage-deflate").await.0,
            false => Raw::upgraded(server.address).await,
        };
        raw.send(&[start, &frame(first, b"x")[..]].concat()).await;
        let mut last = raw.frame().await.unwrap();
        if last.first & 0x0f == 1 {
            last = raw.frame().await.unwrap();
        }
        assert_eq!(last.close(), Some((1002, reason)), "{first:x} behind {start:x?}, agreed on: {agreed}");
    }
}
