//! Load generator for an echo server on loopback. It prints the measured figures as one line of JSON.

mod big;
mod certificate;
mod check;
mod connect;
mod deflate;
mod echo;
mod frame;
mod http2;
mod idle;
mod measure;
mod pattern;
mod payload;
mod process;
mod sender;

use std::{net::SocketAddr, path::PathBuf, process::ExitCode, time::Duration};

use anyhow::{Result, ensure};
use bench_tls::config::Client;
use clap::{Args, Parser, Subcommand};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::Value;

use connect::Target;

/// Loads an echo server and measures it. Compares every received byte with the sent one.
#[derive(Debug, Parser)]
struct Cli {
    #[command(subcommand)]
    mode: Mode,
}

#[derive(Debug, Subcommand)]
enum Mode {
    /// Measures messages a second, latency, and the server's processor time for each message.
    Echo {
        #[command(flatten)]
        server: Server,
        #[arg(long, value_enum, default_value = "binary")]
        kind: echo::Kind,
        #[arg(long, default_value_t = 64)]
        connections: usize,
        #[command(flatten)]
        messages: Messages,
        /// Number of messages after which the run ends early.
        #[arg(long, default_value_t = u64::MAX)]
        count: u64,
    },
    /// The same on streams of HTTP/2.
    Http2 {
        #[command(flatten)]
        server: Server,
        #[arg(long, default_value_t = 1)]
        connections: usize,
        /// Streams on each connection.
        #[arg(long, default_value_t = 64)]
        streams: usize,
        #[command(flatten)]
        messages: Messages,
    },
    /// Measures the server's memory for each open and silent connection.
    Idle {
        #[command(flatten)]
        server: Server,
        #[arg(long, default_value_t = 10_000)]
        connections: usize,
    },
    /// Makes a certificate and its key for servers with TLS.
    Certificate {
        /// Existing folder, which gets the files chain.pem and key.pem.
        folder: PathBuf,
    },
    /// Measures the growth of the server's memory while one large binary message is streamed.
    Big {
        #[command(flatten)]
        server: Server,
        #[arg(long, default_value_t = 1 << 30)]
        bytes: u64,
    },
}

/// The messages of a load, and its time.
#[derive(Debug, Args)]
struct Messages {
    /// Payload of each message, in bytes.
    #[arg(long, default_value_t = 64)]
    bytes: u64,
    /// Limit of messages on each connection or stream whose echo is not complete.
    #[arg(long, default_value_t = 1)]
    in_flight: usize,
    /// Seconds before the measurement starts.
    #[arg(long, default_value_t = 0.3)]
    warm_up: f64,
    #[arg(long, default_value_t = 1.0)]
    seconds: f64,
}

#[derive(Debug, Args)]
struct Server {
    /// ADDRESS:PORT
    address: SocketAddr,
    /// Process id of the server.
    #[arg(long)]
    pid: u32,
    #[arg(long, default_value = "/echo")]
    path: String,
    /// Expects a server that echoes bytes, without WebSocket.
    #[arg(long)]
    raw: bool,
    /// Speaks TLS 1.3 with AES-128-GCM, and trusts this certificate.
    #[arg(long, value_name = "FILE")]
    tls: Option<PathBuf>,
}

/// The names of the protocols in ALPN (RFC 7301).
const HTTP_1_1: &str = "http/1.1";
const HTTP_2: &str = "h2";

impl Server {
    /// Returns the target, which is offered `protocol` by ALPN if it speaks TLS.
    fn target(&self, protocol: &str) -> Result<Target> {
        let tls =
            self.tls.as_deref().map(|certificate| Client::trusting(certificate, protocol)).transpose()?;
        Ok(Target { address: self.address, path: self.path.clone(), raw: self.raw, tls })
    }
}

fn main() -> ExitCode {
    match measure(Cli::parse().mode) {
        Ok(report) => {
            println!("{report}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn measure(mode: Mode) -> Result<Value> {
    raise_open_files()?;
    match mode {
        Mode::Echo { server, kind, connections, messages, count } => {
            let Messages { bytes, in_flight, warm_up, seconds } = messages;
            ensure!(connections > 0 && in_flight > 0, "there is nothing to do");
            ensure!(kind != echo::Kind::Deflate || !server.raw, "raw TCP has no compression");
            let short = 64..=pattern::BLOCK as u64;
            ensure!(
                kind != echo::Kind::Deflate || short.contains(&bytes),
                "a JSON text has {short:?} bytes here"
            );
            echo::run(&echo::Plan {
                target: server.target(HTTP_1_1)?,
                kind,
                connections,
                bytes,
                in_flight,
                warm_up: Duration::try_from_secs_f64(warm_up)?,
                duration: Duration::try_from_secs_f64(seconds)?,
                count,
                pid: server.pid,
            })
        }
        Mode::Http2 { server, connections, streams, messages } => {
            let Messages { bytes, in_flight, warm_up, seconds } = messages;
            ensure!(connections > 0 && streams > 0 && in_flight > 0, "there is nothing to do");
            http2::run(&http2::Plan {
                target: server.target(HTTP_2)?,
                connections,
                streams,
                bytes,
                in_flight,
                warm_up: Duration::try_from_secs_f64(warm_up)?,
                duration: Duration::try_from_secs_f64(seconds)?,
                pid: server.pid,
            })
        }
        Mode::Idle { server, connections } => idle::run(&server.target(HTTP_1_1)?, connections, server.pid),
        Mode::Certificate { folder } => certificate::write(&folder),
        Mode::Big { server, bytes } => big::run(server.target(HTTP_1_1)?, bytes, server.pid),
    }
}

/// Raises the limit of open files to its maximum, because each connection is an open file.
fn raise_open_files() -> Result<()> {
    let limit = getrlimit(Resource::Nofile);
    Ok(setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum })?)
}
