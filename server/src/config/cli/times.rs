//! Flags of the time limits and of the shutdown.

use std::time::Duration;

use clap::Args;

use super::values::{pause, time};

#[derive(Debug, Clone, Copy, Args)]
#[command(next_help_heading = "Time limits (with a unit: 500ms, 20s, 2m)")]
pub struct TimeFlags {
    /// Time limit for the head of a request; after it, the answer is 408.
    #[arg(long, value_name = "TIME", env = "WS_ECHO_HEAD_TIMEOUT", default_value = "5s", value_parser = time)]
    pub head_timeout: Duration,

    /// Time that an HTTP connection is kept open without a request.
    #[arg(long, value_name = "TIME", env = "WS_ECHO_KEEP_ALIVE", default_value = "5s", value_parser = time)]
    pub keep_alive: Duration,

    /// Silence of a WebSocket client after which it is sent a ping. Common proxies close a silent connection after 60s.
    #[arg(long, value_name = "TIME", env = "WS_ECHO_PING_AFTER", default_value = "20s", value_parser = time)]
    pub ping_after: Duration,

    /// Further silence after which the client is dropped.
    #[arg(long, value_name = "TIME", env = "WS_ECHO_PONG_TIMEOUT", default_value = "20s", value_parser = time)]
    pub pong_timeout: Duration,

    /// Time without reading any answer after which a client is dropped.
    #[arg(long, value_name = "TIME", env = "WS_ECHO_WRITE_TIMEOUT", default_value = "30s", value_parser = time)]
    pub write_timeout: Duration,

    /// Time limit for a closing handshake.
    #[arg(long, value_name = "TIME", env = "WS_ECHO_CLOSE_TIMEOUT", default_value = "5s", value_parser = time)]
    pub close_timeout: Duration,

    /// Time after SIGTERM in which the server still echoes but is not ready, so that a load balancer can notice.
    #[arg(long, value_name = "TIME", env = "WS_ECHO_DRAIN_WAIT", default_value = "0s", value_parser = pause)]
    pub drain_wait: Duration,

    /// Time over which the connections are then closed with 1001, so that not all clients reconnect at once.
    #[arg(long, value_name = "TIME", env = "WS_ECHO_DRAIN_SPREAD", default_value = "1s", value_parser = pause)]
    pub drain_spread: Duration,

    /// Time limit for closing all connections; those that are left are dropped, and the exit code is 3.
    #[arg(long, value_name = "TIME", env = "WS_ECHO_DRAIN_TIMEOUT", default_value = "9s", value_parser = time)]
    pub drain_timeout: Duration,
}
