//! `violate`: each illegal thing as bytes on the wire, and the report of the reaction.

use futures_util::StreamExt as _;
use serde_json::Value;
use tokio_tungstenite::{
    connect_async,
    tungstenite::{Error, error::ProtocolError},
};
use ws_echo_shared::lab::{Kind, Scenario};
use ws_echo_test_support::{
    frame::frame,
    raw::Raw,
    server::{Server, until_gone},
};

use super::{open, report, tap};

/// The first bytes behind the 101.
const BYTES: [(&str, &[u8]); 19] = [
    ("rsv1", b"\xc1\x04RSV1"),
    ("rsv2", b"\xa1\x04RSV2"),
    ("rsv3", b"\x91\x04RSV3"),
    ("opcode3", b"\x83\x08opcode 3"),
    ("opcode11", b"\x8b\x09opcode 11"),
    ("masked", b"\x81\x86\0\0\0\0masked"),
    ("long_ping", b"\x89\x7e\0\x7e"),
    ("fragmented_ping", b"\x09\x08FIN is 0"),
    ("bad_utf8", b"\x81\x03\xce\xba\xff"),
    ("split_utf8", b"\x01\x01\xce\x80\x01\xba"),
    ("orphan_continuation", b"\x80\x11continues nothing"),
    ("nested_text", b"\x01\x05begun\x81\x06nested"),
    ("close_1byte", b"\x88\x01\x03"),
    ("close_1005", b"\x88\x02\x03\xed"),
    ("close_bad_utf8", b"\x88\x03\x03\xe8\xff"),
    ("after_close", b"\x88\x02\x03\xe8\x81\x0bafter Close"),
    ("len_not_minimal", b"\x81\x7e\0\x05hello"),
    ("len_63bit", b"\x82\x7f\x80\0\0\0\0\0\0\0"),
    ("huge", b"\x82\x7f\x40\0\0\0\0\0\0\0"),
];

#[tokio::test]
async fn each_illegal_thing_is_on_the_wire() {
    let Some(Kind::Choice { of }) =
        Scenario::named("violate").and_then(|scenario| scenario.parameter("what")).map(|what| what.kind)
    else {
        panic!("a choice")
    };
    assert_eq!(of, BYTES.map(|(name, _)| name));
    let server = Server::start(&[]);
    for (name, bytes) in BYTES {
        let mut raw = open(&server, &format!("/lab/violate?what={name}&watch=10ms")).await;
        assert_eq!(raw.bytes(bytes.len()).await, bytes, "{name}");
    }
    until_gone(&server).await;
}

#[tokio::test]
async fn the_reaction_of_a_strict_client_is_in_the_tap() {
    let server = Server::start(&[]);
    for (name, code) in [
        ("rsv2", Some(1002)),
        ("opcode3", Some(1002)),
        ("bad_utf8", None),
        ("masked", None),
        ("long_ping", None),
    ] {
        let id = format!("0123456789abcdef-{name}");
        let url = format!("ws://{}/lab/violate?what={name}&watch=5s&tap={id}", server.address);
        let (mut client, _) = connect_async(url).await.unwrap();
        let seen = client.next().await.unwrap();
        assert!(seen.is_err(), "{name}: {seen:?}");
        drop(client);
        let entries = tap(&server, &id).await;
        let report = report(&entries);
        assert_eq!((&report["violation"], &report["legal"]), (&name.into(), &false.into()));
        assert_eq!(report["answered_a_later_ping"], false, "{report}");
        let reaction = report["reaction"].as_str().unwrap();
        assert!(["close_frame", "tcp_end"].contains(&reaction), "{report}");
        if let Some(code) = code.filter(|_| reaction == "close_frame") {
            assert_eq!(report["close_code"], code, "{report}");
        }
    }
}

/// Python's `websockets` and Node's `ws` ignore data behind a Close frame.
#[tokio::test]
async fn a_strict_client_sees_data_behind_a_close_frame() {
    let server = Server::start(&[]);
    let url = format!("ws://{}/lab/violate?what=after_close&watch=1s", server.address);
    let (mut client, _) = connect_async(url).await.unwrap();
    let mut seen = Vec::new();
    while let Some(message) = client.next().await {
        seen.push(message);
    }
    assert!(
        matches!(seen.last(), Some(Err(Error::Protocol(ProtocolError::ReceivedAfterClosing)))),
        "{seen:?}"
    );
}

#[tokio::test]
async fn a_client_that_goes_on_gets_the_report_as_a_message() {
    let server = Server::start(&[]);
    for (name, is_legal) in [("split_utf8", true), ("rsv3", false)] {
        let mut raw: Raw = open(&server, &format!("/lab/violate?what={name}&watch=100ms")).await;
        let report = loop {
            let frame = raw.raw_frame().await;
            match frame.0 {
                0x89 => raw.send(&frame_of_pong(&frame.1)).await,
                0x81 => break serde_json::from_slice::<Value>(&frame.1).unwrap(),
                _ => {}
            }
        };
        assert_eq!((&report["legal"], &report["reaction"]), (&is_legal.into(), &"none".into()), "{report}");
        assert_eq!(report["answered_a_later_ping"], true, "{report}");
    }
}

fn frame_of_pong(payload: &[u8]) -> Vec<u8> {
    frame(0x8a, payload)
}
