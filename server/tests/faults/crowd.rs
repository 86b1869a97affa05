//! Rows 24 to 26: very many connections, connections that come and go, and more connections than files.

use std::{net::SocketAddr, time::Duration};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::{
    task::JoinSet,
    time::{sleep, timeout},
};
use ws_echo_test_support::{
    frame::frame,
    program::{Running, ws_echo, ws_echo_with_files},
    raw::{Raw, request, upgrade_lines},
};

use crate::observers::held_bytes;

const CROWD: usize = 10_000;

/// Memory of the process beside its connections, in bytes: half-full pages of the allocator, and the list of connections.
const NOISE: u64 = 512 * 1024;

/// Number of clients that connect at a time: no more than fit into the kernel's backlog of the server.
const AT_A_TIME: usize = 100;

/// Connects `count` clients, which offer the extension `offer`.
async fn crowd(address: SocketAddr, count: usize, offer: &'static str) -> Vec<Raw> {
    let mut all = Vec::with_capacity(count);
    while all.len() < count {
        let mut some = JoinSet::new();
        for _ in 0..AT_A_TIME {
            some.spawn(async move { Raw::offering(address, offer).await.0 });
        }
        all.extend(some.join_all().await);
    }
    all
}

/// Row 24. Two crowds follow each other, because the memory that a crowd leaves behind must not grow. Every browser offers
/// permessage-deflate: once a connection that had agreed on it took 19 KiB before its first message.
#[tokio::test]
async fn ten_thousand_idle_connections_cost_less_than_1_kib_each() {
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit }).unwrap();
    assert!(
        limit.maximum.is_none_or(|most| most > CROWD as u64 + 100),
        "too few files may be open: {limit:?}"
    );

    for offer in ["x-none", "permessage-deflate; client_max_window_bits"] {
        let mut running = Running::start(ws_echo(&["--listen", "127.0.0.1:0"]));
        let address = running.warm_address().await;
        let (files, before, held_before) =
            (running.open_files(), running.memory(), held_bytes(address).await);
        let (mut with_crowd, mut held) = (Vec::new(), Vec::new());
        for _ in 0..2 {
            let all = crowd(address, CROWD, offer).await;
            assert_eq!(running.open_files(), files + CROWD);
            with_crowd.push(running.memory());
            held.push(held_bytes(address).await - held_before);
            drop(all);
            for _ in 0..CROWD {
                assert!(running.line("Disconnect.").await.contains("code=1006"));
            }
            running.until_files(files).await;
        }
        let each = (with_crowd[0] - before) / CROWD as u64;
        assert!(
            with_crowd[1] <= with_crowd[0] + with_crowd[0] / 20,
            "{offer}: the second time: {with_crowd:?} bytes"
        );
        assert!(each < 1024, "{offer}: {each} bytes each");
        let (grown, held) = (with_crowd[0] - before, held[0]);
        let slack = grown / 10 + NOISE;
        assert!(held.abs_diff(grown) < slack, "{offer}: {grown} bytes grown, {held} said to be held");
    }
}

/// Connects clients that send one message and leave: in turns with a Close frame, with a reset and with a FIN.
async fn come_and_go(address: SocketAddr, count: usize) {
    for _ in 0..count / AT_A_TIME {
        let mut some = JoinSet::new();
        for number in 0..AT_A_TIME {
            some.spawn(async move {
                let mut raw = Raw::upgraded(address).await;
                raw.send(&frame(0x81, b"hello")).await;
                raw.frame().await.unwrap();
                match number % 3 {
                    0 => {
                        raw.send(&frame(0x88, b"\x03\xe8")).await;
                        assert_eq!(raw.frame().await.unwrap().close(), Some((1000, "")));
                        raw.end().await;
                    }
                    1 => raw.reset(),
                    _ => {}
                }
            });
        }
        some.join_all().await;
    }
}

/// Row 25, within the time of a test.
#[tokio::test]
async fn connections_that_come_and_go_leave_no_memory_behind() {
    const COUNT: usize = 20_000;
    let mut running = Running::start(ws_echo(&["--listen", "127.0.0.1:0"]));
    let address = running.warm_address().await;
    let files = running.open_files();
    let mut after = Vec::new();
    for _ in 0..3 {
        come_and_go(address, COUNT).await;
        running.until_files(files).await;
        after.push(running.memory());
    }
    // Growth of less than a byte for each connection is none. The allocator takes and returns a few pages at any time.
    assert!(after[2] < after[1] + COUNT as u64 + 64 * 1024, "{after:?} bytes");
}

/// Row 26.
#[tokio::test]
async fn without_files_the_server_waits_and_recovers() {
    const FILES: usize = 200;
    let mut running =
        Running::start(ws_echo_with_files(FILES, &["--listen", "127.0.0.1:0", "--workers", "1"]));
    let address = running.warm_address().await;
    let files = running.open_files();
    let mut all = Vec::new();
    while let Ok(raw) = timeout(Duration::from_secs(1), Raw::upgraded(address)).await {
        all.push(raw);
        assert!(all.len() < FILES);
    }
    assert!(all.len() > FILES / 2, "{} connections", all.len());
    // Connections that the kernel accepts, and the server cannot.
    let mut waiting = Vec::new();
    for _ in 0..20 {
        waiting.push(Raw::connect(address).await);
    }
    let before = running.processor_time();
    let time = Duration::from_secs(3);
    sleep(time).await;
    let used = running.processor_time() - before;
    assert!(used < time / 20, "{used:?} of processor time in {time:?}");

    // The open connections are served.
    all[0].send(&frame(0x81, b"hello")).await;
    assert_eq!(all[0].frame().await.unwrap().payload, b"hello");
    // The waiting connections are served when these close.
    all.clear();
    for raw in &mut waiting {
        raw.send(request(&upgrade_lines()).as_bytes()).await;
        assert!(raw.head().await.starts_with("HTTP/1.1 101 "));
    }
    drop(waiting);
    Raw::upgraded(address).await;
    running.until_files(files).await;
}
