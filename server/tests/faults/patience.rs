//! Time limits for slow clients, with the server's defaults.

use std::time::{Duration, Instant};

use tokio::time::sleep;
use ws_echo_test_support::{
    frame::{Frame, frame, header},
    program::{Running, ws_echo},
    raw::Raw,
    server::{Server, until_gone},
};

/// Row 12: the client gets the Close frame, and does not close its half.
#[tokio::test]
async fn a_client_that_never_closes_is_dropped_after_5_s() {
    let mut running = Running::start(ws_echo(&["--listen", "127.0.0.1:0"]));
    let address = running.warm_address().await;
    let files = running.open_files();
    for (what, bytes, code) in
        [("a broken frame", frame(0x83, b""), 1002), ("a Close frame", frame(0x88, b"\x0f\xa0"), 4000)]
    {
        let mut raw = Raw::upgraded(address).await;
        raw.send(&bytes).await;
        assert_eq!(raw.frame().await.unwrap().close().unwrap().0, code, "{what}");
        let closed = Instant::now();
        raw.end().await;
        let line = running.line("Disconnect.").await;
        let took = closed.elapsed();
        assert!(line.contains(&format!("code={code}")), "{what}: {line}");
        assert!((Duration::from_millis(4500)..Duration::from_millis(6000)).contains(&took), "{took:?}");
        running.until_files(files).await;
    }
}

/// Sends one byte at a time, with the time `every` between two bytes.
async fn trickle(raw: &mut Raw, bytes: &[u8], every: Duration) {
    for (index, byte) in bytes.iter().enumerate() {
        if index > 0 {
            sleep(every).await;
        }
        raw.send(&[*byte]).await;
    }
}

/// Row 16: such a client is alive, and takes little memory.
#[tokio::test]
async fn a_frame_may_come_at_a_byte_in_10_s() {
    let server = Server::start(&[]);
    let every = Duration::from_secs(10);
    let slow = async |first| {
        let mut whole = Raw::upgraded(server.address).await;
        let mut begun = Raw::upgraded(server.address).await;
        begun.send(&header(first, 1 << 20)).await;
        // The 7 bytes include header and mask, and take a minute.
        let bytes = frame(first, b"a");
        tokio::join!(trickle(&mut whole, &bytes, every), trickle(&mut begun, &[0; 7], every));
        assert_eq!(whole.frame().await, Some(Frame { first, payload: b"a".to_vec() }));
        (whole, begun)
    };
    let all = tokio::join!(slow(0x81), slow(0x82));
    assert_eq!(server.connections.count(), 4);
    let held = server.connections.held();
    assert!(held < 4 * 1024, "{held} bytes");
    drop(all);
    until_gone(&server).await;
}

/// Row 16, with pauses that are longer than the time to a ping. The client can answer no ping before its frame is complete, and
/// the server can send none within the binary frame, which it echoes as it comes.
#[tokio::test]
async fn a_byte_is_as_good_as_a_pong() {
    let server = Server::start(&[]);
    let mut text = Raw::upgraded(server.address).await;
    let mut binary = Raw::upgraded(server.address).await;
    text.send(&header(0x81, 3)).await;
    binary.send(&header(0x82, 3)).await;
    let every = Duration::from_secs(25);
    tokio::join!(
        trickle(&mut text, &[0x12, 0x34, 0x56], every),
        trickle(&mut binary, &[0x12, 0x34, 0x56], every)
    );
    assert_eq!(text.frame().await, Some(Frame { first: 0x89, payload: vec![] }));
    assert_eq!(text.frame().await, Some(Frame { first: 0x89, payload: vec![] }));
    assert_eq!(text.frame().await, Some(Frame { first: 0x81, payload: vec![0; 3] }));
    assert_eq!(binary.frame().await, Some(Frame { first: 0x82, payload: vec![0; 3] }));
    drop((text, binary));
    until_gone(&server).await;
}
