//! What the program does instead of serving.

use std::{
    io::{self, Read as _, Write as _},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream},
};

use clap::CommandFactory as _;
use ws_echo_shared::paths;

use crate::cli::{Cli, Command, HealthFlags};

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The server cannot be reached, or does not answer.
    #[error("no answer from {address}")]
    NoAnswer {
        /// Where it was looked for.
        address: SocketAddr,
        /// The system's reason.
        source: io::Error,
    },
    /// The server answered that it is not well.
    #[error("{address} answered {status:?}")]
    NotWell {
        /// Where it listens.
        address: SocketAddr,
        /// The first line of its answer.
        status: String,
    },
    /// Nobody takes what is written.
    #[error("cannot write to stdout")]
    Output(#[from] io::Error),
}

/// Does what was asked for.
///
/// # Errors
/// When the server is not well, or stdout is closed.
pub fn run(command: Command) -> Result<(), CommandError> {
    match command {
        Command::Health(flags) => health(&flags),
        Command::Completions { shell } => {
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "ws-echo", &mut text);
            Ok(io::stdout().write_all(&text)?)
        }
        Command::Man => {
            let mut text = Vec::new();
            clap_mangen::Man::new(Cli::command()).render(&mut text)?;
            Ok(io::stdout().write_all(&text)?)
        }
    }
}

fn health(flags: &HealthFlags) -> Result<(), CommandError> {
    // clap has a default.
    let Some(&listen) = flags.listen.first() else { return Ok(()) };
    let address = reachable(listen);
    let path = if flags.ready { paths::READY } else { paths::HEALTH };
    let status = ask(address, path, flags).map_err(|source| CommandError::NoAnswer { address, source })?;
    if status.split(' ').nth(1) == Some("200") {
        Ok(())
    } else {
        Err(CommandError::NotWell { address, status })
    }
}

/// The first line of the answer.
fn ask(address: SocketAddr, path: &str, flags: &HealthFlags) -> io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, flags.timeout)?;
    stream.set_read_timeout(Some(flags.timeout))?;
    stream.set_write_timeout(Some(flags.timeout))?;
    stream.write_all(
        format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").as_bytes(),
    )?;
    // More than any answer to this has.
    const MOST: u64 = 4096;
    let mut answer = Vec::new();
    stream.take(MOST).read_to_end(&mut answer)?;
    let line = answer.split(|byte| *byte == b'\r').next().unwrap_or_default();
    Ok(String::from_utf8_lossy(line).into_owned())
}

/// An address that this machine reaches a listener at.
pub(crate) fn reachable(mut listen: SocketAddr) -> SocketAddr {
    match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => listen.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => listen.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    listen
}
