//! The page.

use clap::Args;

use crate::config::{base_path::BasePath, connect_src::ConnectSource};

/// What the page is held to, each with a flag and a variable.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "The page")]
pub struct PageFlags {
    /// Below which path everything is served, such as /tools/echo, for a proxy that passes only that on and does not take it away.
    /// /healthz and /readyz are at the root as well.
    #[arg(long, value_name = "PATH", env = "WS_ECHO_BASE_PATH", default_value = "/")]
    pub base_path: BasePath,

    /// The only WebSocket servers beside this one that the page may connect to, such as wss://echo.example.com; may be given several
    /// times. ws: and wss: stand for all servers of that scheme.
    #[arg(
        long,
        value_name = "SOURCE",
        env = "WS_ECHO_CONNECT_SRC",
        value_delimiter = ',',
        default_value = "ws:,wss:"
    )]
    pub connect_src: Vec<ConnectSource>,
}
