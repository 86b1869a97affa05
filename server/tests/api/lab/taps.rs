//! Taps: the server's view of a connection.

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio_tungstenite::{connect_async, tungstenite::Message};
use ws_echo_test_support::{
    compress::compress,
    frame::frame,
    raw::Raw,
    server::{ENGINES, Server, until_gone},
};

use super::{open, refused, tap};

fn frames(entries: &[Value]) -> Vec<Value> {
    let frames = entries.iter().filter(|entry| entry["type"] == "frame").cloned();
    frames
        .map(|mut frame| {
            let members = frame.as_object_mut().unwrap();
            assert!(members.remove("at_us").unwrap().is_u64());
            members.remove("type");
            frame
        })
        .collect()
}

fn seen(direction: &str, fin: bool, rsv: u8, opcode: u8, length: u64) -> Value {
    let masked = direction == "received";
    json!({ "direction": direction, "fin": fin, "rsv": rsv, "opcode": opcode, "masked": masked, "length": length })
}

#[tokio::test]
async fn an_echo_is_seen_frame_by_frame_on_both_engines() {
    for engine in ENGINES {
        let server = Server::on(engine, &[]);
        let id = "0123456789abcdef";
        let mut raw = open(&server, &format!("/echo?tap={id}")).await;
        raw.send(&[frame(0x01, b"hel"), frame(0x89, b"?"), frame(0x80, b"lo")].concat()).await;
        for _ in 0..3 {
            raw.frame().await.unwrap();
        }
        raw.send(&frame(0x82, &vec![0; 100_000])).await;
        raw.frame().await.unwrap();
        raw.send(&frame(0x88, b"\x0f\xa1bye")).await;
        raw.frame().await.unwrap();
        raw.end().await;
        raw.finish().await;
        let entries = tap(&server, id).await;
        assert_eq!(entries[0]["type"], "request", "{engine}");
        assert_eq!(entries[0]["request"]["target"], format!("/echo?tap={id}"), "{engine}");
        let close = |direction| {
            let mut close = seen(direction, true, 0, 8, 5);
            close["close_code"] = 4001.into();
            close
        };
        let frames = frames(&entries);
        let of = |direction: &str| -> Vec<Value> {
            frames.iter().filter(|frame| frame["direction"] == direction).cloned().collect()
        };
        for direction in ["received", "sent"] {
            let pong = if direction == "sent" { 10 } else { 9 };
            let expected = [
                seen(direction, false, 0, 1, 3),
                seen(direction, true, 0, pong, 1),
                seen(direction, true, 0, 0, 2),
                seen(direction, true, 0, 2, 100_000),
                close(direction),
            ];
            assert_eq!(of(direction), expected, "{engine} {direction}");
        }
        let times: Vec<_> = entries.iter().map(|entry| entry["at_us"].as_u64().unwrap()).collect();
        assert!(times.is_sorted(), "{times:?}");
        let last = entries.last().unwrap();
        assert_eq!(
            (&last["type"], &last["code"], &last["by"]),
            (&"end".into(), &4001.into(), &"peer".into())
        );
        let ends: Vec<_> = entries.iter().filter(|entry| entry["type"] == "tcp").collect();
        assert!(ends.iter().any(|end| end["by"] == "server" && end["how"] == "fin"), "{engine} {ends:?}");
        assert!(!serde_json::to_string(&entries).unwrap().contains("hel\""), "no payload");
    }
}

