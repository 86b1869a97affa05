//! Commands that run instead of the server.

mod health;

use std::{
    io::{self, Write as _},
    net::SocketAddr,
};

use clap::CommandFactory as _;

use crate::config::cli::{Cli, Command};

/// Reasons for which a command fails.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The server cannot be reached, or does not answer.
    #[error("no answer from {address}")]
    NoAnswer {
        /// The address that was asked.
        address: SocketAddr,
        source: io::Error,
    },
    /// The server answered with another status than 200.
    #[error("{address} answered {status:?}")]
    Unhealthy {
        /// The address that was asked.
        address: SocketAddr,
        /// The first line of the answer.
        status: String,
    },
    /// Stdout cannot be written.
    #[error("cannot write to stdout")]
    Output(#[from] io::Error),
}

/// Runs a command.
///
/// # Errors
/// The server does not answer with 200, or stdout cannot be written.
pub fn run(command: Command) -> Result<(), CommandError> {
    match command {
        Command::Health(flags) => health::ask(&flags),
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
