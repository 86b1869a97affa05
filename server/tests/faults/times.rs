//! Each time limit of docs/operations.md is kept within a tenth and half a second: on plain TCP and over TLS, on a quiet server
//! and on one that inflates much. The table there is the result of this test; `WS_ECHO_WRITE_TIMES=1` writes it anew.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::PathBuf,
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, split},
    time::{sleep, timeout},
};
use ws_echo_test_support::{
    frame::frame,
    program::{Running, ws_echo},
    raw::upgrade,
};

use crate::{
    load::{Load, bomb},
    observers::metric,
    streams::{Stream, Way, head, narrow},
};

/// Number of clients that measure each time. The one with the largest error counts.
const CLIENTS: usize = 3;
/// Number of clients for each transport that connect before the clients of the load, and of those that connect after them. All of
/// them get a 1001 at the shutdown.
const LEAVING: usize = 20;
const LOAD: usize = 200;

const BEGIN: &str = "<!-- times: written by server/tests/faults/times.rs -->\n";
const END: &str = "<!-- times: end -->\n";

const GOOD: &[u8] = b"GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n";

/// A time that is measured: its row in the table, its name there, and its setting in seconds.
type Row = (usize, &'static str, u64);

const FIRST_HEAD: Row = (0, "`--head-timeout`, first head", 5);
const SECOND_HEAD: Row = (1, "`--head-timeout`, second head", 5);
const HANDSHAKE: Row = (2, "`--head-timeout`, handshake of TLS", 5);
const KEEP_ALIVE: Row = (3, "`--keep-alive`", 4);
const PING: Row = (4, "`--ping-after`", 3);
const PONG: Row = (5, "`--pong-timeout`", 4);
const WRITE_SOCKET: Row = (6, "`--write-timeout`, WebSocket", 6);
const WRITE_PLAIN: Row = (7, "`--write-timeout`, plain HTTP", 6);
const CLOSE: Row = (8, "`--close-timeout`", 5);
const DRAIN_WAIT: Row = (9, "`--drain-wait`", 2);
const DRAIN_SPREAD: Row = (10, "`--drain-spread`", 3);
const DRAIN_TIMEOUT: Row = (11, "`--drain-timeout`", 6);

/// The rows, each with the measurement of each column.
type Table = BTreeMap<Row, [Option<Duration>; 4]>;

fn put(table: &mut Table, row: Row, column: usize, times: impl IntoIterator<Item = Duration>) {
    let off = |time: &Duration| time.abs_diff(Duration::from_secs(row.2));
    table.entry(row).or_default()[column] = times.into_iter().max_by_key(off);
}

/// Reads and discards until the server ends the connection.
async fn end(stream: &mut (impl Stream + ?Sized)) {
    let mut piece = [0; 1024];
    while stream.read(&mut piece).await.is_ok_and(|len| len > 0) {}
}

/// Sends `bytes` again and again until the connection is closed, and reads nothing.
async fn until_gone(stream: &mut (impl Stream + ?Sized), bytes: &[u8], every: Duration) {
    while stream.write_all(bytes).await.and(stream.flush().await).is_ok() {
        sleep(every).await;
    }
}

async fn good(way: &Way, to: SocketAddr) -> Box<dyn Stream> {
    let mut stream = way.connect(to).await;
    stream.write_all(GOOD).await.unwrap();
    assert!(head(&mut *stream).await.starts_with("HTTP/1.1 200 "));
    stream.read_exact(&mut [0; 3]).await.unwrap();
    stream
}

async fn first_head(way: &Way, to: SocketAddr) -> Duration {
    let tcp = Instant::now();
    let mut stream = way.connect(to).await;
    // The TLS handshake has its own time limit.
    let began = if matches!(way, Way::Plain) { tcp } else { Instant::now() };
    stream.write_all(b"G").await.unwrap();
    stream.flush().await.unwrap();
    assert!(head(&mut *stream).await.starts_with("HTTP/1.1 408 "));
    began.elapsed()
}

async fn second_head(way: &Way, to: SocketAddr) -> Duration {
    let mut stream = good(way, to).await;
    let began = Instant::now();
    stream.write_all(b"G").await.unwrap();
    stream.flush().await.unwrap();
    assert!(head(&mut *stream).await.starts_with("HTTP/1.1 408 "));
    began.elapsed()
}

async fn handshake(to: SocketAddr) -> Duration {
    let began = Instant::now();
    let mut stream = narrow(to).await;
    stream.write_all(&[22]).await.unwrap();
    end(&mut stream).await;
    began.elapsed()
}

async fn keep_alive(way: &Way, to: SocketAddr) -> Duration {
    let mut stream = good(way, to).await;
    let began = Instant::now();
    end(&mut *stream).await;
    began.elapsed()
}

/// Returns the time until the ping, and the time from the ping to the end.
async fn ping_and_pong(way: &Way, to: SocketAddr) -> [Duration; 2] {
    let mut stream = upgrade(way.connect(to).await).await;
    let began = Instant::now();
    let mut ping = [0; 2];
    stream.read_exact(&mut ping).await.unwrap();
    assert_eq!(ping, [0x89, 0]);
    let pinged = Instant::now();
    end(&mut *stream).await;
    [pinged - began, pinged.elapsed()]
}

async fn write_socket(way: &Way, to: SocketAddr) -> Duration {
    let mut stream = upgrade(way.connect(to).await).await;
    let began = Instant::now();
    until_gone(&mut *stream, &frame(0x82, &[7; 60_000]), Duration::ZERO).await;
    began.elapsed()
}

async fn write_plain(way: &Way, to: SocketAddr) -> Duration {
    let mut stream = way.connect(to).await;
    stream.write_all(b"GET /large.bin HTTP/1.1\r\nHost: test\r\n\r\n").await.unwrap();
    let began = Instant::now();
    // The kernel gives up without a packet to the client; it answers the next byte with a reset.
    until_gone(&mut *stream, b"\r\n", Duration::from_millis(100)).await;
    began.elapsed()
}

async fn close(way: &Way, to: SocketAddr) -> Duration {
    let mut stream = upgrade(way.connect(to).await).await;
    stream.write_all(&frame(0x88, b"\x03\xe8")).await.unwrap();
    let mut answer = [0; 4];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer, [0x88, 2, 3, 0xe8]);
    let began = Instant::now();
    until_gone(&mut *stream, &[0], Duration::from_millis(50)).await;
    began.elapsed()
}

