//! Every message comes back exactly as it was.

use futures_util::{SinkExt, StreamExt};
use tokio_tungstenite::tungstenite::Message;
use ws_echo_test_support::{
    frame::{Frame, frame},
    raw::{Raw, request, upgrade_lines},
    server::{ENGINES, Server},
};

#[tokio::test]
async fn texts_and_binaries_of_every_length_class_come_back_unchanged() {
    for engine in ENGINES {
        let server = Server::on(engine, &[]);
        let mut client = server.connect().await;
        for len in [0, 1, 125, 126, 65_535, 65_536, 1 << 20, 16 << 20] {
            let text: String = ('a'..='z').cycle().take(len).collect();
            let binary: Vec<u8> = (0..=255).cycle().take(len).collect();
            for message in [Message::text(text), Message::binary(binary)] {
                client.send(message.clone()).await.unwrap();
                let echo = client.next().await.unwrap().unwrap();
                assert!(
                    echo == message,
                    "{len} bytes, {}",
                    if message.is_text() { "text" } else { "binary" }
                );
            }
        }
    }
}

#[tokio::test]
async fn texts_keep_every_character() {
    for engine in ENGINES {
        let server = Server::on(engine, &[]);
        let mut client = server.connect().await;
        for text in
            ["🦀 emoji 👩‍👩‍👧‍👦", "שלום עולם", "مرحبا", "\0\u{1}\u{7f}", "\u{feff}\u{10ffff}", "<b>&amp;</b>\r\n"]
        {
            client.send(Message::text(text)).await.unwrap();
            assert_eq!(client.next().await.unwrap().unwrap(), Message::text(text));
        }
    }
}

#[tokio::test]
async fn messages_in_flight_come_back_in_order() {
    for engine in ENGINES {
        let server = Server::on(engine, &[]);
        let (mut sink, stream) = server.connect().await.split();
        let sender = tokio::spawn(async move {
            for number in 0..10_000 {
                sink.feed(Message::text(number.to_string())).await.unwrap();
            }
            sink.flush().await.unwrap();
            sink
        });
        let echoes: Vec<_> =
            stream.take(10_000).map(|echo| echo.unwrap().into_text().unwrap().to_string()).collect().await;
        drop(sender.await.unwrap());
        assert!(echoes.into_iter().eq((0..10_000).map(|number| number.to_string())));
    }
}

#[tokio::test]
async fn fragments_come_back_as_they_were_sent() {
    for engine in ENGINES {
        let server = Server::on(engine, &[]);
        let mut raw = Raw::upgraded(server.address).await;
        let half = "caf\u{e9}".as_bytes();
        for (first, payload) in
            [(0x01, &half[..4]), (0x00, b""), (0x80, &half[4..]), (0x02, b"\xff"), (0x80, b"\xfe")]
        {
            raw.send(&frame(first, payload)).await;
            assert_eq!(raw.frame().await, Some(Frame { first, payload: payload.to_vec() }));
        }
    }
}

#[tokio::test]
async fn a_ping_is_answered_within_a_fragmented_message() {
    for engine in ENGINES {
        let server = Server::on(engine, &[]);
        let mut raw = Raw::upgraded(server.address).await;
        raw.send(
            &[frame(0x01, b"a"), frame(0x89, b"are you there"), frame(0x8a, b"ignored"), frame(0x80, b"b")]
                .concat(),
        )
        .await;
        for (first, payload) in [(0x01, &b"a"[..]), (0x8a, b"are you there"), (0x80, b"b")] {
            assert_eq!(raw.frame().await, Some(Frame { first, payload: payload.to_vec() }));
        }
    }
}

#[tokio::test]
async fn frames_that_come_with_the_handshake_are_not_lost() {
    for engine in ENGINES {
        let server = Server::on(engine, &[]);
        let mut raw = Raw::connect(server.address).await;
        let mut bytes = request(&upgrade_lines()).into_bytes();
        bytes.extend(frame(0x81, b"early"));
        raw.send(&bytes).await;
        raw.head().await;
        assert_eq!(raw.frame().await, Some(Frame { first: 0x81, payload: b"early".to_vec() }));
    }
}

#[tokio::test]
async fn a_frame_may_come_byte_by_byte() {
    for engine in ENGINES {
        let server = Server::on(engine, &[]);
        let mut raw = Raw::upgraded(server.address).await;
        for byte in frame(0x81, "sl\u{f6}w".as_bytes()) {
            raw.send(&[byte]).await;
            tokio::task::yield_now().await;
        }
        assert_eq!(raw.frame().await, Some(Frame { first: 0x81, payload: "sl\u{f6}w".into() }));
    }
}
