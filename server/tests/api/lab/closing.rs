//! `close`: the ways in which a server can end a connection.

use std::time::{Duration, Instant};

use serde_json::Value;
use ws_echo_test_support::{
    frame::{Frame, frame},
    raw::Raw,
    server::{Server, until_gone},
};

use super::{close_code, open, tap, text};

fn tcp_ends(entries: &[Value]) -> Vec<(&str, &str)> {
    let ends = entries.iter().filter(|entry| entry["type"] == "tcp");
    ends.map(|entry| (entry["by"].as_str().unwrap(), entry["how"].as_str().unwrap())).collect()
}

#[tokio::test]
async fn any_code_is_sent_after_messages_or_a_time() {
    let server = Server::start(&[]);
    let mut raw = open(&server, "/lab/close?code=4001&reason=bye").await;
    assert_eq!(raw.frame().await.unwrap().close(), Some((4001, "bye")));
    raw.send(&frame(0x88, &4001_u16.to_be_bytes())).await;
    raw.end().await;

    let mut raw = open(&server, "/lab/close?after=2").await;
    for message in ["one", "two"] {
        raw.send(&frame(0x81, message.as_bytes())).await;
        assert_eq!(raw.frame().await, Some(text(message)));
    }
    assert_eq!(close_code(&mut raw).await, 1000);

    let began = Instant::now();
    let mut raw = open(&server, "/lab/close?after_time=100ms&code=0").await;
    assert_eq!(raw.frame().await, Some(Frame { first: 0x88, payload: vec![] }));
    assert!(began.elapsed() >= Duration::from_millis(100));

    let mut raw = open(&server, "/lab/close?code=1006&raw=1").await;
    assert_eq!(raw.frame().await.unwrap().close(), Some((1006, "")));
}

#[tokio::test]
async fn the_tcp_connection_ends_without_a_close_frame() {
    let server = Server::start(&[]);
    let id = "0123456789abcdef-fin";
    let mut raw = open(&server, &format!("/lab/close?after=1&mode=fin&tap={id}")).await;
    raw.send(&frame(0x81, b"last")).await;
    assert_eq!(raw.frame().await, Some(text("last")));
    raw.end().await;
    raw.finish().await;
    let entries = tap(&server, id).await;
    assert_eq!(tcp_ends(&entries), [("server", "fin"), ("client", "fin")]);
    assert_eq!(entries.last().unwrap()["code"], 1006);

    let id = "0123456789abcdef-rst";
    let mut raw = open(&server, &format!("/lab/close?after=1&mode=rst&tap={id}")).await;
    raw.send(&frame(0x81, b"last")).await;
    assert!(raw.is_reset().await, "a reset and not the end of the stream");
    let entries = tap(&server, id).await;
    assert_eq!(tcp_ends(&entries), [("server", "reset")]);
    assert_eq!(entries.last().unwrap()["type"], "end", "{entries:?}");
    until_gone(&server).await;
}

#[tokio::test]
async fn a_close_of_the_client_is_never_answered() {
    let server = Server::start(&["--lab-lifetime", "400ms"]);
    let began = Instant::now();
    let mut raw = open(&server, "/lab/close?mode=ignore").await;
    raw.send(&frame(0x81, b"before")).await;
    assert_eq!(raw.frame().await, Some(text("before")));
    raw.send(&[frame(0x88, b"\x03\xe8"), frame(0x89, b"?")].concat()).await;
    assert_eq!(raw.frame().await, Some(Frame { first: 0x8a, payload: b"?".to_vec() }), "and no Close frame");
    assert_eq!(super::refused(&server, "/lab/close?mode=ignore&code=4000", "").await.0, 400);
    // Not even this one goes on for ever.
    assert_eq!(close_code(&mut raw).await, 1001);
    assert!(began.elapsed() >= Duration::from_millis(400));
}

#[tokio::test]
async fn messages_follow_a_close_frame() {
    let server = Server::start(&[]);
    let mut raw: Raw = open(&server, "/lab/close?mode=half&code=4000").await;
    assert_eq!(close_code(&mut raw).await, 4000);
    for number in 1..=2 {
        assert_eq!(raw.frame().await, Some(text(&format!("after Close {number}"))));
    }
    // A client that answers the Close frame gets messages all the same.
    raw.send(&frame(0x88, &4000_u16.to_be_bytes())).await;
    for number in 3..=4 {
        assert_eq!(raw.frame().await, Some(text(&format!("after Close {number}"))));
    }
    drop(raw);
    until_gone(&server).await;
}
