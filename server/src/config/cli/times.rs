//! How long a client may take for what, and how long the server takes to stop.

use std::time::Duration;

use clap::Args;

use super::values::{pause, time};

/// The time limits, each with a flag and a variable.
#[derive(Debug, Clone, Copy, Args)]
#[command(next_help_heading = "Time limits (with a unit: 500ms, 20s, 2m)")]
pub struct TimeFlags {
    /// How long the head of a request may take; after that it is answered with 408.
    #[arg(long, value_name = "TIME", env = "WS_ECHO_HEAD_TIMEOUT", default_value = "5s", value_parser = time)]
    pub head_timeout: Duration,

    /// How long an HTTP connection is kept without a request.
    #[arg(long, value_name = "TIME", env = "WS_ECHO_KEEP_ALIVE", default_value = "5s", value_parser = time)]
    pub keep_alive: Duration,

    /// A WebSocket client that sends nothing for as long is sent a ping. Common proxies cut a silent connection after 60s.
    #[arg(long, value_name = "TIME", env = "WS_ECHO_PING_AFTER", default_value = "20s", value_parser = time)]
    pub ping_after: Duration,

    /// And one that sends nothing for as long after the ping is dropped.
    #[arg(long, value_name = "TIME", env = "WS_ECHO_PONG_TIMEOUT", default_value = "20s", value_parser = time)]
    pub pong_timeout: Duration,

    /// A client that reads nothing of its answers for as long is dropped.
    #[arg(long, value_name = "TIME", env = "WS_ECHO_WRITE_TIMEOUT", default_value = "30s", value_parser = time)]
    pub write_timeout: Duration,

    /// How long a closing handshake may take.
    #[arg(long, value_name = "TIME", env = "WS_ECHO_CLOSE_TIMEOUT", default_value = "5s", value_parser = time)]
    pub close_timeout: Duration,

    /// How long the server goes on echoing after SIGTERM, not ready any more, so that a load balancer can notice.
    #[arg(long, value_name = "TIME", env = "WS_ECHO_DRAIN_WAIT", default_value = "0s", value_parser = pause)]
    pub drain_wait: Duration,

    /// Over how long the connections are closed with 1001 then, so that not all clients connect elsewhere at once.
    #[arg(long, value_name = "TIME", env = "WS_ECHO_DRAIN_SPREAD", default_value = "1s", value_parser = pause)]
    pub drain_spread: Duration,

    /// How long that and the last closing handshake may take together; what is left is dropped, and the exit code is 3.
    #[arg(long, value_name = "TIME", env = "WS_ECHO_DRAIN_TIMEOUT", default_value = "9s", value_parser = time)]
    pub drain_timeout: Duration,
}
