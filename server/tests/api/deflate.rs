//! permessage-deflate (RFC 7692): compressed messages come back as they were sent, and are checked all the same.

use std::io::Write as _;

use flate2::{Compression, write::DeflateEncoder};

use crate::{
    raw::{Frame, Raw, frame, request, upgrade_lines},
    server::Server,
};

/// One compressed message (RFC 7692 section 7.2.1).
pub fn compress(plain: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(plain).unwrap();
    encoder.flush().unwrap();
    encoder.get_ref().strip_suffix(&[0, 0, 0xff, 0xff]).unwrap().to_vec()
}

#[tokio::test]
async fn a_compressed_message_comes_back_compressed() {
    let server = Server::start(&[]);
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

/// Once a compressed frame was held to the limit as it travelled, so that a message just below it was refused if it was
/// random: that grows when it is compressed.
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

    // What is longer than any encoder makes it is told from its header alone.
    let (mut raw, _) = Raw::offering(server.address, "permessage-deflate").await;
    raw.send(&frame(0xc2, &vec![0; LIMIT / 8 * 9 + 17])[..14]).await;
    assert_eq!(raw.frame().await.unwrap().close().unwrap().0, 1009);
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
    // A stored block (RFC 1951 section 3.2.4), so that it is known where the bad byte is.
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
