//! What a handshake and a connection are held to.

pub mod connect_src;
pub mod deflate;
pub mod origin;
pub mod proxies;
pub mod subprotocol;

use ws_echo_shared::limits::Limits;

use self::{deflate::Deflate, origin::OriginPolicy, proxies::TrustedProxies, subprotocol::SubprotocolPolicy};

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
