//! Proxies pass on the results of the handshake, and messages of any form and size, without changes.

use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use tokio_tungstenite::{connect_async, tungstenite::Message};
use ws_echo_test_support::{
    frame::{Frame, frame},
    raw::{Raw, request, upgrade_lines},
};

use crate::{
    proxy::{Proxy, TRANSPORTS},
    replicas::pair,
};

/// `"hello, hello, hello, hello"` in the form of RFC 7692 section 7.2.1.
const COMPRESSED: &[u8] = &[0xca, 0x48, 0xcd, 0xc9, 0xc9, 0xd7, 0x51, 0xc8, 0xc0, 0xa4, 0x00, 0x00];

/// Opens a connection with these header lines in its handshake. Returns it with the head of the answer.
async fn upgraded(address: SocketAddr, lines: &str) -> (Raw, String) {
    let mut raw = Raw::connect(address).await;
    raw.send(request(&format!("{}{lines}", upgrade_lines())).as_bytes()).await;
    let head = raw.head().await;
    assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
    (raw, head)
}

/// Returns the value of a header. The case of its name does not count, since HAProxy writes small letters.
fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then_some(value.trim())
    })
}

#[tokio::test]
async fn compression_is_negotiated_through_and_its_frames_come_back_as_they_were() {
    for kind in TRANSPORTS {
        let replicas = pair(&[]).await;
        let proxy = Proxy::start(kind, &replicas).await;
        let offer = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
        let (mut raw, head) =
            upgraded(proxy.address, &format!("Sec-WebSocket-Extensions: {offer}\r\n")).await;
        assert_eq!(header(&head, "Sec-WebSocket-Extensions"), Some(offer), "{kind:?}");
        raw.send(&frame(0xc1, COMPRESSED)).await;
        assert_eq!(raw.frame().await, Some(Frame { first: 0xc1, payload: COMPRESSED.to_vec() }), "{kind:?}");
    }
}

#[tokio::test]
async fn subprotocols_are_negotiated_through() {
    for kind in TRANSPORTS {
        let replicas = pair(&["--subprotocol", "chat.v2"]).await;
        let proxy = Proxy::start(kind, &replicas).await;
        let (_, head) = upgraded(proxy.address, "Sec-WebSocket-Protocol: chat.v1, chat.v2\r\n").await;
        assert_eq!(header(&head, "Sec-WebSocket-Protocol"), Some("chat.v2"), "{kind:?}");
    }
}

#[tokio::test]
async fn fragments_pings_and_the_origin_come_through() {
    for kind in TRANSPORTS {
        let replicas = pair(&["--origin", "https://example.com"]).await;
        let proxy = Proxy::start(kind, &replicas).await;
        let mut refused = Raw::connect(proxy.address).await;
        let lines = format!("{}Origin: https://evil.example\r\n", upgrade_lines());
        refused.send(request(&lines).as_bytes()).await;
        assert!(refused.head().await.starts_with("HTTP/1.1 403 "), "{kind:?}");

        let (mut raw, _) = upgraded(proxy.address, "Origin: https://example.com\r\n").await;
        for (first, payload) in [(0x01, "in "), (0x89, "ping"), (0x80, "pieces")] {
            raw.send(&frame(first, payload.as_bytes())).await;
            let answer = if first == 0x89 { 0x8a } else { first };
            assert_eq!(raw.frame().await, Some(Frame { first: answer, payload: payload.into() }), "{kind:?}");
        }
    }
}

/// The configurations of `deploy/` replace the headers in which a client could claim another address.
#[tokio::test]
async fn the_clients_address_comes_through_and_not_what_it_claims() {
    for kind in TRANSPORTS {
        let mut replicas = pair(&["--trust-proxy", "127.0.0.1", "--log-format", "json"]).await;
        let proxy = Proxy::start(kind, &replicas).await;
        let mut raw = Raw::connect_from([127, 9, 9, 9].into(), proxy.address).await;
        let claim = "X-Forwarded-For: 203.0.113.1\r\nForwarded: for=203.0.113.1\r\n";
        raw.send(request(&format!("{}{claim}", upgrade_lines())).as_bytes()).await;
        assert!(raw.head().await.starts_with("HTTP/1.1 101 "), "{kind:?}");
        let [one, other] = &mut replicas;
        let line = tokio::select! {
            line = one.running.line("Connected...") => line,
            line = other.running.line("Connected...") => line,
        };
        assert!(line.contains(r#""client":"127.9.9.9""#), "{kind:?}: {line}");
    }
}

#[tokio::test]
async fn messages_of_1_mib_come_back_whole_and_in_order() {
    const COUNT: u8 = 16;
    let message = |number: u8| {
        if number.is_multiple_of(2) {
            Message::binary(vec![number; 1 << 20])
        } else {
            Message::text(char::from(b'a' + number).to_string().repeat(1 << 20))
        }
    };
    for kind in TRANSPORTS {
        let replicas = pair(&[]).await;
        let proxy = Proxy::start(kind, &replicas).await;
        let (client, _) = connect_async(format!("ws://{}/echo", proxy.address)).await.unwrap();
        let (mut sink, mut stream) = client.split();
        let send = async {
            for number in 0..COUNT {
                sink.send(message(number)).await.unwrap();
            }
        };
        let receive = async {
            for number in 0..COUNT {
                let got = stream.next().await.unwrap().unwrap();
                assert!(got == message(number), "{kind:?}: message {number}");
            }
        };
        tokio::join!(send, receive);
    }
}

#[tokio::test]
async fn plain_requests_come_through() {
    for kind in TRANSPORTS {
        let replicas = pair(&[]).await;
        let proxy = Proxy::start(kind, &replicas).await;
        for (path, status) in [("/healthz", 200), ("/api/info", 200), ("/echo", 426), ("/nothing", 404)] {
            let response = reqwest::get(format!("http://{}{path}", proxy.address)).await.unwrap();
            assert_eq!(response.status(), status, "{kind:?}: {path}");
        }
    }
}
