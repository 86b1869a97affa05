//! How long a client may take for what.

use std::time::Duration;

/// The time limits of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// A client that sends nothing for as long is sent a ping. Common proxies cut after 60 s.
    pub idle: Duration,
    /// And one that does not answer it for as long is dropped.
    pub pong: Duration,
    /// A client that takes nothing of its answers for as long is dropped.
    pub write_stall: Duration,
    /// A client that takes nothing of its answers for as long within a message may be one that sends all of it before it reads:
    /// the rest of the message is read.
    pub reads_first: Duration,
    /// A closing handshake, from the first Close frame to the end of the TCP connection.
    pub close: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            idle: Duration::from_secs(20),
            pong: Duration::from_secs(20),
            write_stall: Duration::from_secs(30),
            reads_first: Duration::from_millis(500),
            close: Duration::from_secs(5),
        }
    }
}

/// How long an HTTP client may take for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HttpTimeouts {
    /// The head of a request.
    pub head: Duration,
    /// No request on a connection.
    pub keep_alive: Duration,
    /// A client that takes nothing of its answer for as long is dropped.
    pub write: Duration,
}

/// How the server takes leave of its clients when it stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drain {
    /// How long it goes on, not ready any more.
    pub wait: Duration,
    /// Over how long it closes the connections then.
    pub spread: Duration,
    /// How long that and the last closing handshake may take together.
    pub timeout: Duration,
}
