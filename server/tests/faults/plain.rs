//! Row 41: plain HTTP clients that are slow to send, or do not read their answers. A thousand of each kind: the memory of each,
//! the time until all are closed, and the effect on other clients.

use std::{
    cell::Cell,
    net::SocketAddr,
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use rustix::{
    process::{Resource, Rlimit, getrlimit, setrlimit},
    thread::sched_setaffinity,
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    sync::mpsc,
    task::JoinSet,
    time::{interval, sleep},
};

use crate::{
    background::Background,
    observers::{Idlers, Observers, cores, held_bytes},
    streams::{Stream, Way, head},
};

const CLIENTS: usize = 1_000;
/// Number of clients over TLS, and of clients at the listener of the metrics.
const FEWER_CLIENTS: usize = 100;
/// Interval at which the clients begin.
const EVERY: Duration = Duration::from_millis(1);
/// Number of clients that read a file at the same time before the attack.
const READERS: usize = 20;
/// Number of attempts to measure the other clients, since other load may disturb one. A server that delays them does so in each.
const ATTEMPTS: usize = 3;

/// Limit of the memory of a connection, in bytes.
const EACH: u64 = 16 * 1024;
/// Memory of a TLS session beside that, in bytes: keys and other state of 6 KiB, two records of 16 KiB, of which one is unread
/// and one has come in part, and 8 KiB that are unsent.
const EACH_SESSION: u64 = 46 * 1024;
/// Memory that the process takes or returns beside its connections, in bytes: half-full pages of the allocator, and the stacks of
/// threads that read files.
const NOISE: u64 = 512 * 1024;

/// Time by which a time-out of the server may be late: for the last answer, a client has a second to read it.
const LATE: Duration = Duration::from_secs(1);
/// Interval of the checks, long enough that they are no load.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// Delay of a check on a busy machine.
const LOOK: Duration = Duration::from_millis(300);

const HEAD_TIMEOUT: Duration = Duration::from_secs(5);
const KEEP_ALIVE: Duration = Duration::from_secs(5);
const WRITE_TIMEOUT: Duration = Duration::from_secs(3);

const HEALTHY: Duration = Duration::from_millis(100);

/// A 99th percentile below this is good on a core that serves a new client each millisecond, even if it is lower on a quiet core.
const GOOD_P99: Duration = Duration::from_millis(5);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// One byte of the first head, and no more.
    SlowFirstHead,
    /// One byte of a second head, after a good request and its answer.
    SlowSecondHead,
    /// A body in chunks, without a last chunk.
    EndlessBody,
    /// A body with a length, of which only a part comes.
    MissingBody,
    /// A request for a large file, which is not read.
    UnreadAnswer,
    /// As many small requests as fit into 127 KiB, whose answers are not read.
    Pipelined,
    /// A good request and its answer, and then nothing.
    Idle,
}

use Kind::{EndlessBody, Idle, MissingBody, Pipelined, SlowFirstHead, SlowSecondHead, UnreadAnswer};
use ws_echo_test_support::program::{Running, ws_echo};

const GOOD: &[u8] = b"GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n";

impl Kind {
    /// Returns the time limit after which the server closes the connection. It does not wait for a body that no route reads.
    const fn patience(self) -> Duration {
        match self {
            SlowFirstHead | SlowSecondHead => HEAD_TIMEOUT,
            EndlessBody | MissingBody => Duration::ZERO,
            UnreadAnswer | Pipelined => WRITE_TIMEOUT,
            Idle => KEEP_ALIVE,
        }
    }

    async fn begin(self, stream: &mut (impl Stream + ?Sized)) {
        if matches!(self, SlowSecondHead | Idle) {
            stream.write_all(GOOD).await.unwrap();
            assert!(head(stream).await.starts_with("HTTP/1.1 200 "));
            stream.read_exact(&mut [0; 3]).await.unwrap();
        }
        let bytes = match self {
            Idle => return,
            SlowFirstHead | SlowSecondHead => b"G".to_vec(),
            EndlessBody => {
                b"POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n400\r\n".to_vec()
            }
            MissingBody => b"POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 1000000\r\n\r\nbody".to_vec(),
            UnreadAnswer => b"GET /large.bin HTTP/1.1\r\nHost: test\r\n\r\n".to_vec(),
            Pipelined => GOOD.repeat(127 * 1024 / GOOD.len()),
        };
        // The server may close before it has read all, and the kernels' buffers may be full before all is sent.
        let write = async { stream.write_all(&bytes).await.and(stream.flush().await) };
        let _ = tokio::time::timeout(Duration::from_millis(500), write).await;
    }

