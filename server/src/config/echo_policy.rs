//! What a handshake and a connection are held to.

use ws_echo_shared::limits::Limits;

use super::{
    deflate::Deflate, origin::OriginPolicy, subprotocol::SubprotocolPolicy, trusted_proxies::TrustedProxies,
};

/// The part of the settings that the echo goes by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EchoPolicy {
    /// What a connection may send.
    pub limits: Limits,
    /// Which pages may connect.
    pub origins: OriginPolicy,
    /// Which subprotocols may be chosen.
    pub subprotocols: SubprotocolPolicy,
    /// The use of permessage-deflate.
    pub deflate: Deflate,
    /// Who is believed about the client's address.
    pub proxies: TrustedProxies,
}
