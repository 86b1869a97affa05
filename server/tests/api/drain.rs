//! The shutdown of the server: the order of its steps, the Close frames of the clients, and the exit code.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use tokio::time::timeout;
use ws_echo_test_support::{
    frame::{Frame, frame, header},
    program::{PATIENCE, Running, ws_echo},
    raw::{Raw, request, upgrade_lines},
    server::{ENGINES, Server},
};

#[tokio::test]
async fn a_server_that_stops_is_alive_but_not_ready_and_echoes_on_for_a_while() {
    for engine in ENGINES {
        let mut server = Server::on(engine, &["--drain-wait", "700ms"]);
        assert_eq!(server.get("/readyz").await.status(), 200);
        let mut open = Raw::upgraded(server.address).await;
        server.ask_to_stop();
        while server.get("/readyz").await.status() != 503 {}
        assert_eq!(server.get("/healthz").await.status(), 200);

        let mut late = Raw::connect(server.address).await;
        late.send(request(&upgrade_lines()).as_bytes()).await;
        let head = late.head().await.to_lowercase();
        assert!(head.starts_with("http/1.1 503 ") && head.contains("\r\nretry-after:"), "{engine}: {head}");

        open.send(&frame(0x81, b"still")).await;
        assert_eq!(open.frame().await, Some(Frame { first: 0x81, payload: b"still".to_vec() }), "{engine}");
        assert_eq!(open.frame().await.unwrap().close().unwrap().0, 1001, "{engine}");
    }
}

#[tokio::test]
async fn the_connections_are_closed_one_after_the_other() {
    let mut server = Server::start(&["--drain-spread", "600ms"]);
    let mut clients = Vec::new();
    for _ in 0..30 {
        clients.push(Raw::upgraded(server.address).await);
    }
    server.ask_to_stop();
    let closed = join_all(clients.into_iter().map(|mut client| async move {
        assert_eq!(client.frame().await.unwrap().close().unwrap().0, 1001);
        Instant::now()
    }));
    let mut closed = closed.await;
    closed.sort();
    let gaps = closed.windows(2).map(|pair| pair[1] - pair[0]);
    let spread = closed[29] - closed[0];
    assert!((Duration::from_millis(300)..Duration::from_secs(3)).contains(&spread), "{spread:?}");
    assert!(gaps.max().unwrap() < spread / 2, "not in two heaps");
}

/// Row 22 of the fault matrix, on a small scale: clients that read nothing, or stop within a frame, do not delay the end.
#[tokio::test]
async fn stalled_clients_are_dropped_and_the_end_is_clean() {
    let flags = ["--listen", "127.0.0.1:0", "--close-timeout", "500ms", "--drain-spread", "0s"];
    let mut running = Running::start(ws_echo(&flags));
    let address = std::net::SocketAddr::from(([127, 0, 0, 1], running.port().await));
    let mut within_frame = Raw::upgraded(address).await;
    within_frame.send(&header(0x82, 1 << 20)).await;
    within_frame.some().await;
    let mut unread = Raw::upgraded(address).await;
    let flood = frame(0x82, &vec![7; 1 << 20]);
    // The server stops reading when its answers are not read, and then a part of the flood cannot be sent.
    while timeout(Duration::from_millis(200), unread.try_send(&flood)).await.is_ok() {}
    running.signal("TERM").await;
    let status = timeout(PATIENCE, running.child.wait()).await.expect("an end in time").unwrap();
    assert_eq!(status.code(), Some(0));
}

#[tokio::test]
async fn the_exit_code_says_when_connections_had_to_be_dropped() {
    let flags = ["--listen", "127.0.0.1:0", "--drain-timeout", "300ms"];
    let mut running = Running::start(ws_echo(&flags));
    let address = std::net::SocketAddr::from(([127, 0, 0, 1], running.port().await));
    let mut deaf = Raw::upgraded(address).await;
    running.signal("TERM").await;
    assert_eq!(deaf.frame().await.unwrap().close().unwrap().0, 1001);
    assert!(running.line("Connections dropped").await.contains("connections=1"));
    let status = timeout(PATIENCE, running.child.wait()).await.expect("an end in time").unwrap();
    assert_eq!(status.code(), Some(3));
}

/// Row 23.
#[tokio::test]
async fn the_second_signal_ends_it_at_once() {
    for signals in [["TERM", "TERM"], ["INT", "TERM"], ["INT", "INT"]] {
        let mut running = Running::start(ws_echo(&["--listen", "127.0.0.1:0", "--drain-wait", "1h"]));
        running.port().await;
        running.signal(signals[0]).await;
        running.line("Service stops").await;
        running.signal(signals[1]).await;
        let status =
            timeout(Duration::from_secs(3), running.child.wait()).await.expect("an end at once").unwrap();
        assert_eq!(status.code(), Some(0), "nobody was connected");
    }
}
