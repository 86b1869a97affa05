//! Row 44: the memory that compression keeps for each connection, and its return.

use std::{net::SocketAddr, time::Duration};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::{task::JoinSet, time::sleep};
use ws_echo_test_support::{
    frame::{Frame, frame},
    program::{Running, ws_echo},
    raw::Raw,
};

use crate::{load::compress, observers::held_bytes};

const OFFER: &str = "permessage-deflate; client_max_window_bits";

const CROWD: usize = 2_000;
const AT_A_TIME: usize = 100;

/// Limit of the memory of a connection beside its window, in bytes: while it is idle, and after a message.
const IDLE: u64 = 1024;
const BESIDE_WINDOW: u64 = 2048;
const WINDOW: u64 = 32 * 1024;

/// Memory that the process takes or returns beside its connections, in bytes: half-full pages of the allocator, and the list of
/// the connections.
const NOISE: u64 = 512 * 1024;

/// Connects clients that agree on permessage-deflate.
async fn crowd(address: SocketAddr) -> Vec<Raw> {
    let mut all = Vec::with_capacity(CROWD);
    while all.len() < CROWD {
        let mut some = JoinSet::new();
        for _ in 0..AT_A_TIME {
            some.spawn(async move {
                let (raw, agreed) = Raw::offering(address, OFFER).await;
                assert!(agreed.is_some_and(|agreed| agreed.starts_with("permessage-deflate")));
                raw
            });
        }
        all.extend(some.join_all().await);
    }
    all
}

/// Sends a compressed message from each client, and reads its echo. The message is longer than any window, and does not compress
/// well.
async fn send(crowd: &mut [Raw]) {
    let mut random = 1_u32;
    let plain: Vec<u8> = std::iter::repeat_with(|| {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        b'a' + (random >> 28) as u8
    })
    .take(40_000)
    .collect();
    let payload = compress(&plain);
    let message = frame(0xc1, &payload);
    for raw in crowd {
        raw.send(&message).await;
        assert_eq!(raw.frame().await, Some(Frame { first: 0xc1, payload: payload.clone() }));
    }
}

/// Measures two crowds, or three with windows, one after the other: idle, after a message, and after their end.
async fn compression_keeps(flags: &[&str], window: u64) {
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit }).unwrap();
    let flags = [&["--listen", "127.0.0.1:0", "--log-level", "error,ws_echo::startup=info"], flags].concat();
    let mut running = Running::start(ws_echo(&flags));
    let address = running.address().await;
    // Each worker allocates everything that it allocates only once.
    for _ in 0..2 {
        send(&mut crowd(address).await[..AT_A_TIME]).await;
    }
    let files = 1 + until_steady(&running).await;
    let mut after = vec![running.memory()];
    let mut said = String::new();
    for _ in 0..if window > 0 { 3 } else { 2 } {
        let (before, held_before) = (running.memory(), held_bytes(address).await);
        let mut all = crowd(address).await;
        let idle = running.memory().saturating_sub(before);
        send(&mut all).await;
        let grown = running.memory().saturating_sub(before);
        let held = held_bytes(address).await - held_before;
        drop(all);
        running.until_files(files).await;
        until_steady(&running).await;
        after.push(running.memory());
        let each = |bytes: u64| bytes / CROWD as u64;
        said += &format!(
            "\n{flags:?}: {} bytes each when idle, {} after a message, {} of them said to be held; before, between and after: {after:?}",
            each(idle),
            each(grown),
            each(held),
        );
        let most = if window > 0 { window + BESIDE_WINDOW } else { IDLE };
        assert!(each(idle) < IDLE, "{said}");
        assert!(each(grown) < most, "{said}");
        // The second crowd reuses memory that the first one returned to the allocator, so only the first growth is compared.
        let slack = grown / 10 + NOISE;
        assert!(
            window == 0
                || after.len() > 2
                || (grown..grown + slack).contains(&held)
                || (held..held + slack).contains(&grown),
            "{said}"
        );
    }
    println!("{said}");
    // The allocator of glibc may keep the memory of the windows of one crowd, which those of the next one reuse.
    let kept = after[0] + CROWD as u64 * window;
    let most = kept + kept / 20 + NOISE;
    assert!(after.iter().all(|memory| *memory < most), "{said}");
}

/// Waits until the numbers of files and of bytes do not change any more. Returns the number of open files.
async fn until_steady(running: &Running) -> usize {
    let mut last = (0, 0);
    loop {
        sleep(Duration::from_millis(300)).await;
        let now = (running.open_files(), running.memory());
        if now == last {
            return now.0;
        }
        last = now;
    }
}

#[tokio::test]
async fn without_a_context_compression_keeps_nothing_between_messages() {
    compression_keeps(&[], 0).await;
}

#[tokio::test]
async fn with_a_context_compression_keeps_its_window_and_gives_it_back() {
    compression_keeps(&["--deflate", "context"], WINDOW).await;
}
