//! The addresses that a request comes from.

use std::net::{IpAddr, SocketAddr};

use actix_web::dev::RequestHead;

use crate::config::trusted_proxies::TrustedProxies;

/// The addresses of a client.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Client {
    /// The other end of the TCP connection: the client, or its proxy.
    pub peer: Option<SocketAddr>,
    /// The client's address, if a trusted proxy names it.
    pub forwarded: Option<IpAddr>,
}

impl Client {
    pub(crate) fn of(head: &RequestHead, proxies: &TrustedProxies) -> Self {
        Self { peer: head.peer_addr, forwarded: proxies.client(head) }
    }

    /// Returns the client's own address, as far as it is known.
    pub(crate) fn address(self) -> Option<IpAddr> {
        self.forwarded.or_else(|| self.peer.map(|peer| peer.ip()))
    }
}
