//! Flags of the lab.

use std::time::Duration;

use clap::Args;

use super::values::time;

#[derive(Debug, Clone, Copy, Args)]
#[command(next_help_heading = "The lab")]
pub struct LabFlags {
    /// Serve no scenarios below /lab and no taps.
    #[arg(long, env = "WS_ECHO_NO_LAB")]
    pub no_lab: bool,

    /// Longest time of a connection of the lab; then it is closed with 1001.
    #[arg(long, value_name = "TIME", env = "WS_ECHO_LAB_LIFETIME", default_value = "15m", value_parser = time)]
    pub lab_lifetime: Duration,

    /// Show cookies and credentials of a request in /lab/inspect and in taps, to the client that sent them.
    #[arg(long, env = "WS_ECHO_LAB_SHOW_SECRETS")]
    pub lab_show_secrets: bool,
}
