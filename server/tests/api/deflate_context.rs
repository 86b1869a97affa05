//! Agreements that `--deflate` allows, and the memory of a context between messages.

use std::time::Duration;

use tokio::time::{sleep, timeout};
use ws_echo_test_support::{
    compress::{Compressor, compress},
    frame::frame,
    raw::Raw,
    server::{Server, until_gone},
};

const NO_CONTEXT: &str = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

#[tokio::test]
async fn the_flag_says_what_is_agreed_on() {
    let small = "permessage-deflate; server_max_window_bits=10; client_max_window_bits";
    let small_agreed = "; server_max_window_bits=10; client_max_window_bits=10";
    // Every browser sends the second offer.
    for (flags, offer, expected) in [
        (&[][..], "permessage-deflate", Some(NO_CONTEXT.to_owned())),
        (&[], "permessage-deflate; client_max_window_bits", Some(NO_CONTEXT.into())),
        (&[], NO_CONTEXT, Some(NO_CONTEXT.into())),
        (&[], "permessage-deflate; client_no_context_takeover", Some(NO_CONTEXT.into())),
        (&[], small, Some(format!("{NO_CONTEXT}{small_agreed}"))),
        (&["--deflate", "no-context"], "permessage-deflate", Some(NO_CONTEXT.into())),
        (&["--deflate", "context"], "permessage-deflate", Some("permessage-deflate".into())),
        (&["--deflate", "context"], NO_CONTEXT, Some(NO_CONTEXT.into())),
        (&["--deflate", "context"], small, Some(format!("permessage-deflate{small_agreed}"))),
        (&["--deflate", "off"], "permessage-deflate", None),
        (&["--deflate", "off"], small, None),
        (&["--engine", "actix-ws", "--deflate", "context"], "permessage-deflate", None),
    ] {
        let server = Server::start(flags);
        let (mut raw, agreed) = Raw::offering(server.address, offer).await;
        assert_eq!(agreed, expected, "{flags:?} {offer}");
        raw.send(&frame(0x81, b"plain")).await;
        assert_eq!(raw.frame().await.unwrap().payload, b"plain");
    }
}

/// A message that refers back to the one before: valid with a context, and an error without.
#[tokio::test]
async fn a_message_refers_back_only_where_a_context_is_kept() {
    let text = b"the same text again and again ".repeat(3);
    let mut compressor = Compressor::default();
    let (first, second) = (compressor.compress(&text), compressor.compress(&text));
    for (flag, code) in [("no-context", Some(1007)), ("context", None)] {
        let server = Server::start(&["--deflate", flag]);
        let (mut raw, _) = Raw::offering(server.address, "permessage-deflate").await;
        raw.send(&[frame(0xc1, &first), frame(0xc1, &second)].concat()).await;
        assert_eq!(raw.frame().await.unwrap().payload, first);
        let answer = raw.frame().await.unwrap();
        assert_eq!(answer.close().map(|(code, _)| code), code, "{flag}");
        if code.is_none() {
            assert_eq!(answer.payload, second);
        }
    }
}

/// Once up to 60 KiB were kept for a connection, and not counted.
#[tokio::test]
async fn what_compression_keeps_is_counted() {
    // The references go one byte back, which every window allows.
    let payload = compress(&[b'x'; 100_000]);
    let message = frame(0xc1, &payload);
    for (flags, offer, kept) in [
        (&[][..], "permessage-deflate", 0),
        (&["--deflate", "context"], "permessage-deflate", 1 << 15),
        (
            &["--deflate", "context"],
            "permessage-deflate; server_max_window_bits=10; client_max_window_bits",
            1 << 10,
        ),
    ] {
        let server = Server::start(flags);
        let (mut raw, _) = Raw::offering(server.address, offer).await;
        raw.send(&frame(0x81, b"plain")).await;
        raw.frame().await.unwrap();
        let before = server.connections.held();
        assert!(before < 1024, "{before} bytes before the first compressed message");
        for _ in 0..3 {
            raw.send(&message).await;
            assert_eq!(raw.frame().await.unwrap().payload, payload);
            // The answer to the ping shows that the server has counted the memory.
            raw.send(&frame(0x89, b"")).await;
            raw.frame().await.unwrap();
            let held = server.connections.held() - before;
            assert!((kept..kept + 512).contains(&held), "{flags:?} {offer}: {held} bytes");
        }
        // Within a message, the memory of a decoder is counted as well.
        raw.send(&message[..message.len() / 2]).await;
        let more = async {
            while server.connections.held() < kept + 10_000 {
                sleep(Duration::from_millis(1)).await;
            }
        };
        timeout(Duration::from_secs(10), more).await.expect("it is counted");
        drop(raw);
        until_gone(&server).await;
    }
}

#[tokio::test]
async fn a_context_for_which_there_is_no_memory_ends_the_connection() {
    let server = Server::start(&["--deflate", "context", "--max-held", "40KiB"]);
    let payload = compress(&[b'x'; 100_000]);
    let (mut first, _) = Raw::offering(server.address, "permessage-deflate").await;
    first.send(&frame(0xc1, &payload)).await;
    assert_eq!(first.frame().await.unwrap().payload, payload);
    let (mut second, _) = Raw::offering(server.address, "permessage-deflate").await;
    second.send(&frame(0xc1, &payload)).await;
    assert_eq!(second.frame().await.unwrap().payload, payload);
    assert_eq!(second.frame().await.unwrap().close().unwrap().0, 1013);
    // The first connection goes on.
    first.send(&frame(0xc1, &payload)).await;
    assert_eq!(first.frame().await.unwrap().payload, payload);
}
