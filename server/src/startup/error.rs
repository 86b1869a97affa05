//! Reasons for which the server does not start.

use std::{io, net::SocketAddr, path::PathBuf};

use crate::tls::acceptor::TlsError;

/// Why the server did not start. Each text says what the reader can do.
#[derive(Debug, thiserror::Error)]
pub enum StartupError {
    /// A listening socket cannot be bound.
    #[error("cannot listen on {address}: {advice} with {flag}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The flag that asks for it.
        flag: &'static str,
        /// The remedy.
        advice: &'static str,
        /// The system's reason.
        source: io::Error,
    },
    /// The process may not open enough files for its own threads.
    #[error(
        "the limit of open files is {limit}, and {workers} workers need {needed} before the first connection; raise it with 'ulimit -n'"
    )]
    OpenFiles {
        /// The limit of the process.
        limit: u64,
        /// The number that the threads need.
        needed: u64,
        /// The number of workers.
        workers: usize,
    },
    /// The threads of the event loops or the HTTP server cannot be started.
    #[error("cannot start the server's threads")]
    Threads(#[source] io::Error),
    /// TLS cannot be set up.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// `--dist` names something that is there but cannot be served.
    #[error("cannot read the folder {path:?} that --dist names")]
    Dist {
        /// The folder.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
}
