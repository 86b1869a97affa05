//! Rows 35 to 37, and 24 over HTTP/2: floods of frames, and the cost of many streams. Streams that are not read are in
//! `unread_streams.rs`.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use h2::Reason;
use rustix::thread::sched_setaffinity;
use tokio::{
    task::JoinSet,
    time::{interval, sleep, timeout},
};
use ws_echo_test_support::{
    frame::{Frame, frame, header},
    http2::{
        DEFAULT_WINDOW, FRAME_SIZE, Http2, LARGEST_WINDOW, field_block, flag, frame as http2_frame, kind,
        request, rst_stream, setting, settings, websocket, window_update,
    },
    program::{Running, ws_echo},
};

use crate::{
    background::Background,
    observers::{Idlers, Observers, cores, held_bytes},
};

pub const MIB: u64 = 1 << 20;

/// Number of clients that flood the server at the same time.
const FLOODS: usize = 8;

/// Limit of the memory that a client may cost, in bytes: as on HTTP/1.1.
pub const EACH: u64 = MIB;

/// Number of attempts, since other load on the machine may disturb one. A server that delays its clients does so in each.
const ATTEMPTS: usize = 3;

/// A 99th percentile below this is good on a core that is shared with an attack, even if it is lower on a quiet core.
const GOOD_P99: Duration = Duration::from_millis(10);

/// Number of connections, and of streams on each. Fewer than the limit, which other tests reach.
const CONNECTIONS: usize = 10;
const STREAMS: usize = 100;

/// Limit of the memory of an idle stream, in bytes.
const EACH_STREAM: u64 = 4 * 1024;

/// A flood: the bytes that open it, and those that are sent again and again.
type Flood = fn(&mut Http2) -> Vec<u8>;

/// True if the server knows of the memory that it uses, and does not take twice as much for used: then a client could keep the
/// memory from the others without using it.
pub fn is_counted(grown: u64, held: u64) -> bool {
    (grown - grown / 4 - (MIB / 2).min(grown / 2)..grown * 2 + MIB / 2).contains(&held)
}

/// A server on a core of its own.
pub async fn server() -> (Running, SocketAddr) {
    let cores = cores();
    sched_setaffinity(None, &cores[0]).unwrap();
    let mut running = Running::start(ws_echo(&["--listen", "127.0.0.1:0", "--workers", "1"]));
    sched_setaffinity(None, &cores[1]).unwrap();
    let address = running.warm_address().await;
    (running, address)
}

/// A client that floods the server, again and again on new connections, until the task is ended. Each must be told to calm down.
async fn flood(address: SocketAddr, next: Flood) {
    loop {
        let mut client = Http2::connect(address).await;
        let stream = client.open("/echo").await;
        assert_eq!(stream, 1);
        assert_eq!(client.flood(next).await, Some(Reason::ENHANCE_YOUR_CALM));
    }
}

/// Floods a server for a while by several clients, beside one client that echoes and one that probes.
async fn is_borne(name: &str, next: Flood) {
    const TIME: Duration = Duration::from_secs(2);
    let cores = cores();
    let mut said = String::new();
    for attempt in 1.. {
        let (running, address) = server().await;
        let observers = Observers::start(address).await;
        let p99 = async |time| {
            let from = Instant::now();
            sleep(time).await;
            observers.are_up_to_date().await;
            observers.echoes(from, from + time).percentile(99)
        };
        let busy = {
            let _idlers = Idlers::on(&cores);
            p99(TIME).await
        };
        let (before, held_before) = (running.peak_memory(), held_bytes(address).await);
        let attack = Background::start(async move {
            let mut all = JoinSet::new();
            for _ in 0..FLOODS {
                all.spawn(flood(address, next));
            }
            all
        });
        let attack = attack.await;
        let flooded = p99(TIME).await;
        let grown = running.peak_memory() - before;
        let held = held_bytes(address).await.saturating_sub(held_before);
        drop(attack);
        said += &format!(
            "\n{name}: an echo took {flooded:?} (p99), {busy:?} beside busy cores; {grown} bytes grown, {held} held"
        );
        // Counted memory is kept from the others, too.
        if flooded < (busy * 2).max(GOOD_P99) && grown.max(held) < FLOODS as u64 * EACH {
            break;
        }
        assert!(attempt < ATTEMPTS, "{said}");
    }
    println!("{said}");
}

#[tokio::test]
async fn floods_of_pings_are_borne() {
    is_borne("PING", |_| http2_frame(kind::PING, flag::NONE, 0, &[0; 8]).repeat(1000)).await;
}

