//! Server for one test: on a free port, in a thread of its own, stopped when it is dropped.

use std::{net::SocketAddr, path::Path, thread::JoinHandle, time::Duration};

use clap::Parser;
use tokio::sync::oneshot;
use ws_echo::{Application, Cli, Config, Connections, Timeouts};
use ws_echo_shared::limits::Limits;

pub struct Server {
    pub address: SocketAddr,
    pub connections: Connections,
    /// True if it speaks TLS at its address.
    pub tls: bool,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<std::io::Result<usize>>>,
}

/// The engines. A client must see the same of each.
pub const ENGINES: [&str; 2] = ["native", "actix-ws"];

impl Server {
    /// Starts a server with the given engine.
    pub fn on(engine: &str, flags: &[&str]) -> Self {
        Self::start(&[&["--engine", engine], flags].concat())
    }

    /// Starts a server with these timeouts.
    pub fn with_timeouts(timeouts: Timeouts) -> Self {
        Self::start_with(&[], |config| config.timeouts = timeouts)
    }

    /// Starts a server with one worker. `flags` follow those of the test, as a user would type them.
    pub fn start(flags: &[&str]) -> Self {
        Self::start_with(flags, |_| {})
    }

    /// Starts a server whose connections may hold at most so many bytes together.
    pub fn with_memory(held_bytes: usize, timeouts: Timeouts) -> Self {
        Self::start_with(&[], |config| (config.capacity.held_bytes, config.timeouts) = (held_bytes, timeouts))
    }

    /// Starts a server for at most so many connections.
    pub fn for_connections(engine: &str, most: usize) -> Self {
        Self::start_with(&["--engine", engine], |config| config.capacity.connections = most)
    }

    /// Starts a server with these limits of messages.
    pub fn with_limits(engine: &str, limits: Limits) -> Self {
        Self::start_with(&["--engine", engine], |config| config.echo.limits = limits)
    }

    fn start_with(flags: &[&str], change: impl FnOnce(&mut Config)) -> Self {
        let own = ["ws-echo", "--listen", "127.0.0.1:0", "--workers", "1", "--dist", "/nonexistent"];
        let mut config = Config::try_from(Cli::parse_from(own.iter().chain(flags))).unwrap();
        change(&mut config);
        let tls = config.listen.last().is_some_and(|listen| listen.tls);
        let application = Application::bind(&config, None).unwrap();
        // Another listener is named behind the usual one.
        let address = *application.addresses().last().unwrap();
        let connections = application.connections();
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            let mut stopped = Some(stopped);
            actix_web::rt::System::new().block_on(application.run_until(async || match stopped.take() {
                Some(stopped) => {
                    let _ = stopped.await;
                }
                None => std::future::pending().await,
            }))
        });
        Self { address, connections, tls, stop: Some(stop), thread: Some(thread) }
    }

    pub fn with_dist(dist: &Path) -> Self {
        Self::start(&["--dist", dist.to_str().unwrap()])
    }

    /// Begins the shutdown of the server, without waiting for its end.
    pub fn ask_to_stop(&mut self) {
        self.stop.take().unwrap().send(()).unwrap();
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}://{}{path}", if self.tls { "https" } else { "http" }, self.address)
    }
}

/// Waits until the server has no connections and holds no bytes.
pub async fn until_gone(server: &Server) {
    let gone = async {
        while server.connections.count() > 0 || server.connections.held() > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let gone = tokio::time::timeout(Duration::from_secs(10), gone).await;
    let (count, held) = (server.connections.count(), server.connections.held());
    assert!(gone.is_ok(), "{count} connections are left, and {held} bytes are held");
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        let ended = self.thread.take().unwrap().join();
        if !std::thread::panicking() {
            ended.unwrap().unwrap();
        }
    }
}
