//! Connections that end because the client misses a time limit, and others that must not end.

use std::time::{Duration, Instant};

use tokio::time::timeout;
use ws_echo::Timeouts;
use ws_echo_test_support::{
    frame::{Frame, frame, header},
    raw::{Raw, request, upgrade_lines},
    server::{ENGINES, Server, until_gone},
};

/// Long for a machine, and short for a test.
const SOON: Duration = Duration::from_millis(500);
const NEVER: Duration = Duration::from_secs(3600);

const PATIENT: Timeouts =
    Timeouts { idle: NEVER, pong: NEVER, write_stall: NEVER, reads_first: NEVER, close: NEVER };

const NO_MEMORY: &str =
    "the server's memory for unfinished messages and unread answers is used up; try again later";

#[tokio::test]
async fn a_silent_client_is_pinged_and_stays_if_it_answers() {
    let server = Server::with_timeouts(Timeouts { idle: SOON, pong: SOON, ..PATIENT });
    let mut raw = Raw::upgraded(server.address).await;
    for _ in 0..3 {
        assert_eq!(raw.frame().await, Some(Frame { first: 0x89, payload: vec![] }));
        raw.send(&frame(0x8a, b"")).await;
    }
    // A client that does not answer is dropped. Once the ping itself counted as activity, so that the time limit was twice as
    // long.
    assert_eq!(raw.frame().await, Some(Frame { first: 0x89, payload: vec![] }));
    let pinged = Instant::now();
    raw.end().await;
    assert!(pinged.elapsed() < 2 * SOON, "{:?}", pinged.elapsed());
    until_gone(&server).await;
}

#[tokio::test]
async fn a_client_that_comes_after_a_quiet_time_is_welcome() {
    let server = Server::with_timeouts(Timeouts { idle: SOON, pong: SOON, ..PATIENT });
    // The clock of an event loop without connections stands still. The time of this pause must not count for the next connection.
    tokio::time::sleep(3 * SOON).await;
    let mut raw = Raw::upgraded(server.address).await;
    raw.send(&frame(0x81, b"hello")).await;
    assert_eq!(raw.frame().await, Some(Frame { first: 0x81, payload: b"hello".to_vec() }));
}

#[tokio::test]
async fn a_client_that_does_not_read_is_dropped_and_holds_little() {
    // Once the server read on without a limit, because the client was within a message whenever the server checked.
    let server = Server::with_timeouts(Timeouts { write_stall: 4 * SOON, reads_first: SOON / 2, ..PATIENT });
    let mut raw = Raw::upgraded(server.address).await;
    let messages = frame(0x82, &[7; 60_000]).repeat(100);
    // The kernels hold some megabytes. Then the server stops reading, and this client waits in vain.
    let flood = async {
        loop {
            raw.send(&messages).await;
        }
    };
    assert!(timeout(2 * SOON, flood).await.is_err());
    assert!(server.connections.held() <= 512 * 1024, "{} bytes", server.connections.held());
    until_gone(&server).await;
}

#[tokio::test]
async fn a_client_that_sends_a_whole_message_before_it_reads_is_served() {
    let server = Server::with_timeouts(Timeouts { reads_first: SOON, ..PATIENT });
    let mut raw = Raw::upgraded(server.address).await;
    let payload: Vec<u8> = (0..=255).cycle().take(32 << 20).collect();
    raw.send(&frame(0x82, &payload)).await;
    let echo = raw.frame().await.unwrap();
    assert!(echo.first == 0x82 && echo.payload == payload);
    raw.send(&frame(0x88, b"\x03\xe8")).await;
    assert_eq!(raw.frame().await.unwrap().close(), Some((1000, "")));
    drop(raw);
    until_gone(&server).await;
}

#[tokio::test]
async fn memory_that_is_not_there_is_not_taken() {
    const MOST: usize = 4 << 20;
    let server = Server::with_memory(MOST, Timeouts { reads_first: SOON / 2, ..PATIENT });
    let mut greedy = Raw::upgraded(server.address).await;
    // One frame, longer than the kernels and the server have room for.
    let message = frame(0x82, &vec![7; 48 << 20]);
    let send = tokio::spawn(async move {
        let sent = greedy.try_send(&message).await;
        (greedy, sent)
    });
    let mut most = 0;
    while server.connections.count() > 0 {
        most = most.max(server.connections.held());
        tokio::task::yield_now().await;
    }
    assert!(most > 0 && most <= 2 * MOST, "{most} bytes");
    assert!(send.await.unwrap().1.is_err(), "the client is cut off");

    // A text is held until it was found valid. This client reads, and gets the reason.
    let mut polite = Raw::upgraded(server.address).await;
    polite.send(&header(0x81, 8 << 20)).await;
    let text = vec![b'a'; 5 << 20];
    polite.send(&text).await;
    let close = polite.frame().await.unwrap();
    assert_eq!(close.close(), Some((1013, NO_MEMORY)));
    assert!(server.connections.held() < 1024, "what was held is given back at once");
}

