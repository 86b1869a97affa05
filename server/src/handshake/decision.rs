//! The decision about each request that asks for a WebSocket. It is made here and nowhere else, once for each request.

use actix_web::{dev::RequestHead, http::Method};
use serde_json::Value;
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
    lab::{
        answer::Answer,
        inspection::{Agreed, Carrier, inspect},
        refused::Refused,
        request::{Endpoint, Lab},
    },
    logging::shortened,
    tap::{event::Event, recorder::Tapped},
};

/// The WebSocket endpoints of a listener, with the rules for a handshake.
#[derive(Clone)]
pub(crate) struct Endpoints {
    /// The path of the echo.
    pub(crate) echo: String,
    pub(crate) policy: EchoPolicy,
    pub(crate) connections: Connections,
    /// None if it is switched off, with the taps.
    pub(crate) lab: Option<Lab>,
}

/// A handshake that is answered with 101, and the permit of its connection.
pub(crate) struct Admitted {
    pub(crate) handshake: Handshake,
    pub(crate) permit: Permit,
    pub(crate) client: Client,
    /// The endpoint of the lab that serves the connection; none if it is the echo.
    pub(crate) lab: Option<Box<AtLab>>,
    /// The tap that the request asks for.
    pub(crate) tap: Option<Tapped>,
}

/// A connection of the lab.
pub(crate) struct AtLab {
    pub(crate) endpoint: Endpoint,
    pub(crate) answer: Answer,
    /// The request as it arrived, for the scenario that shows it.
    pub(crate) inspection: Option<Box<Value>>,
}

/// The endpoint that a request is for.
enum Target {
    Echo,
    Lab(Endpoint),
}

impl Endpoints {
    /// Decides about a request, and logs and counts the decision. None if the request neither asks for a WebSocket nor is for the
    /// path of an endpoint.
    ///
    /// A handshake at any other path is refused: a client that got the page or a file there would only report an unexpected
    /// status 200.
    pub(crate) fn decide(
        &self,
        request: &RequestHead,
        carrier: &Carrier<'_>,
        client: Client,
    ) -> Option<Result<Admitted, Refusal>> {
        let decision = self.target(request)?.and_then(|target| self.admit(target, request, carrier, client));
        let (peer, forwarded) = (client.peer.map(display), client.forwarded.map(display));
        match &decision {
            Ok(Admitted { handshake, permit, lab, .. }) => {
                let subprotocol = match lab {
                    // That of `auth` can be a credential.
                    Some(lab) => {
                        lab.answer.subprotocol.as_deref().filter(|name| !name.starts_with("bearer."))
                    }
                    None => handshake.subprotocol.as_deref(),
                };
                let subprotocol = subprotocol.map(shortened);
                let path = lab.as_ref().map(|_| shortened(request.uri.path()));
                info!(
                    id = permit.id,
                    peer,
                    client = forwarded,
                    http2_stream = carrier.request.http2_stream(),
                    subprotocol = subprotocol.as_deref(),
                    path = path.as_deref(),
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

    /// Returns the endpoint that a request is for; none if it is for none and asks for no WebSocket.
    fn target(&self, request: &RequestHead) -> Option<Result<Target, Refusal>> {
        if request.method == Method::GET {
            if is_at(request, &self.echo) {
                return Some(Ok(Target::Echo));
            }
            if let Some(found) = self.lab.as_ref().and_then(|lab| lab.endpoint(request)) {
                return Some(found.map(Target::Lab).map_err(Refusal::from));
            }
        }
        is_upgrade(request).then(|| Err(Refusal::NoEndpoint(self.echo.clone())))
    }

    fn admit(
        &self,
        target: Target,
        request: &RequestHead,
        carrier: &Carrier<'_>,
        client: Client,
    ) -> Result<Admitted, Refusal> {
        let handshake = Handshake::read(request, &self.policy)?;
        let mut answer = Answer { subprotocol: handshake.subprotocol.clone(), ..Answer::default() };
        if let Target::Lab(Endpoint::Scenario(behaviour)) = &target {
            behaviour.answer(request, &mut answer)?;
        }
        let tap = match (&self.lab, &target) {
            (None, _) | (_, Target::Lab(Endpoint::Follow(_))) => None,
            (Some(lab), _) => lab.wanted_tap(request)?.map(|id| (lab, id)),
        };
        // A handshake that is not admitted leaves the taps as they are.
        let permit = self.connections.admit(client)?;
        let tap = tap.map(|(lab, id)| lab.open_tap(&id)).transpose()?;
        let is_stream = carrier.request.http2_stream().is_some();
        let tap = tap.map(|tap| Tapped::new(tap, is_stream));

        let is_echo = matches!(target, Target::Echo);
        let is_inspect =
            matches!(&target, Target::Lab(Endpoint::Scenario(behaviour)) if behaviour.is_inspect());
        let inspection = self.lab.as_ref().filter(|_| tap.is_some() || is_inspect).map(|lab| {
            let agreed = if is_echo {
                let extensions = handshake.deflate.as_ref().map(|agreement| agreement.response.as_str());
                Agreed { subprotocol: handshake.subprotocol.as_deref(), extensions }
            } else {
                Agreed {
                    subprotocol: answer.subprotocol.as_deref(),
                    extensions: answer.extensions.as_deref(),
                }
            };
            Box::new(inspect(carrier, client, agreed, &lab.instance, lab.show_secrets))
        });
        if let (Some(tap), Some(inspection)) = (&tap, &inspection) {
            tap.end.tap().add(Event::Request { request: inspection.clone() });
        }
        let lab = match target {
            Target::Echo => None,
            Target::Lab(endpoint) => {
                Some(Box::new(AtLab { endpoint, answer, inspection: inspection.filter(|_| is_inspect) }))
            }
        };
        Ok(Admitted { handshake, permit, client, lab, tap })
    }
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        Self::Lab(Box::new(refused))
    }
}
