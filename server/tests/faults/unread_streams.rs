//! Row 36: streams of HTTP/2 that send and never read. The test measures their memory, the time until they are dropped, and the
//! effect on another stream of their connection.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use h2::Reason;
use tokio::time::{interval, sleep};
use ws_echo_test_support::{
    frame::{Frame, frame, header},
    http2::{
        FRAME_SIZE, Http2, LARGEST_WINDOW, field_block, flag, frame as http2_frame, kind, setting, websocket,
        window_update,
    },
    program::{Running, ws_echo},
};

use crate::{
    http2::{EACH, MIB, is_counted},
    observers::held_bytes,
};

/// Number of streams, one less than a connection may have.
const STREAMS: usize = 99;

/// The ways in which clients do not read their streams.
#[derive(Debug, Clone, Copy)]
enum Unread {
    /// A message in DATA frames of one byte.
    OneByte,
    /// Messages as long as a DATA frame.
    Long,
    /// Pings of the WebSocket.
    Pings,
}

impl Unread {
    fn bytes(self) -> (Vec<u8>, usize) {
        match self {
            Self::OneByte => (frame(0x82, &[7; 1000]).repeat(10), 1),
            Self::Long => (frame(0x82, &[7; 60_000]).repeat(4), FRAME_SIZE),
            Self::Pings => (frame(0x89, &[7; 125]).repeat(1000), FRAME_SIZE),
        }
    }
}

/// Opens streams whose window is so small that their answers stay in the server, and sends on each as much as the server takes.
async fn do_not_read(address: SocketAddr, unread: Unread, streams: usize) -> Http2 {
    let mut client = Http2::connect_with(address, &[(setting::INITIAL_WINDOW_SIZE, 0)]).await;
    let mut all = Vec::new();
    for _ in 0..streams {
        all.push(client.open("/echo").await);
    }
    let (bytes, size) = unread.bytes();
    // As much as its window, and no more: the window is not given back.
    for stream in all {
        let mut sent = 0;
        while client.room(stream) > 0 && sent <= MIB {
            let len = bytes.len().min(client.room(stream) as usize);
            client.pieces(stream, &bytes[..len], size).await;
            client.process_received();
            sent += len as u64;
        }
    }
    client.round_trip().await;
    client
}

/// A hundred streams that do not read cost no more than as many connections of HTTP/1.1, and go after the same time.
async fn unread_streams_cost_little(unread: Unread, streams: usize) {
    let mut running = Running::start(ws_echo(&["--listen", "127.0.0.1:0", "--workers", "1"]));
    let address = running.warm_address().await;
    let files = running.open_files();
    // The memory of the first connection is that of the thread.
    drop(do_not_read(address, unread, 1).await);
    running.until_files(files).await;
    let (before, held_before) = (running.peak_memory(), held_bytes(address).await);
    let began = Instant::now();
    let mut client = do_not_read(address, unread, streams).await;
    let sent = Instant::now();
    // The server has read all, and has yet to find that it can write nothing.
    sleep(Duration::from_secs(1)).await;
    let (grown, held) = (running.peak_memory() - before, held_bytes(address).await - held_before);
    let each = grown / streams as u64;
    println!("{unread:?}: {each} bytes each, {grown} in all, {held} said to be held");
    assert!(each < EACH, "{each} bytes each");
    assert!(is_counted(grown, held), "{grown} bytes grown, {held} said to be held");
    // The other streams of the connection go on meanwhile.
    let (other, ends) = (client.take_stream(), Duration::from_secs(40));
    let block = field_block(&websocket("/echo"));
    client.write(&http2_frame(kind::HEADERS, flag::END_HEADERS, other, &block)).await;
    assert_eq!(client.head(other).await.status, 200);
    client.write(&window_update(other, LARGEST_WINDOW / 2)).await;
    let mut seconds = interval(Duration::from_secs(1));
    while client.streams.values().filter(|stream| stream.reset.is_some()).count() < streams {
        seconds.tick().await;
        client.send(other, &frame(0x81, b"still here")).await;
        let asked = Instant::now();
        assert_eq!(client.frame(other).await, Some(Frame { first: 0x81, payload: b"still here".to_vec() }));
        assert!(asked.elapsed() < Duration::from_secs(1), "{:?}", asked.elapsed());
        assert!(sent.elapsed() < ends, "{:?}", client.streams);
    }
    let (first, last) = (began.elapsed(), sent.elapsed());
    assert!(first > Duration::from_secs(28) && last < Duration::from_secs(36), "{first:?}, {last:?}");
    let resets = client.streams.values().filter_map(|stream| stream.reset);
    assert!(resets.into_iter().all(|reason| reason == Reason::CANCEL));
    let held = held_bytes(address).await;
    assert!(held < held_before + MIB, "{held} bytes are held, and there were {held_before}");
}

#[tokio::test]
async fn a_hundred_streams_that_do_not_read_cost_little_and_are_dropped_after_30_s() {
    unread_streams_cost_little(Unread::Long, STREAMS).await;
}

#[tokio::test]
async fn a_hundred_streams_of_unread_pings_cost_little_and_are_dropped_after_30_s() {
    unread_streams_cost_little(Unread::Pings, STREAMS).await;
}

#[tokio::test]
async fn unread_data_frames_of_one_byte_cost_little_and_are_dropped_after_30_s() {
    unread_streams_cost_little(Unread::OneByte, 32).await;
}

/// Once a turn of such frames made each connection grow to 8 MiB, for the crate `h2` keeps some hundred bytes for each frame.
#[tokio::test]
async fn data_frames_of_one_byte_cost_little_on_many_connections() {
    const CONNECTIONS: usize = 30;
    let mut running = Running::start(ws_echo(&["--listen", "127.0.0.1:0", "--workers", "1"]));
    let address = running.warm_address().await;
    let before = running.peak_memory();
    let mut clients = Vec::new();
    let frames = http2_frame(kind::DATA, flag::NONE, 1, b"x").repeat(200_000);
    for _ in 0..CONNECTIONS {
        let mut client = Http2::connect_with(address, &[(setting::INITIAL_WINDOW_SIZE, 0)]).await;
        let stream = client.open("/echo").await;
        client.data(stream, flag::NONE, &header(0x82, MIB)).await;
        client.write(&frames).await;
        client.round_trip().await;
        clients.push(client);
    }
    let each = (running.peak_memory() - before) / CONNECTIONS as u64;
    println!("{each} bytes a connection");
    assert!(each < EACH, "{each} bytes a connection");
}
