//! The implementation of the echo.

use clap::ValueEnum;

/// What echoes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Engine {
    /// The server's own engine.
    Native,
    /// actix-ws, to compare with.
    ActixWs,
}

impl Engine {
    /// What the flag takes.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::ActixWs => "actix-ws",
        }
    }
}
