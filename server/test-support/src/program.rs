//! The program as a process: arguments, log, signals and exit code.

use std::{
    net::SocketAddr,
    process::{ExitStatus, Stdio},
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    time::timeout,
};

use crate::raw::Raw;

pub const PATIENCE: Duration = Duration::from_secs(10);

/// Path of the program under test. `make faults` sets the first variable, to a release build. Cargo sets the second one while it
/// runs the integration tests of the package `ws-echo`, for which it builds the program. Other tests run the one of `make build`.
fn path() -> String {
    let path = ["WS_ECHO_PROGRAM", "CARGO_BIN_EXE_ws-echo"].iter().find_map(|name| std::env::var(name).ok());
    path.unwrap_or_else(|| built().to_owned())
}

/// Path of the program that `make build` makes, which carries the page.
pub fn built() -> &'static str {
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/ws-echo")
}

/// Command of the program with these arguments. Settings in the developer's own environment are removed.
pub fn ws_echo(arguments: &[&str]) -> Command {
    let mut command = Command::new(path());
    command.args(arguments);
    prepare(&mut command);
    command
}

/// Command that starts the program through another one, such as `unshare --net --`.
pub fn ws_echo_under(runner: &[&str], arguments: &[&str]) -> Command {
    let mut command = Command::new(runner[0]);
    command.args(&runner[1..]).arg(path()).args(arguments);
    prepare(&mut command);
    command
}

/// Command of the program with a limit of open files.
pub fn ws_echo_with_files(most: usize, arguments: &[&str]) -> Command {
    ws_echo_under(&["sh", "-c", &format!("ulimit -n {most} && exec \"$@\""), "sh"], arguments)
}

fn prepare(command: &mut Command) {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("WS_ECHO_") {
            command.env_remove(name);
        }
    }
    command.env_remove("RUST_LOG");
}

/// Runs a command to its end. Returns the exit code, stdout and stderr.
pub async fn finish(mut command: Command) -> (Option<i32>, String, String) {
    let output = timeout(PATIENCE, command.output()).await.expect("the program ends").unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// A running program.
pub struct Running {
    pub child: Child,
    /// Unbounded: a full pipe would stop the program.
    log: UnboundedReceiver<String>,
}

impl Running {
    pub fn start(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let (sender, log) = unbounded_channel();
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                let _ = sender.send(line);
            }
        });
        Self { child, log }
    }

    /// Waits for the next line of the log that contains `text`.
    pub async fn line(&mut self, text: &str) -> String {
        self.line_within(PATIENCE, text).await
    }

    /// Waits at most `patience` for the next line of the log that contains `text`.
    pub async fn line_within(&mut self, patience: Duration, text: &str) -> String {
        let wanted = async {
            loop {
                let line = self.log.recv().await.expect("the log goes on");
                if line.contains(text) {
                    return line;
                }
            }
        };
        timeout(patience, wanted).await.unwrap_or_else(|_| panic!("a line with {text:?} within {patience:?}"))
    }

    /// Waits for the start. Returns the port.
    pub async fn port(&mut self) -> u16 {
        let line = self.line("Service started on").await;
        line.split("Service started on ").nth(1).unwrap().split(['"', ' ']).next().unwrap().parse().unwrap()
    }

    /// Waits for the start. Returns the address on the loopback interface.
    pub async fn address(&mut self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.port().await))
    }

    /// Waits until a first connection has come and gone, so that files that are opened once are open. Returns the address.
    pub async fn warm_address(&mut self) -> SocketAddr {
        let address = self.address().await;
        let first = Raw::upgraded(address).await;
        #[cfg(target_os = "linux")]
        let files = self.open_files();
        drop(first);
        self.line("Disconnect.").await;
        #[cfg(target_os = "linux")]
        self.until_files(files - 1).await;
        address
    }

    pub fn pid(&self) -> u32 {
        self.child.id().unwrap()
    }

    pub async fn signal(&self, name: &str) {
        let pid = self.pid().to_string();
        assert!(Command::new("kill").args(["-s", name, &pid]).status().await.unwrap().success());
    }

    /// Ends the program with SIGTERM and expects success. Returns the rest of its log.
    pub async fn stop(mut self) -> Vec<String> {
        self.signal("TERM").await;
        let (status, rest) = timeout(PATIENCE, self.ended()).await.expect("the program ends");
        assert!(status.success(), "{status}");
        rest
    }

    /// Waits for the end of the program. Returns its status and the rest of its log.
    pub async fn ended(&mut self) -> (ExitStatus, Vec<String>) {
        let status = self.child.wait().await.unwrap();
        let mut rest = Vec::new();
        while let Some(line) = self.log.recv().await {
            rest.push(line);
        }
        (status, rest)
    }
}
