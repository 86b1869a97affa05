//! Errors of the start.

use std::{io, net::SocketAddr, path::PathBuf};

use crate::tls::acceptor::TlsError;

/// Reasons for which the server does not start. Each text names a remedy.
#[derive(Debug, thiserror::Error)]
pub enum StartupError {
    /// A listening socket cannot be bound.
    #[error("cannot listen on {address}: {advice} with {flag}")]
    Listen { address: SocketAddr, flag: &'static str, advice: &'static str, source: io::Error },
    /// The process may not open enough files for its own threads.
    #[error(
        "the limit of open files is {limit}, and {workers} workers need {needed} before the first connection; raise it with 'ulimit -n'"
    )]
    OpenFiles {
        limit: u64,
        /// The number that the threads need.
        needed: u64,
        workers: usize,
    },
    /// The threads of the event loops or the HTTP server cannot be started.
    #[error("cannot start the server's threads")]
    Threads(#[source] io::Error),
    /// TLS cannot be set up.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The folder of the page exists, and cannot be read.
    #[error("cannot read the folder {path:?}; name the folder of the page with --dist")]
    Dist { path: PathBuf, source: io::Error },
}