#[tokio::test]
async fn what_comes_with_the_handshake_counts_as_held_too() {
    let server = Server::with_memory(1000, PATIENT);
    let mut raw = Raw::connect(server.address).await;
    let text = [header(0x81, 1 << 20), vec![b'a'; 2000]].concat();
    raw.send(&[request(&upgrade_lines()).as_bytes(), &text].concat()).await;
    assert!(raw.head().await.starts_with("HTTP/1.1 101 "));
    let close = raw.frame().await.unwrap();
    assert_eq!(close.close(), Some((1013, NO_MEMORY)));
}

#[tokio::test]
async fn a_client_that_reads_slowly_gets_all_before_the_time_to_close_begins() {
    let server = Server::with_timeouts(Timeouts { reads_first: SOON / 2, close: SOON, ..PATIENT });
    let mut raw = Raw::upgraded(server.address).await;
    let message = frame(0x82, &vec![7; 32 << 20]);
    raw.send(&message).await;
    raw.send(&frame(0x88, b"\x03\xe8")).await;
    let began = Instant::now();
    let (mut seen, all) = (0, message.len() - 4 + 4);
    while seen < all {
        seen += raw.some().await;
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    assert_eq!(seen, all, "the message and the Close frame");
    assert!(began.elapsed() > SOON, "it was slow: {:?}", began.elapsed());
}

#[tokio::test]
async fn a_client_that_ends_its_side_in_the_middle_of_a_message_still_gets_what_it_sent() {
    let server = Server::with_timeouts(Timeouts { reads_first: SOON, ..PATIENT });
    let mut raw = Raw::upgraded(server.address).await;
    let header = header(0x82, 48 << 20);
    raw.send(&header).await;
    let part = vec![7; 32 << 20];
    raw.send(&part).await;
    raw.finish().await;
    // No answer shows that the server has seen the end. On a slower server, this test would only be less strict.
    tokio::time::sleep(SOON).await;
    let (mut seen, all) = (0, header.len() - 4 + part.len());
    while seen < all {
        seen += raw.some().await;
    }
    raw.end().await;
    assert_eq!(seen, all);
    until_gone(&server).await;
}

#[tokio::test]
async fn a_client_that_does_not_end_its_side_is_dropped() {
    let server = Server::with_timeouts(Timeouts { close: SOON, ..PATIENT });
    let mut raw = Raw::upgraded(server.address).await;
    raw.send(&frame(0x88, b"")).await;
    raw.frame().await.unwrap();
    raw.end().await;
    assert_eq!(server.connections.count(), 1, "it waits for the client's end");
    until_gone(&server).await;
}

#[tokio::test]
async fn a_client_that_does_not_answer_the_servers_close_is_dropped() {
    let mut server = Server::with_timeouts(Timeouts { close: SOON, ..PATIENT });
    let mut raw = Raw::upgraded(server.address).await;
    server.ask_to_stop();
    let asked = Instant::now();
    assert_eq!(raw.frame().await.unwrap().close().unwrap().0, 1001);
    raw.end().await;
    assert!(asked.elapsed() < Duration::from_secs(3), "{:?}", asked.elapsed());
}

#[tokio::test]
async fn a_frame_that_comes_slowly_holds_next_to_nothing() {
    let server = Server::with_timeouts(PATIENT);
    let mut raw = Raw::upgraded(server.address).await;
    raw.send(&header(0x82, 1 << 20)).await;
    raw.send(b"x").await;
    // The header comes back at once, since the frame is echoed while it still comes in.
    let mut seen = 0;
    while seen < 11 {
        seen += raw.some().await;
    }
    assert!(server.connections.held() < 1024, "{} bytes", server.connections.held());
}

#[tokio::test]
async fn a_client_that_is_gone_in_mid_frame_is_let_go() {
    let server = Server::with_timeouts(PATIENT);
    for start in [header(0x81, 1000), header(0x82, 1000), vec![0x81]] {
        let mut raw = Raw::upgraded(server.address).await;
        raw.send(&start).await;
        drop(raw);
        until_gone(&server).await;
    }
}

/// actix-ws reports the end of the stream before it looks at the bytes that came with it. Once messages and the answer to a Close
/// frame were lost when the client's FIN came along with them.
#[tokio::test]
async fn what_comes_with_the_clients_end_is_answered() {
    for engine in ENGINES {
        let server = Server::on(engine, &[]);
        for _ in 0..50 {
            let mut raw = Raw::upgraded(server.address).await;
            raw.send(&[frame(0x81, b"last"), frame(0x88, b"\x03\xe8")].concat()).await;
            raw.finish().await;
            assert_eq!(raw.frame().await, Some(Frame { first: 0x81, payload: b"last".to_vec() }), "{engine}");
            assert_eq!(raw.frame().await.unwrap().close(), Some((1000, "")), "{engine}");
            raw.end().await;
        }
    }
}