    /// Sends an endless body, or only keeps the connection open, until the task is ended.
    async fn go_on(self, stream: &mut (impl Stream + ?Sized)) {
        if self == EndlessBody {
            while stream.write_all(&[b'x'; 64]).await.and(stream.flush().await).is_ok() {
                sleep(Duration::from_millis(200)).await;
            }
        }
        std::future::pending::<()>().await;
    }
}

/// The cost of an attack to the server.
#[derive(Debug)]
struct Cost {
    /// Largest memory of the process, and largest memory reported as held, in bytes above the values before the attack.
    grown: u64,
    held: u64,
    /// Time from the beginning of the last client until all connections were closed.
    gone: Duration,
    began: Instant,
    over: Instant,
}

/// Starts `count` clients, one after the other, and waits until each has begun. Returns their tasks.
async fn clients(kind: Kind, way: Way, to: SocketAddr, count: usize) -> JoinSet<()> {
    let mut all = JoinSet::new();
    let (begun, mut beginnings) = mpsc::channel(count);
    let mut pace = interval(EVERY);
    for _ in 0..count {
        pace.tick().await;
        let (way, begun) = (way.clone(), begun.clone());
        all.spawn(async move {
            let mut stream = way.connect(to).await;
            kind.begin(&mut stream).await;
            let _ = begun.send(()).await;
            kind.go_on(&mut stream).await;
        });
    }
    for _ in 0..count {
        beginnings.recv().await;
    }
    all
}

/// Attacks a server, and observes it until it has closed the connections of all clients.
async fn attack(kind: Kind, target: &Target, way: &Way, count: usize) -> Cost {
    let Target { running, metrics, attacked, .. } = target;
    let mut files = usize::MAX;
    for _ in 0..20 {
        // One more file may belong to the connection of a probe.
        files = files.min(running.open_files());
        sleep(Duration::from_millis(5)).await;
    }
    let (memory, held) = (running.memory(), Box::pin(held_bytes(*metrics)).await);
    let began = Instant::now();
    let begun = Cell::new(None);
    let begin = async {
        let clients = Background::start(clients(kind, way.clone(), *attacked, count)).await;
        begun.set(Some(Instant::now()));
        clients
    };
    let look = async {
        let (mut most, mut most_held) = (memory, held);
        loop {
            sleep(LOOK_EVERY).await;
            most = most.max(running.memory());
            if let Some(begun) = begun.get()
                && running.open_files() <= files
            {
                return (most - memory, most_held - held, begun.elapsed());
            }
            let patience = kind.patience() + Duration::from_secs(10);
            let is_over = begun.get().is_some_and(|begun| begun.elapsed() > patience);
            assert!(!is_over, "{kind:?}: {} files are open, and there were {files}", running.open_files());
            most_held = most_held.max(Box::pin(held_bytes(*metrics)).await);
        }
    };
    let (_clients, (grown, held, gone)) = tokio::join!(begin, look);
    Cost { grown, held, gone, began, over: Instant::now() }
}

/// A server with a large file, and the address of the attack.
struct Target {
    running: Running,
    /// The listener of the page and the echo.
    address: SocketAddr,
    attacked: SocketAddr,
    metrics: SocketAddr,
    _dist: TempDir,
}

impl Target {
    async fn start(way: &Way, metrics: bool) -> Self {
        let dist = tempfile::tempdir().unwrap();
        std::fs::write(dist.path().join("large.bin"), vec![7; 8 << 20]).unwrap();
        let timeout = format!("{}s", WRITE_TIMEOUT.as_secs());
        let mut flags = way.flags();
        flags.extend([
            "--workers",
            "1",
            "--write-timeout",
            &timeout,
            "--dist",
            dist.path().to_str().unwrap(),
        ]);
        flags.extend(["--log-level", "error,ws_echo::startup=info"]);
        if metrics {
            flags.extend(["--metrics-listen", "127.0.0.1:0"]);
        }
        let mut running = Running::start(ws_echo(&flags));
        let metrics = if metrics {
            let line = running.line("Metrics are served on").await;
            Some(line.rsplit("127.0.0.1:").next().unwrap().parse().unwrap())
        } else {
            None
        };
        let address = running.address().await;
        let attacked = match (way, metrics) {
            (_, Some(port)) => SocketAddr::from(([127, 0, 0, 1], port)),
            (Way::Plain, None) => address,
            (Way::Tls(_), None) => running.address().await,
        };
        // The process allocates everything that it allocates only once.
        let mut warm = JoinSet::new();
        for _ in 0..READERS {
            let url = format!("http://{address}/large.bin");
            warm.spawn(async { reqwest::get(url).await.unwrap().bytes().await.unwrap().len() });
        }
        assert_eq!(warm.join_all().await, [8 << 20; READERS]);
        let metrics = SocketAddr::from(([127, 0, 0, 1], metrics.unwrap_or(address.port())));
        Self { running, address, attacked, metrics, _dist: dist }
    }