#[tokio::test]
async fn floods_of_settings_are_borne() {
    is_borne("SETTINGS", |_| settings(&[(setting::INITIAL_WINDOW_SIZE, 1 << 20)]).repeat(1000)).await;
}

#[tokio::test]
async fn floods_of_empty_data_are_borne() {
    is_borne("empty DATA", |_| http2_frame(kind::DATA, flag::NONE, 1, b"").repeat(1000)).await;
}

#[tokio::test]
async fn floods_of_continuations_are_borne() {
    is_borne("CONTINUATION", |client| {
        let stream = client.take_stream();
        let head = http2_frame(kind::HEADERS, flag::END_STREAM, stream, &field_block(&request("GET", "/")));
        let part = field_block(&[("x-long", &"x".repeat(4000))]);
        let parts = http2_frame(kind::CONTINUATION, flag::NONE, stream, &part).repeat(100);
        [head, parts].concat()
    })
    .await;
}

/// CVE-2023-44487.
#[tokio::test]
async fn requests_that_are_reset_at_once_are_borne() {
    is_borne("rapid reset", |client| {
        let block = field_block(&websocket("/echo"));
        let mut all = Vec::new();
        for _ in 0..100 {
            let stream = client.take_stream();
            all.extend(http2_frame(kind::HEADERS, flag::END_HEADERS, stream, &block));
            all.extend(rst_stream(stream, Reason::CANCEL));
        }
        all
    })
    .await;
}

/// Round trips of a stream, while another one of its connection does something.
async fn trips(client: &mut Http2, stream: u32, time: Duration) -> Vec<Duration> {
    let mut trips = Vec::new();
    let message = frame(0x81, &[b'a'; 64]);
    let (began, mut due) = (Instant::now(), interval(Duration::from_millis(2)));
    while began.elapsed() < time {
        due.tick().await;
        let asked = Instant::now();
        client.send(stream, &message).await;
        assert_eq!(client.frame(stream).await.unwrap().payload.len(), 64);
        trips.push(asked.elapsed());
    }
    trips.sort();
    trips
}

/// One stream floods, and does not read its answers beyond its window, or reads all of them. Another one of its connection echoes.
#[tokio::test]
async fn a_stream_that_floods_does_not_slow_down_the_others_of_its_connection() {
    const TIME: Duration = Duration::from_secs(2);
    let mut said = String::new();
    for attempt in 1.. {
        let (_running, address) = server().await;
        let mut client = Http2::connect(address).await;
        let (echoing, flooding) = (client.open("/echo").await, client.open("/echo").await);
        let p99 = |trips: &[Duration]| trips[trips.len() * 99 / 100];
        let quiet = p99(&trips(&mut client, echoing, TIME).await);
        // A piece of the flood goes out with each message of the other stream, as much as its window allows.
        let flood = frame(0x82, &[7; 16_000]);
        let (began, mut times, mut sent) = (Instant::now(), Vec::new(), 0);
        let message = frame(0x81, &[b'a'; 64]);
        while began.elapsed() < TIME {
            while client.room(flooding) >= flood.len() as u64 {
                client.data(flooding, flag::NONE, &flood).await;
                sent += flood.len();
            }
            client.stream(flooding).bytes.clear();
            let asked = Instant::now();
            client.send(echoing, &message).await;
            assert_eq!(client.frame(echoing).await.unwrap().payload.len(), 64);
            times.push(asked.elapsed());
        }
        times.sort();
        let flooded = p99(&times);
        let rate = sent as u64 / MIB / TIME.as_secs();
        said += &format!("\n{flooded:?} (p99) beside {rate} MiB/s, and {quiet:?} without");
        if flooded < (quiet * 2).max(GOOD_P99) {
            break;
        }
        assert!(attempt < ATTEMPTS, "{said}");
    }
    println!("{said}");
}

/// Connects clients with idle streams.
async fn crowd(address: SocketAddr) -> Vec<(Http2, Vec<u32>)> {
    let mut all = JoinSet::new();
    for _ in 0..CONNECTIONS {
        all.spawn(async move {
            let mut client = Http2::connect(address).await;
            let mut streams = Vec::new();
            for _ in 0..STREAMS {
                let (stream, head) =
                    client.open_with("/echo", &[("sec-websocket-extensions", "permessage-deflate")]).await;
                assert_eq!(head.status, 200, "{head:?}");
                streams.push(stream);
            }
            (client, streams)
        });
    }
    all.join_all().await
}

