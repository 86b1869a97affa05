//! What a handshake and a connection are held to.

pub mod connect_src;
pub mod origin;
pub mod proxies;
pub mod subprotocol;

use ws_echo_shared::limits::Limits;

use self::{origin::OriginPolicy, proxies::TrustedProxies, subprotocol::SubprotocolPolicy};

/// The part of the settings that the echo goes by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EchoPolicy {
    /// What a connection may send.
    pub limits: Limits,
    /// Which pages may connect.
    pub origins: OriginPolicy,
    /// Which subprotocols may be chosen.
    pub subprotocols: SubprotocolPolicy,
    /// Who is believed about the client's address.
    pub proxies: TrustedProxies,
}
