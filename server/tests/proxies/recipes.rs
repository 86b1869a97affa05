//! The recipes of `docs/recipes.md` about proxies.

use std::net::SocketAddr;

use futures_util::{StreamExt as _, future::join_all};
use serde_json::Value;
use tokio_tungstenite::{
    connect_async,
    tungstenite::{Message, protocol::CloseFrame},
};
use ws_echo_test_support::raw::Raw;

use crate::{
    proxy::{KINDS, Proxy},
    replicas::{Replica, pair},
};

/// The entries of a tap, from the replica that has it, once its connection has ended.
async fn tap(replicas: &[Replica; 2], id: &str) -> Vec<Value> {
    loop {
        for replica in replicas {
            let response = reqwest::get(format!("http://{}/api/taps/{id}", replica.address)).await.unwrap();
            let mut content: Value = response.json().await.unwrap();
            if content["ended"] == true {
                let Value::Array(entries) = content["entries"].take() else { panic!("{content}") };
                return entries;
            }
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

/// The messages of a connection, up to its end.
async fn messages(address: SocketAddr, target: &str) -> (Vec<Value>, Option<CloseFrame>) {
    let (mut client, _) = connect_async(format!("ws://{address}{target}")).await.unwrap();
    let (mut messages, mut close) = (Vec::new(), None);
    while let Some(Ok(message)) = client.next().await {
        match message {
            Message::Text(text) => {
                messages.push(serde_json::from_str(&text).unwrap_or(Value::String(text.to_string())))
            }
            Message::Close(frame) => close = frame,
            _ => {}
        }
    }
    (messages, close)
}

#[tokio::test]
async fn idle_names_the_time_out_of_the_proxy_within_a_step_and_the_tap_shows_who_cut() {
    join_all(KINDS.map(async |kind| {
        let replicas = pair(&["--ping-after", "1h"]).await;
        let proxy = Proxy::with_silence(kind, &replicas, Some("1s")).await;
        let id = format!("recipe-idle-{kind:?}-0001");
        let target = format!("/lab/idle?plan=300ms,700ms,1500ms,3s&tap={id}");
        let (messages, close) = messages(proxy.address, &target).await;
        assert_eq!(close, None, "{kind:?}");
        assert_eq!(messages.last().unwrap()["silence_ms"], 700, "{kind:?}: {messages:?}");
        let entries = tap(&replicas, &id).await;
        let report = entries.iter().rfind(|entry| entry["type"] == "report").unwrap();
        assert_eq!(report["report"]["longest_silence_ms"], 700, "{kind:?}");
        assert_eq!(report["report"]["ended_during_silence_ms"], 1500, "{kind:?}");
        let first_end = entries.iter().find(|entry| entry["type"] == "tcp").unwrap();
        assert_eq!(first_end["by"], "client", "{kind:?}: the proxy is the server's client");
    }))
    .await;
}

#[tokio::test]
async fn pings_of_the_server_make_a_connection_survive_longer_silences() {
    join_all(KINDS.map(async |kind| {
        let replicas = pair(&["--ping-after", "1h"]).await;
        let proxy = Proxy::with_silence(kind, &replicas, Some("1s")).await;
        let target = "/lab/idle?plan=2s&mode=server_ping&every=300ms";
        let (messages, close) = messages(proxy.address, target).await;
        assert_eq!(messages.last().unwrap()["longest_silence_ms"], 2000, "{kind:?}");
        assert_eq!(u16::from(close.unwrap().code), 1000, "{kind:?}");
    }))
    .await;
}

#[tokio::test]
async fn close_codes_early_frames_headers_and_refusals_come_through() {
    for kind in KINDS {
        let replicas = pair(&[]).await;
        let proxy = Proxy::start(kind, &replicas).await;
        let (_, close) = messages(proxy.address, "/lab/close?code=4001&reason=bye").await;
        let close = close.unwrap();
        assert_eq!((u16::from(close.code), close.reason.as_str()), (4001, "bye"), "{kind:?}");

        for target in ["/lab/early?frames=3", "/lab/early?frames=3&split=20&pause=200ms"] {
            let (mut client, _) = connect_async(format!("ws://{}{target}", proxy.address)).await.unwrap();
            for number in 1..=3 {
                let message = client.next().await.unwrap().unwrap();
                assert_eq!(message, Message::text(format!("early {number}")), "{kind:?} {target}");
            }
        }

        let lines = "X-Test: 1\r\nSec-WebSocket-Protocol: chat.v2\r\nSec-WebSocket-Extensions: permessage-deflate\r\n";
        let (mut raw, _) = Raw::at(proxy.address, "/lab/inspect", lines).await;
        let request: Value = serde_json::from_slice(&raw.frame().await.unwrap().payload).unwrap();
        let headers = request["headers"].as_array().unwrap();
        let is_test =
            |line: &&Value| line[0].as_str().unwrap().eq_ignore_ascii_case("x-test") && line[1] == "1";
        assert!(headers.iter().any(|line| is_test(&line)), "{kind:?}: {request}");
        assert_eq!(request["offered_subprotocols"][0], "chat.v2", "{kind:?}");
        assert_eq!(request["offered_extensions"][0], "permessage-deflate", "{kind:?}");

        let (_, head) =
            Raw::at(proxy.address, "/lab/handshake?header=X-Test:1&subprotocol=chat.v2", "").await;
        let head = head.to_lowercase();
        assert!(
            head.contains("\r\nx-test: 1\r\n") && head.contains("protocol: chat.v2\r\n"),
            "{kind:?}: {head}"
        );

        // A status in which HAProxy sees no failure of the server, which it would ask another one for.
        let (_, head) = Raw::at(proxy.address, "/lab/refuse?status=429&retry_after=5", "").await;
        let head = head.to_lowercase();
        assert!(
            head.starts_with("http/1.1 429 ") && head.contains("\r\nretry-after: 5\r\n"),
            "{kind:?}: {head}"
        );
    }
}
