//! Closing handshakes in which both sides follow the rules (RFC 6455 section 7).

use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use tokio_tungstenite::tungstenite::{
    Message,
    protocol::{CloseFrame, frame::coding::CloseCode},
};
use ws_echo_test_support::{
    frame::{Frame, frame},
    raw::Raw,
    server::{ENGINES, Server, until_gone},
};

#[tokio::test]
async fn a_close_is_answered_with_its_own_code_and_reason() {
    for engine in ENGINES {
        let server = Server::on(engine, &[]);
        for (code, reason) in [
            (1000, ""),
            (1001, "bye"),
            (1003, ""),
            (1011, "¡adiós!"),
            (1012, ""),
            (1014, ""),
            (3000, ""),
            (4999, "private"),
        ] {
            let mut client = server.connect().await;
            let close = CloseFrame { code: CloseCode::from(code), reason: reason.into() };
            client.send(Message::Close(Some(close.clone()))).await.unwrap();
            assert_eq!(client.next().await.unwrap().unwrap(), Message::Close(Some(close)));
        }
    }
}

#[tokio::test]
async fn a_close_without_a_code_is_answered_without_one() {
    for engine in ENGINES {
        let server = Server::on(engine, &[]);
        let mut raw = Raw::upgraded(server.address).await;
        raw.send(&frame(0x88, b"")).await;
        assert_eq!(raw.frame().await, Some(Frame { first: 0x88, payload: vec![] }));
        raw.end().await;
    }
}

/// Row 10 of the fault matrix.
#[tokio::test]
async fn a_closed_connection_is_gone_soon() {
    for engine in ENGINES {
        let server = Server::on(engine, &[]);
        for body in [&1000u16.to_be_bytes()[..], &3000u16.to_be_bytes(), &4999u16.to_be_bytes(), &[]] {
            let mut raw = Raw::upgraded(server.address).await;
            let began = Instant::now();
            raw.send(&frame(0x88, body)).await;
            assert_eq!(raw.frame().await, Some(Frame { first: 0x88, payload: body.to_vec() }), "{engine}");
            // The server ends its side first (RFC 6455 section 7.1.1).
            raw.end().await;
            raw.finish().await;
            until_gone(&server).await;
            assert!(began.elapsed() < Duration::from_millis(300), "{engine} {body:?}: {:?}", began.elapsed());
        }
    }
}

#[tokio::test]
async fn what_comes_after_a_close_is_ignored() {
    for engine in ENGINES {
        let server = Server::on(engine, &[]);
        let mut raw = Raw::upgraded(server.address).await;
        raw.send(&[frame(0x81, b"before"), frame(0x88, b"\x03\xe8"), frame(0x81, b"after")].concat()).await;
        assert_eq!(raw.frame().await.unwrap().payload, b"before");
        assert_eq!(raw.frame().await.unwrap().close(), Some((1000, "")));
        raw.end().await;
    }
}

#[tokio::test]
async fn a_stopping_server_says_that_it_goes_away() {
    for engine in ENGINES {
        let mut server = Server::on(engine, &[]);
        let mut idle = Raw::upgraded(server.address).await;
        let mut fragmented = Raw::upgraded(server.address).await;
        fragmented.send(&frame(0x01, b"not the last")).await;
        assert_eq!(fragmented.frame().await.unwrap().payload, b"not the last");
        server.ask_to_stop();
        for client in [&mut idle, &mut fragmented] {
            assert_eq!(client.frame().await.unwrap().close(), Some((1001, "the server is shutting down")));
            client.end().await;
        }
    }
}

/// Only the native engine echoes a frame while it still comes in, so only there the server's Close frame has to wait for its end.
#[tokio::test]
async fn a_stopping_server_lets_the_frame_end_that_flows_through() {
    let mut server = Server::on("native", &[]);
    let mut raw = Raw::upgraded(server.address).await;
    let message = frame(0x82, &[7; 1000]);
    raw.send(&message[..500]).await;
    let mut seen = 0;
    while seen < 496 {
        seen += raw.some().await;
    }
    let mut idle = Raw::upgraded(server.address).await;
    server.ask_to_stop();
    assert_eq!(idle.frame().await.unwrap().close(), Some((1001, "the server is shutting down")));
    raw.send(&message[500..]).await;
    raw.send(&frame(0x81, b"too late")).await;
    let all = 1004 + "HHccthe server is shutting down".len();
    while seen < all {
        seen += raw.some().await;
    }
    assert_eq!(seen, all, "the frame, a Close frame, and nothing else");
    raw.send(&frame(0x88, b"\x03\xe9")).await;
    raw.end().await;
}

#[tokio::test]
async fn a_connection_that_is_gone_is_let_go() {
    for engine in ENGINES {
        let server = Server::on(engine, &[]);
        let raw = Raw::upgraded(server.address).await;
        assert_eq!(server.connections.count(), 1);
        drop(raw);
        until_gone(&server).await;
    }
}
