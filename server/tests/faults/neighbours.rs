//! Row 13: the delay that well-behaved clients see while others flood the server and do not read.

use std::{
    io::{Read as _, Write as _},
    net::{Shutdown, SocketAddr, TcpStream},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use rustix::thread::{CpuSet, sched_setaffinity};
use ws_echo_test_support::{
    frame::frame,
    program::{Running, ws_echo},
    raw::Raw,
};

use crate::{
    observers::{cores, give_way},
    unread::pings,
};

const ROUNDS: usize = 8;
/// Number of attempts, since other load on the machine may disturb one. A server that delays its clients does so in each.
const ATTEMPTS: usize = 3;
const FLOODS: usize = 8;
const NEIGHBOURS: usize = 4;
/// Number and interval of the messages of each neighbour. At the limit of the machine, they would measure their own queues.
const TRIPS: u32 = 1000;
const EVERY: Duration = Duration::from_millis(1);

async fn connected(address: SocketAddr, clients: usize) -> Vec<TcpStream> {
    let mut streams = Vec::with_capacity(clients);
    for _ in 0..clients {
        streams.push(Raw::upgraded(address).await.into_blocking());
    }
    streams
}

/// Returns the time of each echo, counted from the moment at which its message was due: a late echo delays the next ones as well.
fn trips(mut stream: &TcpStream) -> Vec<Duration> {
    let message = frame(0x81, &[b'a'; 64]);
    let mut echo = [0; 2 + 64];
    let began = Instant::now();
    let trip = |number| {
        let due = began + EVERY * number;
        thread::sleep(due.saturating_duration_since(Instant::now()));
        stream.write_all(&message).unwrap();
        stream.read_exact(&mut echo).unwrap();
        due.elapsed()
    };
    (1..=TRIPS).map(trip).collect()
}

/// Returns the 99th percentile of the neighbours' round trips, while the floods keep the server busy, or the idlers keep the
/// cores busy.
fn p99(neighbours: &[TcpStream], idlers: &[CpuSet], floods: &[TcpStream], flood: &[u8]) -> Duration {
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        for core in idlers {
            scope.spawn(|| {
                sched_setaffinity(None, core).unwrap();
                give_way();
                while !is_over.load(Ordering::Relaxed) {
                    std::hint::spin_loop();
                }
            });
        }
        for mut stream in floods {
            scope.spawn(move || {
                // The floods use the server's processor time, and must not use that of the neighbours.
                give_way();
                while stream.write_all(flood).is_ok() {}
            });
        }
        let neighbours: Vec<_> = neighbours.iter().map(|stream| scope.spawn(|| trips(stream))).collect();
        let trips: Vec<_> = neighbours.into_iter().map(thread::ScopedJoinHandle::join).collect();
        // The other threads must end before an `unwrap` can fail.
        is_over.store(true, Ordering::Relaxed);
        for stream in floods {
            stream.shutdown(Shutdown::Both).unwrap();
        }
        let mut trips: Vec<_> = trips.into_iter().flat_map(Result::unwrap).collect();
        trips.sort();
        trips[trips.len() * 99 / 100]
    })
}

/// Returns the lower quartile: other load on the machine slows down some rounds, and a flood all of them.
fn typical(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 4]
}

/// Measures in turns without and with a flood. Started threads and processes inherit the core of this thread.
async fn are_not_slowed_down_by(flood: &[u8]) {
    let cores = cores();
    let [server, clients] = &cores;
    sched_setaffinity(None, server).unwrap();
    let mut running = Running::start(ws_echo(&["--listen", "127.0.0.1:0", "--workers", "1"]));
    sched_setaffinity(None, clients).unwrap();
    let address = running.warm_address().await;
    let neighbours = connected(address, NEIGHBOURS).await;
    p99(&neighbours, &[], &[], flood);
    let mut said = String::new();
    for _ in 0..ATTEMPTS {
        let (mut quiet, mut busy, mut flooded) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            quiet.push(p99(&neighbours, &[], &[], flood));
            // A host takes more processor time from cores that are never idle, which is not the fault of the server.
            busy.push(p99(&neighbours, &cores, &[], flood));
            let floods = connected(address, FLOODS).await;
            flooded.push(p99(&neighbours, &[], &floods, flood));
        }
        let (quiet, busy, flooded) = (typical(quiet), typical(busy), typical(flooded));
        if flooded < quiet.max(busy) * 2 {
            return;
        }
        said +=
            &format!("\n{flooded:?}, and without the flood {quiet:?}, or {busy:?} on cores that are busy");
    }
    panic!("the 99th percentile is{said}");
}

#[tokio::test]
async fn the_others_are_not_slowed_down_by_unread_pings() {
    are_not_slowed_down_by(&pings()).await;
}

#[tokio::test]
async fn the_others_are_not_slowed_down_by_unread_messages() {
    are_not_slowed_down_by(&frame(0x82, &[7; 60_000])).await;
}
