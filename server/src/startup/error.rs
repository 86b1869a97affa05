//! Reasons for which the server does not start.

use std::{io, net::SocketAddr, path::PathBuf};

use crate::tls::acceptor::TlsError;

/// Why the server did not start. Each says what the reader can do.
#[derive(Debug, thiserror::Error)]
pub enum StartupError {
    /// The listening socket could not be had.
    #[error("cannot listen on {address}: {advice} with {flag}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Who wants it.
        flag: &'static str,
        /// What to do about it.
        advice: &'static str,
        /// The system's reason.
        source: io::Error,
    },
    /// The process may not open enough files for its own threads.
    #[error(
        "the limit of open files is {limit}, and {workers} workers need {needed} before the first connection; raise it with 'ulimit -n'"
    )]
    OpenFiles {
        /// What the process may open.
        limit: u64,
        /// What it needs.
        needed: u64,
        /// How many workers were asked for.
        workers: usize,
    },
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
