//! The server of a page: the program alone, in a folder with nothing else.

use std::net::SocketAddr;

use tempfile::TempDir;
use ws_echo_test_support::program::{Running, ws_echo};

pub struct Server {
    pub address: SocketAddr,
    scheme: &'static str,
    running: Running,
    _folder: TempDir,
}

impl Server {
    /// Starts the program with these flags, and the page that it carries.
    pub async fn start(flags: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let own: &[&str] = if flags.contains(&"--listen") { &[] } else { &["--listen", "127.0.0.1:0"] };
        let mut command = ws_echo(&[own, flags].concat());
        command.current_dir(folder.path());
        let mut running = Running::start(command);
        let line = running.line("Service started on").await;
        assert!(
            line.contains("page_from=embedded"),
            "the program has no page; make it with 'make build': {line}"
        );
        let address = line.split("address=").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
        let scheme = if flags.iter().any(|flag| flag.starts_with("tls:")) { "https" } else { "http" };
        Self { address, scheme, running, _folder: folder }
    }

    /// Waits for a line of the log that contains a text.
    pub async fn line(&mut self, text: &str) -> String {
        self.running.line(text).await
    }

    /// Begins the shutdown of the server, without waiting for its end.
    pub async fn ask_to_stop(&self) {
        self.running.signal("TERM").await;
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}://{}{path}", self.scheme, self.address)
    }
}
