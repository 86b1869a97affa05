//! What the program does instead of serving.

mod health;

use std::{
    io::{self, Write as _},
    net::SocketAddr,
};

use clap::CommandFactory as _;

use crate::config::cli::{Cli, Command};

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