/// Starts a server with a listener for each of the two transports.
async fn server(tls: &Way, flags: &[&str]) -> (Running, [SocketAddr; 2]) {
    let flags =
        [&tls.flags(), flags, &["--workers", "2", "--log-level", "error,ws_echo::startup=info"]].concat();
    let mut running = Running::start(ws_echo(&flags));
    let addresses = [running.address().await, running.address().await];
    (running, addresses)
}

async fn load(is_loaded: bool, to: SocketAddr) -> Option<Load> {
    let offer = "permessage-deflate; client_max_window_bits";
    if is_loaded { Some(Load::start(to, LOAD, offer, bomb(0xc2, 0), true).await) } else { None }
}

/// Measures all time limits of clients at the same time.
async fn measure(table: &mut Table, dist: &TempDir, is_loaded: bool) {
    let tls = Way::tls();
    let flags = ["--keep-alive", "4s", "--ping-after", "3s", "--pong-timeout", "4s", "--write-timeout", "6s"];
    let dist = ["--dist", dist.path().to_str().unwrap()];
    let (_running, addresses) = server(&tls, &[&flags[..], &dist].concat()).await;
    let _load = load(is_loaded, addresses[0]).await;
    let column = async |way: &Way, to| {
        macro_rules! all {
            ($time:expr) => {
                join_all((0..CLIENTS).map(|_| Box::pin($time)))
            };
        }
        tokio::join!(
            all!(first_head(way, to)),
            all!(second_head(way, to)),
            all!(handshake(addresses[1])),
            all!(keep_alive(way, to)),
            all!(ping_and_pong(way, to)),
            all!(write_socket(way, to)),
            all!(write_plain(way, to)),
            all!(close(way, to)),
        )
    };
    let (plain, secure) =
        tokio::join!(Box::pin(column(&Way::Plain, addresses[0])), Box::pin(column(&tls, addresses[1])));
    for (number, times) in [plain, secure].into_iter().enumerate() {
        let column = 2 * usize::from(is_loaded) + number;
        let (first, second, handshake, keep_alive, pings, socket, plain, close) = times;
        put(table, FIRST_HEAD, column, first);
        put(table, SECOND_HEAD, column, second);
        put(table, HANDSHAKE, column, handshake.into_iter().filter(|_| number == 1));
        put(table, KEEP_ALIVE, column, keep_alive);
        put(table, PING, column, pings.iter().map(|[ping, _]| *ping));
        put(table, PONG, column, pings.iter().map(|[_, pong]| *pong));
        put(table, WRITE_SOCKET, column, socket);
        put(table, WRITE_PLAIN, column, plain);
        put(table, CLOSE, column, close);
    }
}

/// Waits for the 1001, and returns the moment at which it came. The client answers it, or sends on until the server ends the
/// connection.
async fn leave(stream: Box<dyn Stream>, is_stubborn: bool) -> Instant {
    let (mut read, mut write) = split(stream);
    let mut close = [0; 4];
    read.read_exact(&mut close).await.unwrap();
    assert_eq!(close, [0x88, close[1], 3, 0xe9]);
    let told = Instant::now();
    if is_stubborn {
        let message = frame(0x82, b"on");
        while write.write_all(&message).await.and(write.flush().await).is_ok() {
            sleep(Duration::from_millis(100)).await;
        }
    } else {
        let _ = write.write_all(&frame(0x88, b"\x03\xe9")).await;
        let _ = write.flush().await;
    }
    told
}

