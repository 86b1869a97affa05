//! The state of the process after a connection has failed: nothing is left but a line in the log.

use std::time::{Duration, Instant};

use ws_echo_test_support::{
    compress::compress,
    frame::{frame, header},
    program::{Running, ws_echo},
    raw::Raw,
    server::ENGINES,
};

use crate::violations::flood;

const MIB: u64 = 1 << 20;

/// Row 15 of the fault matrix: a reset and an end without a Close frame, within a frame and between two.
#[tokio::test]
async fn a_client_that_is_gone_is_told_of_once_with_1006() {
    for engine in ENGINES {
        let flags = ["--listen", "127.0.0.1:0", "--workers", "1", "--engine", engine];
        let mut running = Running::start(ws_echo(&flags));
        let address = running.warm_address().await;
        let files = running.open_files();
        for (what, start) in [
            ("nothing", vec![]),
            ("a part of a header", vec![0x81]),
            ("a part of a text", [header(0x81, 1000), vec![0x12; 10]].concat()),
            ("a part of a binary message", [header(0x82, 1000), vec![0x12; 10]].concat()),
            ("a fragment", frame(0x01, b"x")),
            ("a part of a ping", [header(0x89, 100), vec![0x12; 10]].concat()),
        ] {
            for resets in [true, false] {
                let mut raw = Raw::upgraded(address).await;
                raw.send(&start).await;
                let began = Instant::now();
                let kept = if resets {
                    raw.reset();
                    None
                } else {
                    raw.finish().await;
                    Some(raw)
                };
                let line = running.line("Disconnect.").await;
                let took = began.elapsed();
                assert!(line.contains("code=1006"), "{engine}: {what}: {line}");
                assert!(took < Duration::from_secs(1), "{engine}: {what}: {took:?}");
                running.until_files(files).await;
                drop(kept);
            }
        }
        let rest = running.stop().await;
        assert!(!rest.iter().any(|line| line.contains("Disconnect.")), "{rest:?}");
    }
}

/// Row 17 of the fault matrix: 1 GiB in a compressed message of 1 MiB, and messages that are no valid compressed data.
#[tokio::test]
async fn a_message_that_does_not_inflate_well_costs_no_memory() {
    let mut running = Running::start(ws_echo(&["--listen", "127.0.0.1:0", "--workers", "1"]));
    let address = running.warm_address().await;
    // A message with its last four bytes consists of whole blocks that refer to nothing before themselves, so it can be repeated.
    let message = compress(&vec![b'0'; MIB as usize]);
    let block = [&message[..], &[0, 0, 0xff, 0xff]].concat();
    let bomb = block.repeat(1024);
    let broken = [block.repeat(8), vec![0xff; 100_000]].concat();
    let (mut raw, _) = Raw::offering(address, "permessage-deflate").await;
    raw.send(&frame(0xc1, &message)).await;
    assert_eq!(raw.frame().await.unwrap().payload, message);
    drop(raw);
    running.line("Disconnect.").await;

    let (files, before) = (running.open_files(), running.peak_memory());
    for (first, payload, code) in [(0xc1, &bomb, 1009), (0xc2, &bomb, 1009), (0xc1, &broken, 1007)] {
        let (mut raw, _) = Raw::offering(address, "permessage-deflate").await;
        raw.send(&frame(first, payload)).await;
        assert_eq!(raw.frame().await.unwrap().close().unwrap().0, code);
        raw.finish().await;
        raw.end().await;
        assert!(running.line("Disconnect.").await.contains(&format!("code={code}")));
        running.until_files(files).await;
    }
    let grown = running.peak_memory() - before;
    assert!(grown < bomb.len() as u64 + MIB, "{grown} bytes for a message of {}", bomb.len());
}

/// Row 6 of the fault matrix: the memory of 131,072 fragments of a text.
#[tokio::test]
async fn a_flood_of_small_fragments_costs_no_memory() {
    let mut running = Running::start(ws_echo(&["--listen", "127.0.0.1:0", "--workers", "1"]));
    let address = running.warm_address().await;
    let files = running.open_files();
    let mut before = 0;
    // The first round fills the caches of the allocator.
    for _ in 0..2 {
        before = running.peak_memory();
        assert_eq!(flood(&mut Raw::upgraded(address).await, 0x01, b"a").await.0, 1008);
        assert!(running.line("Disconnect.").await.contains("code=1008"));
        running.until_files(files).await;
    }
    let grown = running.peak_memory() - before;
    assert!(grown < MIB / 4, "{grown} bytes");
}
