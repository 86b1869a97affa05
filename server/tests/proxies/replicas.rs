//! The replicas behind a proxy.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::atomic::{AtomicU8, Ordering},
    time::Duration,
};

use tokio::time::timeout;
use ws_echo_test_support::program::{Running, ws_echo};

/// Returns an address of this machine that no other program uses, so that a port on it stays free while its program is replaced:
/// all of 127.0.0.0/8 is local, and connections come from 127.0.0.1.
pub fn own_address() -> Ipv4Addr {
    static LAST: AtomicU8 = AtomicU8::new(0);
    let [_, _, high, low] = std::process::id().to_be_bytes();
    Ipv4Addr::new(127, 1 + high % 254, low, 1 + LAST.fetch_add(1, Ordering::Relaxed))
}

/// One replica: a program that another one at the same address can replace.
pub struct Replica {
    pub address: SocketAddr,
    pub running: Running,
    flags: Vec<String>,
}

impl Replica {
    pub async fn start(flags: &[&str]) -> Self {
        let flags = flags.iter().map(|flag| (*flag).to_owned()).collect();
        Self::start_at((own_address(), 0).into(), flags).await
    }

    async fn start_at(address: SocketAddr, flags: Vec<String>) -> Self {
        let listen = address.to_string();
        let mut arguments = vec!["--listen", &listen, "--workers", "1", "--dist", "/nonexistent"];
        arguments.extend(flags.iter().map(String::as_str));
        let mut running = Running::start(ws_echo(&arguments));
        let port = running.port().await;
        Self { address: SocketAddr::new(address.ip(), port), running, flags }
    }

    /// Waits for the end after SIGTERM, with exit code 0. Returns the rest of the log.
    pub async fn ended(&mut self) -> Vec<String> {
        let ended = timeout(Duration::from_secs(10), self.running.ended()).await;
        let (status, log) = ended.expect("an end within 10 s");
        assert_eq!(status.code(), Some(0), "{}", log.join("\n"));
        log
    }

    /// Starts a new program with the same address and flags, after the end of the one before.
    pub async fn replace(&mut self) {
        *self = Self::start_at(self.address, std::mem::take(&mut self.flags)).await;
    }
}

/// Starts two replicas with these flags.
pub async fn pair(flags: &[&str]) -> [Replica; 2] {
    [Replica::start(flags).await, Replica::start(flags).await]
}
