//! Well-behaved clients that measure a server, before and during an attack of others.

use std::{
    io::{ErrorKind, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
use ws_echo_test_support::{frame::frame, raw::Raw};

/// Interval at which the client of the echo sends a message.
const MESSAGE_EVERY: Duration = Duration::from_millis(2);

/// Interval at which the probe sends a request.
const PROBE_EVERY: Duration = Duration::from_millis(20);

/// Time limit for an answer.
const LONGEST: Duration = Duration::from_secs(20);

/// Returns the core of the server and the core of the clients, which are the same if there is only one.
pub fn cores() -> [CpuSet; 2] {
    let allowed = sched_getaffinity(None).unwrap();
    let mut cores = (0..CpuSet::MAX_CPU).filter(|core| allowed.is_set(*core));
    let server = cores.next().unwrap();
    [server, cores.next().unwrap_or(server)].map(|core| {
        let mut only = CpuSet::new();
        only.set(core);
        only
    })
}

/// Gives this thread the lowest priority.
pub fn give_way() {
    rustix::process::nice(19).unwrap();
}

/// Threads that keep cores busy, at the lowest priority. A host takes more processor time from cores that are never idle, which
/// is not the fault of the server, so measurements under an attack are compared with measurements beside these threads.
pub struct Idlers {
    is_over: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Idlers {
    pub fn on(cores: &[CpuSet]) -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        let threads = cores.iter().map(|core| {
            let (core, is_over) = (*core, Arc::clone(&is_over));
            thread::spawn(move || {
                sched_setaffinity(None, &core).unwrap();
                give_way();
                while !is_over.load(Ordering::Relaxed) {
                    std::hint::spin_loop();
                }
            })
        });
        Self { threads: threads.collect(), is_over }
    }
}

impl Drop for Idlers {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

/// Moments at which something was due, each with its delay.
type Times = Arc<Mutex<Vec<(Instant, Duration)>>>;

/// A client of the echo and a probe of `/healthz`, each in a thread of its own. Both are open loops: each time is counted from
/// the moment at which the message or the request was due, also if the one before was late.
pub struct Observers {
    is_over: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
    echoes: Times,
    probes: Times,
}

/// The times of one interval, sorted.
pub struct Seen(Vec<Duration>);

impl Seen {
    pub fn percentile(&self, percent: usize) -> Duration {
        assert!(!self.0.is_empty(), "nothing was measured");
        self.0[(self.0.len() * percent / 100).min(self.0.len() - 1)]
    }

    pub fn longest(&self) -> Duration {
        self.percentile(100)
    }
}

impl Observers {
    /// Starts both. They inherit the core and the priority of the calling thread.
    pub async fn start(address: SocketAddr) -> Self {
        let stream = Raw::upgraded(address).await.into_blocking();
        stream.set_read_timeout(Some(LONGEST)).unwrap();
        let is_over = Arc::new(AtomicBool::new(false));
        let (echoes, probes) = (Times::default(), Times::default());
        let threads = vec![
            observe(&is_over, &echoes, MESSAGE_EVERY, move || echo(&stream)),
            observe(&is_over, &probes, PROBE_EVERY, move || probe(address)),
        ];
        Self { is_over, threads, echoes, probes }
    }

    pub fn echoes(&self, from: Instant, to: Instant) -> Seen {
        Self::seen(&self.echoes, from, to)
    }

    pub fn probes(&self, from: Instant, to: Instant) -> Seen {
        Self::seen(&self.probes, from, to)
    }

    fn seen(times: &Times, from: Instant, to: Instant) -> Seen {
        let times = times.lock().unwrap();
        let within = times.iter().filter(|(due, _)| (from..to).contains(due));
        let mut within: Vec<_> = within.map(|(_, took)| *took).collect();
        within.sort();
        Seen(within)
    }

    /// Waits until everything that was due by now is answered.
    pub async fn are_up_to_date(&self) {
        let now = Instant::now();
        for times in [&self.echoes, &self.probes] {
            let is_behind = || times.lock().unwrap().last().is_none_or(|(due, _)| *due < now);
            while is_behind() {
                let dead = self.threads.iter().any(JoinHandle::is_finished);
                assert!(!dead, "an observer has had no answer");
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
    }
}

impl Drop for Observers {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

/// Starts a thread that calls `act` at every multiple of `every`, or as soon as possible after it, and records the delay of each
/// return.
fn observe(
    is_over: &Arc<AtomicBool>,
    times: &Times,
    every: Duration,
    mut act: impl FnMut() + Send + 'static,
) -> JoinHandle<()> {
    let (is_over, times) = (Arc::clone(is_over), Arc::clone(times));
    thread::spawn(move || {
        let mut due = Instant::now();
        while !is_over.load(Ordering::Relaxed) {
            thread::sleep(due.saturating_duration_since(Instant::now()));
            act();
            times.lock().unwrap().push((due, due.elapsed()));
            due += every;
        }
    })
}

/// Returns the memory that the server reports as held by clients, in bytes.
pub async fn held_bytes(metrics: SocketAddr) -> u64 {
    metric(metrics, "ws_echo_held_bytes").await
}

/// Returns the value of a metric without labels.
pub async fn metric(metrics: SocketAddr, name: &str) -> u64 {
    let mut raw = Raw::connect(metrics).await;
    raw.send(b"GET /metrics HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n").await;
    let answer = raw.rest().await;
    let value = answer.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    value.unwrap().parse().unwrap()
}

fn echo(mut stream: &TcpStream) {
    let message = frame(0x81, &[b'a'; 64]);
    let mut answer = [0; 2 + 64];
    stream.write_all(&message).unwrap();
    stream.read_exact(&mut answer).unwrap();
    // A ping may come within a long pause, and the next answer would be read in two parts.
    assert_eq!(answer[0], 0x81);
}

fn probe(address: SocketAddr) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(LONGEST)).unwrap();
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Err(error) if error.kind() == ErrorKind::ConnectionReset && !answer.is_empty() => {}
        result => {
            result.unwrap();
        }
    }
    assert!(answer.starts_with(b"HTTP/1.1 200 "), "{}", String::from_utf8_lossy(&answer));
}
