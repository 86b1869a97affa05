//! The rules for a handshake and its connection.

use ws_echo_shared::limits::Limits;

use super::{
    deflate::Deflate, origin::OriginPolicy, subprotocol::SubprotocolPolicy, trusted_proxies::TrustedProxies,
};

/// Rules for a handshake and its connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EchoPolicy {
    /// Limits on messages.
    pub limits: Limits,
    /// Origins that may connect.
    pub origins: OriginPolicy,
    /// Subprotocols that may be chosen.
    pub subprotocols: SubprotocolPolicy,
    /// Use of permessage-deflate.
    pub deflate: Deflate,
    /// Proxies that are trusted to name the client's address.
    pub proxies: TrustedProxies,
}
