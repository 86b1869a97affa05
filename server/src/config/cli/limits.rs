//! Flags of the limits.

use bytesize::ByteSize;
use clap::Args;
use ws_echo_shared::limits;

use super::values;

#[derive(Debug, Clone, Copy, Args)]
#[command(next_help_heading = "Limits")]
pub struct LimitFlags {
    /// Limit on the length of a message, such as 1MiB; a longer one closes the connection with 1009.
    #[arg(long, value_name = "SIZE", env = "WS_ECHO_MAX_MESSAGE", default_value = "64MiB", value_parser = values::size)]
    pub max_message: ByteSize,

    /// Limit on the frames of a message, empty ones included; one more closes the connection with 1008.
    #[arg(long, value_name = "COUNT", env = "WS_ECHO_MAX_FRAMES", default_value_t = limits::DEFAULT_FRAMES_PER_MESSAGE, value_parser = clap::value_parser!(u32).range(1..))]
    pub max_frames: u32,

    /// Limit on open WebSocket connections; one more is answered with 503. 0 is no limit.
    #[arg(long, value_name = "COUNT", env = "WS_ECHO_MAX_CONNECTIONS", default_value_t = limits::CONNECTIONS)]
    pub max_connections: usize,

    /// Limit on open WebSocket connections of one client address; one more is answered with 429. An IPv6 client is its /64
    /// network. 0 is no limit.
    #[arg(long, value_name = "COUNT", env = "WS_ECHO_MAX_CONNECTIONS_PER_ADDRESS", default_value_t = 0)]
    pub max_connections_per_address: usize,

    /// Limit on open HTTP connections that are no WebSockets yet; one more closes the one that has waited longest for its client.
    /// 0 is no limit.
    #[arg(long, value_name = "COUNT", env = "WS_ECHO_MAX_HTTP_CONNECTIONS", default_value_t = limits::HTTP_CONNECTIONS)]
    pub max_http_connections: usize,

    /// The same limit for one client address, which behind a proxy is the proxy's. 0 is no limit.
    #[arg(long, value_name = "COUNT", env = "WS_ECHO_MAX_HTTP_CONNECTIONS_PER_ADDRESS", default_value_t = 0)]
    pub max_http_connections_per_address: usize,

    /// Limit on the open streams of an HTTP/2 connection, at most 8000; one more is refused with REFUSED_STREAM.
    #[arg(long, value_name = "COUNT", env = "WS_ECHO_MAX_HTTP2_STREAMS", default_value_t = limits::HTTP2_STREAMS, value_parser = clap::value_parser!(u32).range(1..=8000))]
    pub max_http2_streams: u32,

    /// Limit on the memory of all clients together; a WebSocket connection that needs more is closed with 1013, and a long head
    /// of a request is answered with 503.
    #[arg(long, value_name = "SIZE", env = "WS_ECHO_MAX_HELD", default_value = "256MiB", value_parser = values::memory)]
    pub max_held: ByteSize,

    /// Limit on the head of a request, at most 64KiB; a longer one is answered with 431.
    #[arg(long, value_name = "SIZE", env = "WS_ECHO_MAX_HEAD", default_value = "64KiB", value_parser = values::head)]
    pub max_head: ByteSize,
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::Cli;

    #[test]
    fn the_defaults_are_those_of_the_shared_crate() {
        let flags = Cli::parse_from(["ws-echo"]).limits;
        assert_eq!(flags.max_message.as_u64(), limits::DEFAULT_MESSAGE_BYTES);
        assert_eq!(flags.max_held.as_u64(), limits::HELD_BYTES as u64);
        assert_eq!(flags.max_head.as_u64(), limits::HEAD_BYTES as u64);
    }
}
