//! The lab and the taps over HTTP/2: they name its version and stream, and every scenario is served.

use h2::Reason;
use serde_json::Value;
use ws_echo_shared::lab::SCENARIOS;
use ws_echo_test_support::{
    frame::frame,
    http2::{Http2, rst_stream},
    server::{Server, until_gone},
};

use super::{Way, echoes};
use crate::lab::tap;

#[tokio::test]
async fn inspect_shows_the_request_as_it_came() {
    for way in Way::all(&[]) {
        let mut client = way.connect().await;
        let first = client.open("/echo").await;
        let fields = [("x-test", "1"), ("sec-websocket-protocol", "chat.v1, chat.v2")];
        let (stream, head) = client.open_with("/lab/inspect?tap=", &fields[..0]).await;
        assert_eq!(head.status, 400, "{}: a tap needs an identifier", way.name);
        assert!(stream > first);
        let (stream, _) = client.open_with("/lab/inspect", &fields).await;
        let request: Value = serde_json::from_slice(&client.frame(stream).await.unwrap().payload).unwrap();
        for (name, value) in [
            ("http_version", Value::from("2")),
            ("http2_stream", stream.into()),
            ("method", "CONNECT".into()),
            ("protocol", "websocket".into()),
            ("target", "/lab/inspect".into()),
            ("subprotocol", "chat.v1".into()),
        ] {
            assert_eq!(request[name], value, "{} {name}: {request}", way.name);
        }
        assert!(request["authority"].is_string(), "{request}");
        let headers = request["headers"].as_array().unwrap();
        assert!(headers.contains(&serde_json::json!(["x-test", "1"])), "{request}");
        let made = ["upgrade", "connection", "sec-websocket-key"];
        assert!(!headers.iter().any(|field| made.iter().any(|name| field[0] == *name)), "{request}");
        echoes(&mut client, stream, "and then an echo").await;
    }
}

/// A tap names the version and the stream, the frames without those of HTTP/2, and the ends of the stream.
#[tokio::test]
async fn a_tap_shows_the_websocket_and_the_ends_of_its_stream() {
    for (number, way) in Way::all(&[]).into_iter().enumerate() {
        if way.identity.is_some() {
            // The entries are read without TLS.
            continue;
        }
        let mut client = way.connect().await;
        for (target, ends) in [
            ("/echo?tap", ["server end_stream", "client end_stream"]),
            ("/lab/close?after=1&mode=rst&tap", ["server rst_stream", ""]),
        ] {
            let id = format!("http2-tap-{number}-{}", ends[0].replace(' ', "-"));
            let stream = client.open(&format!("{target}={id}")).await;
            client.send(stream, &frame(0x81, b"hello")).await;
            if ends[1].is_empty() {
                assert_eq!(client.reset(stream).await, Reason::CANCEL);
            } else {
                client.frame(stream).await.unwrap();
                client.send(stream, &frame(0x88, b"\x03\xe8")).await;
                client.frame(stream).await.unwrap();
                assert_eq!(client.frame(stream).await, None);
                client.end(stream).await;
            }
            let entries = tap(&way.server, &id).await;
            let request = &entries[0]["request"];
            assert_eq!((&request["http_version"], &request["http2_stream"]), (&"2".into(), &stream.into()));
            let text = |name| {
                entries.iter().any(|entry| {
                    entry["type"] == "frame" && entry["direction"] == name && entry["opcode"] == 1
                })
            };
            assert!(text("received"), "{}: {entries:?}", way.name);
            let seen = entries.iter().filter(|entry| entry["type"] == "stream");
            let mut seen: Vec<_> = seen
                .map(|entry| format!("{} {}", entry["by"].as_str().unwrap(), entry["how"].as_str().unwrap()))
                .collect();
            seen.sort_unstable();
            let mut expected: Vec<_> = ends.into_iter().filter(|end| !end.is_empty()).collect();
            expected.sort_unstable();
            assert_eq!(seen, expected, "{} {target}: {entries:?}", way.name);
            assert!(!entries.iter().any(|entry| entry["type"] == "tcp"), "{entries:?}");
        }
    }
}

/// Each is opened with its defaults, and abandoned: no place is kept.
#[tokio::test]
async fn every_scenario_is_served_and_can_be_abandoned() {
    let server = Server::start(&[]);
    let mut client = Http2::connect(server.address).await;
    for scenario in SCENARIOS {
        // `deflate` needs an offer.
        let offer = [("sec-websocket-extensions", "permessage-deflate")];
        let (stream, head) = client.open_with(&format!("/lab/{}", scenario.name), &offer).await;
        let expected = match scenario.name {
            "refuse" => 503,
            "auth" => 401,
            _ => 200,
        };
        assert_eq!(head.status, expected, "{}", scenario.name);
        if expected == 200 {
            client.write(&rst_stream(stream, Reason::CANCEL)).await;
        }
    }
    let stream = client.open("/echo").await;
    echoes(&mut client, stream, "the connection goes on").await;
    client.write(&rst_stream(stream, Reason::CANCEL)).await;
    until_gone(&server).await;
}
