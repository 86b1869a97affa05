//! A real proxy with its configuration from `deploy/`, for one test.

use std::{
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::process::Command;
use ws_echo_test_support::{
    program::{PATIENCE, Running},
    tls_client::Identity,
};

use crate::replicas::{Replica, own_address};

/// Proxies that each claim about proxies is tested with.
pub const KINDS: [Kind; 2] = [Kind::HaProxy, Kind::Nginx];

/// The same, and those that speak HTTP/2 to the server, for claims about the messages and ends of a connection.
pub const TRANSPORTS: [Kind; 4] = [Kind::HaProxy, Kind::Nginx, Kind::HaProxyHttp2, Kind::Nghttpx];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    HaProxy,
    Nginx,
    /// HAProxy with `proto h2 ws h2` for its servers: each WebSocket is a stream of HTTP/2 (RFC 8441).
    HaProxyHttp2,
    /// nghttpx with `proto=h2` for its backends, which does the same.
    Nghttpx,
    /// HAProxy with TLS, which offers HTTP/2 to clients and speaks HTTP/1.1 to its servers.
    HaProxyAlpn,
    /// HAProxy with TLS, and HTTP/2 on both sides.
    HaProxyAlpnHttp2,
}

pub struct Proxy {
    pub kind: Kind,
    pub address: SocketAddr,
    running: Running,
    _folder: TempDir,
}

impl Proxy {
    /// Starts a proxy in front of these replicas.
    pub async fn start(kind: Kind, replicas: &[Replica; 2]) -> Self {
        Self::with_silence(kind, replicas, None).await
    }

