//! Every message comes back exactly as it was.

use ws_echo_test_support::{
    compress::Compressor,
    frame::{Frame, frame, server_frame},
    http2::{self, Http2, field_block, flag, kind, websocket},
    server::Server,
};

use super::{Way, echoes};

#[tokio::test]
async fn texts_and_binaries_of_every_length_class_come_back_unchanged() {
    for way in Way::all(&[]) {
        let mut client = way.connect().await;
        let stream = client.open("/echo").await;
        for len in [0, 1, 125, 126, 65_535, 65_536, 1 << 20, 16 << 20] {
            let text: Vec<u8> = (b'a'..=b'z').cycle().take(len).collect();
            let binary: Vec<u8> = (0..=255).cycle().take(len).collect();
            for (first, payload) in [(0x81, text), (0x82, binary)] {
                client.send(stream, &frame(first, &payload)).await;
                let echo = client.frame(stream).await.unwrap();
                assert!(echo == Frame { first, payload }, "{}: {len} bytes, {first:x}", way.name);
            }
        }
    }
}

#[tokio::test]
async fn fragments_and_pings_within_them_come_back_in_their_order() {
    for way in Way::all(&[]) {
        let mut client = way.connect().await;
        let stream = client.open("/echo").await;
        let bytes = [
            frame(0x01, b"caf\xc3"),
            frame(0x89, b"are you there"),
            frame(0x8a, b"ignored"),
            frame(0x00, b""),
            frame(0x80, b"\xa9"),
        ];
        client.send(stream, &bytes.concat()).await;
        for (first, payload) in
            [(0x01, &b"caf\xc3"[..]), (0x8a, b"are you there"), (0x00, b""), (0x80, b"\xa9")]
        {
            let expected = Frame { first, payload: payload.to_vec() };
            assert_eq!(client.frame(stream).await, Some(expected), "{}", way.name);
        }
    }
}

#[tokio::test]
async fn data_frames_need_not_be_frames_of_the_websocket() {
    for way in Way::all(&[]) {
        let mut client = way.connect().await;
        let stream = client.open("/echo").await;
        for byte in frame(0x81, "sl\u{f6}w".as_bytes()) {
            client.data(stream, flag::NONE, &[byte]).await;
            client.data(stream, flag::NONE, b"").await;
        }
        let expected = Frame { first: 0x81, payload: "sl\u{f6}w".into() };
        assert_eq!(client.frame(stream).await, Some(expected), "{}", way.name);
        client.data(stream, flag::NONE, &frame(0x82, b"many").repeat(1000)).await;
        for _ in 0..1000 {
            assert_eq!(client.frame(stream).await.unwrap().payload, b"many", "{}", way.name);
        }
    }
}

/// Padding uses the windows too (RFC 9113 section 6.1). If it were not given back, the stream would stand still.
#[tokio::test]
async fn padding_is_taken_off_and_its_window_is_given_back() {
    for way in Way::all(&[]) {
        let mut client = way.connect().await;
        let stream = client.open("/echo").await;
        let window = client.room(stream);
        let message = frame(0x81, b"x");
        let padded = [&[255], &message[..], &[0; 255]].concat();
        for _ in 0..4 * window / padded.len() as u64 {
            client.until("a window", |client| client.room(stream) >= padded.len() as u64).await;
            client.data(stream, flag::PADDED, &padded).await;
            assert_eq!(client.frame(stream).await.unwrap().payload, b"x", "{}", way.name);
        }
    }
}

#[tokio::test]
async fn what_comes_with_the_request_is_not_lost() {
    for way in Way::all(&[]) {
        let mut client = way.connect().await;
        let stream = client.request(&websocket("/echo"), flag::NONE).await;
        client.data(stream, flag::NONE, &frame(0x81, b"early")).await;
        assert_eq!(client.head(stream).await.status, 200, "{}", way.name);
        assert_eq!(client.frame(stream).await.unwrap().payload, b"early", "{}", way.name);
    }
}

#[tokio::test]
async fn streams_of_one_connection_do_not_mix() {
    for way in Way::all(&[]) {
        let mut client = way.connect().await;
        let mut streams = Vec::new();
        for _ in 0..50 {
            streams.push(client.open("/echo").await);
        }
        for round in 0..5 {
            // The first halves of all messages, and then the second halves.
            let message = |stream: u32| frame(0x81, format!("{stream} in round {round}").as_bytes());
            for half in 0..2 {
                for stream in &streams {
                    let message = message(*stream);
                    let (one, other) = message.split_at(message.len() / 2);
                    client.send(*stream, if half == 0 { one } else { other }).await;
                }
            }
            for stream in streams.iter().rev() {
                let expected = format!("{stream} in round {round}");
                assert_eq!(
                    client.frame(*stream).await.unwrap().payload,
                    expected.into_bytes(),
                    "{}",
                    way.name
                );
            }
        }
        assert_eq!(way.server.connections.count(), 50, "each stream is a connection");
    }
}

