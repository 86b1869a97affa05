//! Row 14: connections whose network drops all packets, without an error.

use std::{
    net::SocketAddr,
    process::Command,
    time::{Duration, Instant},
};

use tokio::time::timeout;
use ws_echo_test_support::{
    frame::{Frame, frame},
    program::{Running, ws_echo_under},
    raw::Raw,
};

use crate::unread::pings;

/// A MAC address without a machine: frames to it are lost, and neither side gets an error.
const NOBODY: &str = "02:00:00:00:00:01";

/// A server in a network namespace of its own, at the other end of a virtual cable. The namespace ends with the process, and the
/// cable with the namespace, however the process ends.
struct Far {
    running: Running,
    address: SocketAddr,
    /// The end of the cable on this side, and the addresses of both ends.
    cable: String,
    near: String,
    far: String,
}

fn run(line: &str) {
    let mut words = line.split(' ');
    let output = Command::new(words.next().unwrap()).args(words).output().unwrap();
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
}

impl Far {
    async fn start() -> Self {
        let flags = ["--listen", "0.0.0.0:0", "--workers", "1"];
        let mut running = Running::start(ws_echo_under(&["unshare", "--net", "--"], &flags));
        let port = running.port().await;
        let pid = running.pid();
        // A network for benchmarks (RFC 2544), with a part that depends on the process, so that two runs differ.
        let net = format!("198.18.{}", pid % 256);
        let (near, far, cable) = (format!("{net}.1"), format!("{net}.2"), format!("wsecho{pid}"));
        let server = Self { running, address: format!("{far}:{port}").parse().unwrap(), cable, near, far };
        run(&format!("ip link add {} type veth peer name far netns {pid}", server.cable));
        run(&format!("ip address add {}/30 dev {}", server.near, server.cable));
        run(&format!("ip link set {} up", server.cable));
        server.there(&format!("ip address add {}/30 dev far", server.far));
        server.there("ip link set far up");
        server
    }

    /// Runs a command in the namespace.
    fn there(&self, line: &str) {
        run(&format!("nsenter --net=/proc/{}/ns/net {line}", self.running.pid()));
    }

    fn go_dark(&self) {
        let Self { cable, near, far, .. } = self;
        run(&format!("ip neighbour replace {far} lladdr {NOBODY} nud permanent dev {cable}"));
        self.there(&format!("ip neighbour replace {near} lladdr {NOBODY} nud permanent dev far"));
    }

    fn come_back(&self) {
        let Self { cable, near, far, .. } = self;
        run(&format!("ip neighbour del {far} dev {cable}"));
        self.there(&format!("ip neighbour del {near} dev far"));
    }
}

#[tokio::test]
#[ignore = "needs root, for a network namespace; make faults runs it where it can"]
async fn a_connection_that_goes_dark_is_gone_within_45_s() {
    let mut server = Far::start().await;
    let warm = Raw::upgraded(server.address).await;
    drop(warm);
    server.running.line("Disconnect.").await;
    let files = server.running.open_files();

    let mut idle = Raw::upgraded(server.address).await;
    let mut busy = Raw::upgraded(server.address).await;
    let mut full = Raw::upgraded(server.address).await;
    // The kernels' buffers fill up, since this client does not read.
    while timeout(Duration::from_secs(1), full.send(&pings())).await.is_ok() {}
    for raw in [&mut idle, &mut busy] {
        raw.send(&frame(0x81, b"light")).await;
        assert_eq!(raw.frame().await, Some(Frame { first: 0x81, payload: b"light".to_vec() }));
    }
    server.go_dark();
    let dark = Instant::now();
    busy.send(&frame(0x81, b"lost")).await;
    assert!(timeout(Duration::from_secs(1), busy.frame()).await.is_err(), "it is not dark");

    for _ in 0..3 {
        let left = Duration::from_secs(45).saturating_sub(dark.elapsed());
        let line = server.running.line_within(left, "Disconnect.").await;
        assert!(line.contains("code=1006"), "{line}");
    }
    server.running.until_files(files).await;
    server.come_back();
    let mut again = Raw::upgraded(server.address).await;
    again.send(&frame(0x81, b"light")).await;
    assert_eq!(again.frame().await.unwrap().payload, b"light");
    drop((idle, busy, full, again));
    server.running.line("Disconnect.").await;
    server.running.until_files(files).await;
}