/// Row 24 over HTTP/2. The second crowd shows what the first one has left behind.
#[tokio::test]
async fn a_thousand_idle_streams_cost_less_than_4_kib_each() {
    let mut running = Running::start(ws_echo(&["--listen", "127.0.0.1:0"]));
    let address = running.warm_address().await;
    drop(Http2::connect(address).await);
    let (files, before, held_before) = (running.open_files(), running.memory(), held_bytes(address).await);
    let (mut with_crowd, mut held) = (Vec::new(), Vec::new());
    for _ in 0..2 {
        let all = crowd(address).await;
        with_crowd.push(running.memory());
        held.push(held_bytes(address).await - held_before);
        drop(all);
        for _ in 0..CONNECTIONS * STREAMS {
            assert!(running.line("Disconnect.").await.contains("code=1006"));
        }
        running.until_files(files).await;
    }
    let grown = with_crowd[0] - before;
    let each = grown / (CONNECTIONS * STREAMS) as u64;
    println!("{each} bytes a stream, {with_crowd:?} in all, {held:?} said to be held");
    assert!(each < EACH_STREAM, "{each} bytes each");
    assert!(with_crowd[1] <= with_crowd[0] + with_crowd[0] / 20, "the second time: {with_crowd:?} bytes");
    assert!(is_counted(grown, held[0]), "{grown} bytes grown, {held:?} said to be held");
}

/// Row 37.
#[tokio::test]
async fn a_thousand_live_streams_are_told_to_leave() {
    let mut running = Running::start(ws_echo(&["--listen", "127.0.0.1:0"]));
    let address = running.warm_address().await;
    let mut stalled = Http2::connect_with(address, &[(setting::INITIAL_WINDOW_SIZE, 0)]).await;
    for number in 0..10 {
        let stream = stalled.open("/echo").await;
        let bytes = if number % 2 == 0 { header(0x82, MIB) } else { frame(0x82, &[7; 10_000]) };
        stalled.send(stream, &bytes).await;
    }
    let mut live = JoinSet::new();
    for (mut client, streams) in crowd(address).await {
        live.spawn(async move {
            let mut open = streams.clone();
            let mut number = 0_u64;
            while !open.is_empty() {
                // Each stream has a message on its way, until the Close frame comes.
                let payload = number.to_be_bytes();
                for stream in &open {
                    client.try_send(*stream, &frame(0x82, &payload)).await;
                }
                let mut left = Vec::new();
                for stream in open {
                    let answer = client.frame(stream).await.expect("an echo or a Close frame");
                    if let Some((code, _)) = answer.close() {
                        assert_eq!(code, 1001);
                        client.try_send(stream, &frame(0x88, &answer.payload)).await;
                        assert_eq!(client.frame(stream).await, None);
                        if client.stream(stream).reset.is_none() {
                            client.end(stream).await;
                        }
                    } else {
                        assert_eq!(answer.payload, payload, "no echo is lost, and none out of order");
                        left.push(stream);
                    }
                }
                open = left;
                number += 1;
            }
            client.ended().await;
            client.goaway.map(|goaway| goaway.reason)
        });
    }
    sleep(Duration::from_millis(500)).await;
    running.signal("TERM").await;
    let asked = Instant::now();
    let ends = live.join_all().await;
    assert_eq!(ends, [Some(Reason::NO_ERROR); CONNECTIONS]);
    let told = asked.elapsed();
    let status = timeout(Duration::from_secs(15), running.child.wait()).await.expect("an end").unwrap();
    assert_eq!(status.code(), Some(0));
    assert!(asked.elapsed() < Duration::from_secs(10), "{:?}", asked.elapsed());
    println!("all were told within {told:?}, and the program ended after {:?}", asked.elapsed());
    drop(stalled);
}

/// A connection without streams, and what each costs: prefaces alone, and connections that have had a stream.
#[tokio::test]
async fn connections_without_streams_cost_little_and_go_soon() {
    const COUNT: usize = 500;
    let mut running = Running::start(ws_echo(&["--listen", "127.0.0.1:0"]));
    let address = running.warm_address().await;
    drop(Http2::connect(address).await);
    let (files, before, held_before) = (running.open_files(), running.memory(), held_bytes(address).await);
    let mut all = Vec::new();
    for _ in 0..COUNT {
        all.push(Http2::connect(address).await);
    }
    let grown = running.memory() - before;
    let (each, held) = (grown / COUNT as u64, held_bytes(address).await - held_before);
    println!("{each} bytes a connection, {grown} in all, {held} said to be held");
    assert!(is_counted(grown, held), "{grown} bytes grown, {held} said to be held");
    assert!(each < DEFAULT_WINDOW.into(), "{each} bytes each");
    let began = Instant::now();
    for client in &mut all {
        assert_eq!(client.goaway().await.reason, Reason::NO_ERROR);
        client.ended().await;
    }
    assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
    running.until_files(files).await;
}
