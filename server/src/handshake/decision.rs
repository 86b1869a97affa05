//! The decision about each request that asks for a WebSocket. It is made here and nowhere else, once for each request.

use actix_web::{dev::RequestHead, http::Method};
use tracing::{field::display, info, warn};

use crate::{
    admission::{
        client::Client,
        connections::{Connections, Permit},
    },
    config::echo_policy::EchoPolicy,
    handshake::{
        refusal::Refusal,
        request::{Handshake, is_at, is_upgrade},
    },
    logging::shortened,
};

/// The WebSocket endpoints of a listener, with the rules for a handshake.
#[derive(Clone)]
pub(crate) struct Endpoints {
    /// The path of the echo.
    pub(crate) echo: String,
    pub(crate) policy: EchoPolicy,
    pub(crate) connections: Connections,
}

/// A handshake that is answered with 101, and the permit of its connection.
pub(crate) struct Admitted {
    pub(crate) handshake: Handshake,
    pub(crate) permit: Permit,
    pub(crate) client: Client,
}

impl Endpoints {
    /// Decides about a request, and logs and counts the decision. None if the request neither asks for a WebSocket nor is for the
    /// path of an endpoint.
    ///
    /// A handshake at any other path is refused: a client that got the page or a file there would only report an unexpected
    /// status 200.
    pub(crate) fn decide(&self, request: &RequestHead, client: Client) -> Option<Result<Admitted, Refusal>> {
        let decision = if request.method == Method::GET && is_at(request, &self.echo) {
            Handshake::read(request, &self.policy).and_then(|handshake| {
                Ok(Admitted { handshake, permit: self.connections.admit(client)?, client })
            })
        } else if is_upgrade(request) {
            Err(Refusal::NoEndpoint(self.echo.clone()))
        } else {
            return None;
        };
        let (peer, forwarded) = (client.peer.map(display), client.forwarded.map(display));
        match &decision {
            Ok(Admitted { handshake, permit, .. }) => {
                let subprotocol = handshake.subprotocol.as_deref().map(shortened);
                info!(
                    id = permit.id,
                    peer,
                    client = forwarded,
                    subprotocol = subprotocol.as_deref(),
                    "Connected..."
                );
            }
            Err(refusal) => {
                self.connections.metrics().refused(refusal.reason());
                warn!(peer, client = forwarded, "Upgrade error: {refusal}");
            }
        }
        Some(decision)
    }
}
