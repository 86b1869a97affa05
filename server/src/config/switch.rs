//! A part of the server that is on or off.

use clap::ValueEnum;

/// The values of a flag for such a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// In use.
    On,
    /// Not in use.
    Off,
}