/// Measures a shutdown.
async fn measure_drain(table: &mut Table, is_loaded: bool) {
    let tls = Way::tls();
    // The close timeout is longer than the drain timeout, so that no client is dropped before the end of the drain.
    let flags =
        ["--drain-wait", "2s", "--drain-spread", "3s", "--drain-timeout", "6s", "--close-timeout", "20s"];
    let (mut running, addresses) = server(&tls, &flags).await;
    let ways = [Way::Plain, tls];
    let mut clients = [Vec::new(), Vec::new()];
    let mut load_then = None;
    for half in 0..2 {
        for _ in 0..LEAVING {
            for (number, way) in ways.iter().enumerate() {
                let stream = upgrade(way.connect(addresses[number]).await).await;
                let is_stubborn = clients[number].is_empty();
                clients[number].push(tokio::spawn(leave(stream, is_stubborn)));
            }
        }
        if half == 0 {
            load_then = load(is_loaded, addresses[0]).await;
        }
    }
    running.signal("TERM").await;
    let asked = Instant::now();
    let status = timeout(Duration::from_secs(30), running.child.wait()).await.expect("an end").unwrap();
    let ended = Instant::now();
    assert_eq!(status.code(), Some(3), "the stubborn ones are dropped");
    drop(load_then);
    let mut columns = Vec::new();
    for clients in clients {
        let told: Vec<_> = join_all(clients).await.into_iter().map(Result::unwrap).collect();
        columns.push((*told.iter().min().unwrap(), *told.iter().max().unwrap()));
    }
    for (number, (first, last)) in columns.into_iter().enumerate() {
        let column = 2 * usize::from(is_loaded) + number;
        put(table, DRAIN_WAIT, column, [first - asked]);
        put(table, DRAIN_SPREAD, column, [last - first]);
        put(table, DRAIN_TIMEOUT, column, [ended - first]);
    }
}

fn seconds(time: Option<Duration>) -> String {
    time.map_or_else(|| "–".to_owned(), |time| format!("{:.2} s", time.as_secs_f64()))
}

fn text(table: &Table) -> String {
    let mut text =
        "| time | set to | plain | TLS | plain under load | TLS under load |\n|---|---|---|---|---|---|\n"
            .to_owned();
    for ((_, name, set), times) in table {
        text += &format!("| {name} | {set} s | {} |\n", times.map(seconds).join(" | "));
    }
    text
}

#[tokio::test]
async fn each_time_is_kept_on_a_quiet_server_and_on_a_busy_one() {
    let dist = tempfile::tempdir().unwrap();
    std::fs::write(dist.path().join("large.bin"), vec![7; 8 << 20]).unwrap();
    let mut table = Table::new();
    for is_loaded in [false, true] {
        Box::pin(measure(&mut table, &dist, is_loaded)).await;
        Box::pin(measure_drain(&mut table, is_loaded)).await;
    }
    let text = text(&table);
    println!("{text}");
    for ((_, name, set), times) in &table {
        let set = Duration::from_secs(*set);
        let is_kept = |time: &Duration| time.abs_diff(set) <= set / 10 + Duration::from_millis(500);
        assert!(times.iter().flatten().all(is_kept), "{name}:\n{text}");
    }

    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/operations.md");
    let document = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = document.split_once(BEGIN).expect("the place of the table");
    let (written, behind) = rest.split_once(END).expect("the end of the table");
    if std::env::var_os("WS_ECHO_WRITE_TIMES").is_some() {
        std::fs::write(&path, format!("{before}{BEGIN}{text}{END}{behind}")).unwrap();
    } else {
        let rows = |text: &str| {
            text.lines().map(|row| row.split('|').take(3).collect::<String>()).collect::<Vec<_>>()
        };
        assert_eq!(rows(written), rows(&text), "the table is of other times");
    }
}

/// Reads steadily and slowly from a full buffer. A socket can be written to again when a third of its buffer is free, which takes
/// such a client longer than the time-out. The kernel frees the memory of read bytes by the packet, of up to 64 KiB.
async fn reads_slowly(way: &Way, to: SocketAddr) {
    let (mut read, mut write) = split(upgrade(way.connect(to).await).await);
    // Short messages: within a long message the server would read on, and would try to write after each read.
    let messages = frame(0x82, &[7; 1000]).repeat(4000);
    let sends = async {
        let _ = write.write_all(&messages).await;
        let _ = write.flush().await;
        std::future::pending::<()>().await;
    };
    let reads = async {
        let mut piece = [0; 2000];
        for number in 0..150 {
            let len = read.read(&mut piece).await;
            assert!(
                len.as_ref().is_ok_and(|len| *len > 0),
                "dropped after {number} tenths of a second: {len:?}"
            );
            sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::select! { () = reads => {}, () = sends => {} }
}

#[tokio::test]
async fn a_client_that_reads_20_kb_a_second_is_not_dropped() {
    let tls = Way::tls();
    let (_running, [plain, secure]) = server(&tls, &["--write-timeout", "5s"]).await;
    let looks = async {
        sleep(Duration::from_secs(14)).await;
        Box::pin(metric(plain, "ws_echo_connections_open")).await
    };
    let ((), (), open) = tokio::join!(reads_slowly(&Way::Plain, plain), reads_slowly(&tls, secure), looks);
    // A client still reads from its kernel after the server has dropped it, so the server is asked.
    assert_eq!(open, 2, "the server has dropped one");
}
