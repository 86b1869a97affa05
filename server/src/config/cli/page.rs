//! Flags of the page.

use clap::Args;

use crate::config::{base_path::BasePath, connect_src::ConnectSource};

#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "The page")]
pub struct PageFlags {
    /// Path under which everything is served, such as /tools/echo, for a proxy that forwards only that path and does not strip
    /// it. /healthz and /readyz are at the root as well.
    #[arg(long, value_name = "PATH", env = "WS_ECHO_BASE_PATH", default_value = "/")]
    pub base_path: BasePath,

    /// The only WebSocket servers besides this one that the page may connect to, such as wss://echo.example.com; may be given
    /// several times. ws: and wss: are all servers of that scheme.
    #[arg(
        long,
        value_name = "SOURCE",
        env = "WS_ECHO_CONNECT_SRC",
        value_delimiter = ',',
        default_value = "ws:,wss:"
    )]
    pub connect_src: Vec<ConnectSource>,
}