#[tokio::test]
async fn compression_and_inflated_lengths_are_seen() {
    let server = Server::start(&[]);
    let offer = "Sec-WebSocket-Extensions: permessage-deflate\r\n";
    for (path, id) in [("/lab/deflate", "0123456789abcdef"), ("/echo", "fedcba9876543210")] {
        let (mut raw, _) = Raw::at(server.address, &format!("{path}?tap={id}"), offer).await;
        let [first, second] = [compress(&[b'x'; 1_000]), compress(&[b'y'; 500])];
        // Several messages may come with one read, and others between them.
        raw.send(&[frame(0xc2, &first), frame(0x82, b"plain"), frame(0xc2, &second)].concat()).await;
        for _ in 0..3 {
            raw.frame().await.unwrap();
        }
        raw.finish().await;
        let entries = tap(&server, id).await;
        let extensions = entries[0]["request"]["extensions"].as_str().unwrap();
        assert!(extensions.starts_with("permessage-deflate"), "{path} {extensions}");
        let received: Vec<_> =
            frames(&entries).into_iter().filter(|frame| frame["direction"] == "received").collect();
        let expected = [(4, first.len()), (0, 5), (4, second.len())]
            .map(|(rsv, len)| seen("received", true, rsv, 2, len as u64));
        assert_eq!(received[..3], expected, "{path}");
        for direction in ["received", "sent"] {
            let inflated = entries
                .iter()
                .filter(|entry| entry["type"] == "inflated" && entry["direction"] == direction)
                .map(|entry| entry["length"].as_u64().unwrap());
            // The scenario compresses all of its messages.
            let plain = (path, direction) == ("/lab/deflate", "sent");
            let expected = if plain { vec![1_000, 5, 500] } else { vec![1_000, 500] };
            assert_eq!(inflated.collect::<Vec<_>>(), expected, "{path} {direction}");
        }
    }
}

#[tokio::test]
async fn a_tap_is_followed_from_its_beginning_to_its_end() {
    let server = Server::start(&[]);
    let id = "0123456789abcdef";
    let (mut tapped, _) = connect_async(format!("ws://{}/echo?tap={id}", server.address)).await.unwrap();
    tapped.send(Message::text("before")).await.unwrap();
    tapped.next().await.unwrap().unwrap();
    let (follower, _) = connect_async(format!("ws://{}/tap/{id}", server.address)).await.unwrap();
    let entries = follower.filter_map(async |message| match message.unwrap() {
        Message::Text(text) => Some(serde_json::from_str::<Value>(&text).unwrap()),
        Message::Close(frame) => Some(json!({ "close": u16::from(frame.unwrap().code) })),
        _ => None,
    });
    let mut entries = std::pin::pin!(entries);
    let mut next = async || entries.next().await.unwrap();
    assert_eq!(next().await["type"], "request");
    assert_eq!(next().await["direction"], "received");
    assert_eq!(next().await["direction"], "sent");
    tapped.send(Message::binary(vec![0; 10])).await.unwrap();
    let frame = next().await;
    assert_eq!((&frame["opcode"], &frame["length"]), (&2.into(), &10.into()));
    assert_eq!(next().await["direction"], "sent");
    tapped.close(None).await.unwrap();
    while tapped.next().await.is_some() {}
    drop(tapped);
    loop {
        let entry = next().await;
        if let Some(code) = entry.get("close") {
            assert_eq!(code, 1000);
            break;
        }
    }
    until_gone(&server).await;
}

#[tokio::test]
async fn a_tap_is_for_one_connection_and_for_those_who_know_it() {
    let server = Server::start(&[]);
    let id = "0123456789abcdef";
    for path in [format!("/api/taps/{id}"), "/api/taps/x".into()] {
        assert_eq!(server.get(&path).await.status(), 404);
    }
    assert_eq!(refused(&server, &format!("/tap/{id}"), "").await.0, 404);
    let mut first = open(&server, &format!("/echo?tap={id}")).await;
    assert_eq!(refused(&server, &format!("/lab/push?tap={id}"), "").await.0, 409);
    first.finish().await;
    tap(&server, id).await;
    // The next connection begins it anew.
    let mut second = open(&server, &format!("/lab/handshake?tap={id}")).await;
    second.finish().await;
    let entries = tap(&server, id).await;
    assert_eq!(entries[0]["request"]["target"], format!("/lab/handshake?tap={id}"));

    // A handshake that is not admitted leaves it as it is.
    let full = Server::for_connections("native", 1);
    let mut first = open(&full, &format!("/echo?tap={id}")).await;
    first.finish().await;
    let before = tap(&full, id).await;
    until_gone(&full).await;
    let _other = open(&full, "/echo").await;
    assert_eq!(refused(&full, &format!("/echo?tap={id}"), "").await.0, 503);
    assert_eq!(tap(&full, id).await, before);

    let off = Server::start(&["--no-lab"]);
    let mut raw = open(&off, &format!("/echo?tap={id}")).await;
    raw.send(&frame(0x81, b"echo")).await;
    assert_eq!(raw.frame().await.unwrap().payload, b"echo");
    assert_eq!(off.get(&format!("/api/taps/{id}")).await.status(), 404);
}