    /// Starts a proxy with the time-out `silence` for WebSocket connections, or with the one of its configuration.
    pub async fn with_silence(kind: Kind, replicas: &[Replica; 2], silence: Option<&str>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let listen = own_address();
        let address = TcpListener::bind((listen, 0)).unwrap().local_addr().unwrap();
        let mut command = match kind {
            Kind::HaProxy => haproxy(&deploy("haproxy.cfg"), address, replicas, silence),
            Kind::HaProxyHttp2 | Kind::HaProxyAlpn | Kind::HaProxyAlpnHttp2 => {
                haproxy(&haproxy_http2(folder.path(), kind), address, replicas, silence)
            }
            Kind::Nghttpx => nghttpx(address, replicas),
            Kind::Nginx => nginx(folder.path(), address, replicas, silence),
        };
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut running = Running::start(command);
        let started = Instant::now();
        while !is_ready(kind, address).await {
            assert!(started.elapsed() < PATIENCE, "{kind:?} has not started");
            if let Some(status) = running.child.try_wait().unwrap() {
                panic!("{kind:?} has ended with {status}: {}", running.line("").await);
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Self { kind, address, running, _folder: folder }
    }

    /// Waits until the proxy's health checks have found that this replica takes no new connections.
    pub async fn until_down(&mut self, number: usize) {
        if self.kind == Kind::HaProxy {
            self.running.line(&format!("Server replicas/replica{number} is DOWN")).await;
        }
    }

    /// Waits until the health checks have found this replica ready again.
    pub async fn until_up(&mut self, number: usize) {
        if self.kind == Kind::HaProxy {
            self.running.line(&format!("Server replicas/replica{number} is UP")).await;
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // A signal lets nginx end its worker processes.
        if let Some(pid) = self.running.child.id().and_then(|pid| Pid::from_raw(pid.cast_signed())) {
            let _ = kill_process(pid, Signal::TERM);
        }
        let asked = Instant::now();
        while matches!(self.running.child.try_wait(), Ok(None)) && asked.elapsed() < PATIENCE {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

fn deploy(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy").join(file)
}

/// True if the proxy serves requests. With TLS, it is enough that it listens: the replicas were ready before.
async fn is_ready(kind: Kind, address: SocketAddr) -> bool {
    if matches!(kind, Kind::HaProxyAlpn | Kind::HaProxyAlpnHttp2) {
        return tokio::net::TcpStream::connect(address).await.is_ok();
    }
    reqwest::get(format!("http://{address}/readyz")).await.is_ok_and(|response| response.status() == 200)
}

/// Returns a command that ends with the test, even if the test is killed.
fn bound_to_test(program: &str) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "TERM", "--", program]);
    command
}

/// Writes a configuration of HAProxy with HTTP/2 to the servers, to the clients, or to both, as `docs/http2.md` shows it.
fn haproxy_http2(folder: &Path, kind: Kind) -> PathBuf {
    let mut text = std::fs::read_to_string(deploy("haproxy.cfg")).unwrap();
    let mut change = |old: &str, new: &str| {
        assert_eq!(text.matches(old).count(), 1, "{old:?} in haproxy.cfg");
        text = text.replace(old, new);
    };
    if kind != Kind::HaProxyAlpn {
        change("default-server ", "default-server proto h2 ws h2 ");
    }
    if kind != Kind::HaProxyHttp2 {
        let identity = Identity::new();
        let read = |path: &Path| std::fs::read_to_string(path).unwrap();
        let file = folder.join("certificate.pem");
        std::fs::write(&file, read(&identity.chain) + &read(&identity.key)).unwrap();
        let bind = "bind \"${WS_ECHO_BIND-:8080}\"";
        change(bind, &format!("{bind} ssl crt {} alpn h2,http/1.1", file.display()));
    }
    let file = folder.join("haproxy.cfg");
    std::fs::write(&file, text).unwrap();
    file
}

fn nghttpx(address: SocketAddr, replicas: &[Replica; 2]) -> Command {
    let mut command = bound_to_test("nghttpx");
    command.arg(format!("--frontend={},{};no-tls", address.ip(), address.port()));
    for replica in replicas {
        let (ip, port) = (replica.address.ip(), replica.address.port());
        command.arg(format!("--backend={ip},{port};/;proto=h2"));
    }
    // The client's address is passed on, and none that it claims.
    command.args(["--add-x-forwarded-for", "--strip-incoming-x-forwarded-for", "--strip-incoming-forwarded"]);
    command.args(["--conf=/dev/null", "--workers=1", "--log-level=WARN"]);
    command
}

fn haproxy(file: &Path, address: SocketAddr, replicas: &[Replica; 2], silence: Option<&str>) -> Command {
    let mut command = bound_to_test("haproxy");
    command.args(["-db", "-f"]).arg(file);
    command.env("WS_ECHO_BIND", address.to_string());
    command.env("WS_ECHO_REPLICA_1", replicas[0].address.to_string());
    command.env("WS_ECHO_REPLICA_2", replicas[1].address.to_string());
    if let Some(silence) = silence {
        command.env("WS_ECHO_TUNNEL_TIMEOUT", silence);
    }
    command
}

/// nginx reads no variables, so a copy of the file gets the addresses and paths of the test.
fn nginx(folder: &Path, address: SocketAddr, replicas: &[Replica; 2], silence: Option<&str>) -> Command {
    let path = |name: &str| folder.join(name).display().to_string();
    let mut own = vec![
        ("listen 8080;".to_owned(), format!("listen {address};")),
        ("pid /run/nginx.pid;".into(), format!("pid {};", path("pid"))),
        ("access_log /dev/stdout;".into(), "access_log off;".into()),
        ("127.0.0.1:8081".into(), replicas[0].address.to_string()),
        ("127.0.0.1:8082".into(), replicas[1].address.to_string()),
    ];
    // The default folders of Debian belong to root.
    let places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|name| format!("{name}_temp_path {};", path(name)));
    own.push(("http {".into(), format!("http {{ {}", places.join(" "))));
    if let Some(silence) = silence {
        own.push(("proxy_read_timeout 60s;".into(), format!("proxy_read_timeout {silence};")));
    }
    let mut text = std::fs::read_to_string(deploy("nginx.conf")).unwrap();
    for (old, new) in own {
        assert_eq!(text.matches(&old).count(), 1, "{old:?} in nginx.conf");
        text = text.replace(&old, &new);
    }
    let file = folder.join("nginx.conf");
    std::fs::write(&file, text).unwrap();
    let mut command = bound_to_test("nginx");
    command.args(["-g", "daemon off;", "-c"]).arg(file);
    command
}
