//! The answer to an offer of permessage-deflate (RFC 7692).

use clap::ValueEnum;
use ws_echo_engine::permessage_deflate::{Agreement, BadExtensions, ContextTakeover, negotiate};

/// The values of `--deflate`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Deflate {
    /// Compressed messages that do not refer back to others. Nothing is kept between them.
    NoContext,
    /// Compressed messages that refer back to others: fewer bytes, and up to 32 KiB of memory a connection.
    Context,
    /// None.
    Off,
}

impl Deflate {
    /// Chooses among the offers of the `Sec-WebSocket-Extensions` headers. None if there is nothing to choose.
    ///
    /// # Errors
    /// A header does not follow the grammar, also if nothing would be chosen.
    pub fn negotiate<'a>(
        self,
        headers: impl Iterator<Item = &'a [u8]>,
    ) -> Result<Option<Agreement>, BadExtensions> {
        let takeover = match self {
            Self::Context => ContextTakeover::Allowed,
            Self::NoContext | Self::Off => ContextTakeover::Never,
        };
        Ok(negotiate(headers, takeover)?.filter(|_| self != Self::Off))
    }
}
