//! The page.

use clap::Args;

use crate::policy::connect_src::ConnectSource;

/// What the page is held to, each with a flag and a variable.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "The page")]
pub struct PageFlags {
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
