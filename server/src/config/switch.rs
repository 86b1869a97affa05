//! A part of the server that is on or off.

use clap::ValueEnum;

/// The values of a flag for such a part. YAML reads `on` and `off` as booleans, and a chart writes them as such.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// In use.
    #[value(alias = "true")]
    On,
    /// Not in use.
    #[value(alias = "false")]
    Off,
}
