//! The implementation of the echo.

use clap::ValueEnum;

/// The values of `--engine`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Engine {
    /// The server's own engine.
    Native,
    /// actix-ws, as a reference to compare with.
    ActixWs,
}

impl Engine {
    /// Returns the value of the flag.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::ActixWs => "actix-ws",
        }
    }
}
