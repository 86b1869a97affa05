//! Time limits of connections, and the times of the shutdown.

use std::time::Duration;

/// Time limits of a WebSocket connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Time without data from a client after which it is sent a ping. Common proxies close a silent connection after 60 s.
    pub idle: Duration,
    /// Time without data after the ping, after which the client is dropped.
    pub pong: Duration,
    /// Time in which a client reads none of its answers, after which it is dropped.
    pub write_stall: Duration,
    /// Time in which a client reads none of its answers within a message, after which the rest of that message is read ahead: the
    /// client may be one that sends all of a message before it reads.
    pub reads_first: Duration,
    /// Time limit of a closing handshake, from the first Close frame to the end of the TCP connection.
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

/// Time limits of an HTTP connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HttpTimeouts {
    /// Time limit for the head of a request, and for a TLS handshake.
    pub head: Duration,
    /// Time without a request after which a connection is closed.
    pub keep_alive: Duration,
    /// Time in which a client reads nothing of its response, after which it is dropped.
    pub write: Duration,
}

/// Times of the shutdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drain {
    /// Time in which the server goes on echoing, but is not ready any more.
    pub wait: Duration,
    /// Time over which the Close frames are spread then.
    pub spread: Duration,
    /// Time limit for the Close frames and all closing handshakes together.
    pub timeout: Duration,
}
