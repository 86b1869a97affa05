//! The answer to an offer of permessage-deflate (RFC 7692).

use clap::ValueEnum;
use ws_echo_engine::permessage_deflate::{Agreement, BadExtensions, ContextTakeover, negotiate};

/// The values of `--deflate`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Deflate {
    /// Compress each message on its own. No memory is held between messages.
    NoContext,
    /// Compress with earlier messages as context: fewer bytes, and up to 32 KiB of memory per connection.
    Context,
    /// No compression.
    Off,
}

impl Deflate {
    /// Chooses among the offers in the values of `Sec-WebSocket-Extensions`. None if no offer is accepted.
    ///
    /// # Errors
    /// A header does not follow the grammar, also if no offer would be accepted.
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
