//! The settings of the lab.

use std::time::Duration;

/// The settings of the lab.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LabSettings {
    /// Longest time of a connection of the lab.
    pub lifetime: Duration,
    /// True shows cookies and credentials of a request to the client that sent them.
    pub show_secrets: bool,
}