    /// Returns the figures of an attack, as an error if they break a limit.
    fn judge(kind: Kind, cost: &Cost, count: usize, session: u64) -> Result<String, String> {
        let Cost { grown, held, gone, .. } = *cost;
        let each = grown / count as u64;
        let slack = grown / 10 + NOISE;
        let may = kind.patience() + LATE + LOOK;
        let figures =
            format!("{kind:?}: {each} bytes each, {grown} in all, {held} said to be held, gone in {gone:?}");
        let is_held = (held..held + slack + session * count as u64 + 1).contains(&grown)
            || (grown..grown + slack).contains(&held);
        if each < EACH + session && is_held && gone < may {
            Ok(figures)
        } else {
            Err(format!("{figures}, where {may:?} is the limit"))
        }
    }
}

/// Attacks with a thousand clients of one kind, on a server with one core.
async fn a_thousand(kind: Kind) {
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit }).unwrap();
    let cores = cores();
    let mut said = String::new();
    for attempt in 1.. {
        // Memory that was returned to the allocator would hide the memory of the next attack, so each attempt has a new server.
        sched_setaffinity(None, &cores[0]).unwrap();
        let target = Target::start(&Way::Plain, false).await;
        sched_setaffinity(None, &cores[1]).unwrap();
        let observers = Observers::start(target.address).await;
        let p99 = async |time| {
            let from = Instant::now();
            sleep(time).await;
            observers.are_up_to_date().await;
            observers.echoes(from, from + time).percentile(99)
        };
        let quiet = p99(Duration::from_secs(1)).await;
        let busy = {
            let _idlers = Idlers::on(&cores);
            p99(Duration::from_secs(2)).await
        };
        let cost = attack(kind, &target, &Way::Plain, CLIENTS).await;
        let judged = Target::judge(kind, &cost, CLIENTS, 0);
        observers.are_up_to_date().await;
        let echo = observers.echoes(cost.began, cost.over).percentile(99);
        let probe = observers.probes(cost.began, cost.over).longest();
        let (Ok(figures) | Err(figures)) = &judged;
        said += &format!(
            "\n{figures}; an echo took {echo:?} (p99), {quiet:?} before, {busy:?} beside busy cores; \
             a probe {probe:?} (longest)"
        );
        if judged.is_ok() && echo < (quiet.max(busy) * 2).max(GOOD_P99) && probe < HEALTHY {
            break;
        }
        assert!(attempt < ATTEMPTS, "{said}");
    }
    println!("{said}");
}

/// Attacks with fewer clients of each kind, each kind on a server of its own.
async fn a_hundred_of_each(way: &Way, metrics: bool) {
    let session = if matches!(way, Way::Tls(_)) { EACH_SESSION } else { 0 };
    let each = async |kind| {
        let target = Target::start(way, metrics).await;
        let cost = attack(kind, &target, way, FEWER_CLIENTS).await;
        Target::judge(kind, &cost, FEWER_CLIENTS, session)
    };
    let kinds = [SlowFirstHead, SlowSecondHead, EndlessBody, MissingBody, UnreadAnswer, Pipelined, Idle];
    let kinds = kinds.into_iter().filter(|kind| !(metrics && *kind == UnreadAnswer));
    let all = join_all(kinds.map(|kind| Box::pin(each(kind)))).await;
    let said: Vec<_> = all.iter().map(|(Ok(said) | Err(said))| said.as_str()).collect();
    let said = said.join("\n");
    println!("{said}");
    assert!(all.iter().all(Result::is_ok), "\n{said}");
}

#[tokio::test]
async fn a_thousand_slow_first_heads() {
    a_thousand(SlowFirstHead).await;
}

#[tokio::test]
async fn a_thousand_slow_second_heads() {
    a_thousand(SlowSecondHead).await;
}

#[tokio::test]
async fn a_thousand_bodies_without_an_end() {
    a_thousand(EndlessBody).await;
}

#[tokio::test]
async fn a_thousand_bodies_that_do_not_come() {
    a_thousand(MissingBody).await;
}

#[tokio::test]
async fn a_thousand_unread_answers() {
    a_thousand(UnreadAnswer).await;
}

#[tokio::test]
async fn a_thousand_times_pipelined_requests() {
    a_thousand(Pipelined).await;
}

#[tokio::test]
async fn a_thousand_idle_connections() {
    a_thousand(Idle).await;
}

#[tokio::test]
async fn a_hundred_of_each_over_tls() {
    a_hundred_of_each(&Way::tls(), false).await;
}

#[tokio::test]
async fn a_hundred_of_each_at_the_listener_of_the_metrics() {
    a_hundred_of_each(&Way::Plain, true).await;
}