/// Several messages that are each longer than a window, on several streams, all at the same time.
#[tokio::test]
async fn long_messages_on_several_streams_take_turns() {
    const LEN: usize = 2 << 20;
    for way in Way::all(&[]) {
        let mut client = way.connect().await;
        let mut streams = Vec::new();
        for _ in 0..4 {
            streams.push(client.open("/echo").await);
        }
        let messages: Vec<_> = streams.iter().map(|stream| frame(0x82, &vec![*stream as u8; LEN])).collect();
        for piece in 0..messages[0].chunks(50_000).len() {
            for (stream, message) in streams.iter().zip(&messages) {
                client.send(*stream, message.chunks(50_000).nth(piece).unwrap()).await;
            }
        }
        for stream in streams {
            let echo = client.frame(stream).await.unwrap();
            assert!(echo.payload == vec![stream as u8; LEN], "{} on {stream}", way.name);
        }
    }
}

#[tokio::test]
async fn compressed_messages_come_back_as_they_were() {
    for way in Way::native(&["--deflate", "context"]) {
        let mut client = way.connect().await;
        let offer = [("sec-websocket-extensions", "permessage-deflate")];
        let (stream, head) = client.open_with("/echo", &offer).await;
        assert_eq!(head.get("sec-websocket-extensions"), Some("permessage-deflate"));
        let mut compressor = Compressor::default();
        for number in 0..20 {
            let payload = compressor.compress("värde ".repeat(number * 100).as_bytes());
            client.send(stream, &frame(0xc1, &payload)).await;
            assert_eq!(client.frame(stream).await, Some(Frame { first: 0xc1, payload }), "{}", way.name);
        }
        echoes(&mut client, stream, "plain").await;
    }
}

#[tokio::test]
async fn the_server_chooses_a_subprotocol() {
    for way in Way::all(&["--subprotocol", "a", "--subprotocol", "b"]) {
        let mut client = way.connect().await;
        for (offer, chosen) in [("x, b, a", Some("b")), ("x", None)] {
            let (stream, head) = client.open_with("/echo", &[("sec-websocket-protocol", offer)]).await;
            assert_eq!((head.status, head.get("sec-websocket-protocol")), (200, chosen), "{}", way.name);
            echoes(&mut client, stream, "hello").await;
        }
    }
}

/// RFC 8441 section 5 processes neither `Sec-WebSocket-Key` nor `Sec-WebSocket-Accept`, and RFC 9113 section 8.2.2 forbids fields
/// of the connection.
#[tokio::test]
async fn the_answer_has_no_field_of_http_1() {
    for way in Way::all(&[]) {
        let mut client = way.connect().await;
        // A proxy may pass a key on.
        let (stream, head) = client.open_with("/echo", &[("sec-websocket-key", "not even 16 bytes")]).await;
        assert_eq!(head.status, 200, "{}", way.name);
        for name in ["sec-websocket-accept", "upgrade", "connection", "transfer-encoding", "content-length"] {
            assert!(!head.fields.iter().any(|field| field.0 == name), "{}: {head:?}", way.name);
        }
        echoes(&mut client, stream, "hello").await;
    }
}

/// A message in one DATA frame each, and many messages in one, written as fast as the window allows.
#[tokio::test]
async fn messages_in_flight_come_back_in_order() {
    const COUNT: usize = 10_000;
    for way in Way::all(&[]) {
        let mut client = way.connect().await;
        let stream = client.open("/echo").await;
        let mut expected = Vec::new();
        for number in 0..COUNT {
            let text = number.to_string();
            client.send(stream, &frame(0x81, text.as_bytes())).await;
            expected.extend(server_frame(0x81, text.as_bytes()));
        }
        client.until("all echoes", |client| client.stream(stream).bytes.len() >= expected.len()).await;
        assert!(client.stream(stream).bytes == expected, "{}", way.name);
    }
}

/// Trailers end a stream as END_STREAM on DATA does.
#[tokio::test]
async fn a_stream_may_end_with_trailers() {
    let server = Server::start(&[]);
    let mut client = Http2::connect(server.address).await;
    let stream = client.open("/echo").await;
    client.send(stream, &frame(0x81, b"last")).await;
    let end = flag::END_STREAM | flag::END_HEADERS;
    client.write(&http2::frame(kind::HEADERS, end, stream, &field_block(&[("x-trailer", "1")]))).await;
    assert_eq!(client.frame(stream).await.unwrap().payload, b"last");
    assert_eq!(client.frame(stream).await, None);
    let next = client.open("/echo").await;
    echoes(&mut client, next, "the connection goes on").await;
}
