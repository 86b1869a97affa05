//! `/echo` on actix-ws. With the native engine only those requests come here that are no good handshake.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, HeaderValue},
    rt, web,
};
use tracing::{field::display, warn};

use crate::{
    client::Client,
    connections::Connections,
    echo::{EchoSession, HeldBody, Inbound},
    handshake::Handshake,
    policy::EchoPolicy,
};

/// Answers the handshake and leaves the connection to a task of its own.
pub async fn echo(
    request: HttpRequest,
    payload: web::Payload,
    policy: web::Data<EchoPolicy>,
    connections: web::Data<Connections>,
) -> Result<HttpResponse, actix_web::Error> {
    let who = Client::of(request.head(), &policy.proxies);
    let admitted = Handshake::read(request.head(), &policy)
        .and_then(|handshake| Ok((handshake.subprotocol.map(str::to_owned), connections.enter(who)?)));
    let (subprotocol, place) = match admitted {
        Ok(admitted) => admitted,
        Err(refusal) => {
            connections.metrics().refused(refusal.reason());
            let (peer, client) = (who.peer.map(display), who.forwarded.map(display));
            warn!(peer, client, "Upgrade error: {refusal}");
            return Err(refusal.into());
        }
    };

    let (payload, inbound) = Inbound::new(&request, payload, policy.limits).await?;
    let (response, sender, receiver) = actix_ws::handle(&request, payload)?;
    let (response, body) = response.into_parts();
    let (body, hold) = HeldBody::new(body);
    let mut response = response.set_body(body).map_into_boxed_body();
    if let Some(subprotocol) = subprotocol.as_deref().and_then(|chosen| HeaderValue::from_str(chosen).ok()) {
        response.headers_mut().insert(header::SEC_WEBSOCKET_PROTOCOL, subprotocol);
    }
    // The inspector has the message limit; actix-ws would count a single frame against its own.
    let receiver =
        receiver.max_frame_size(usize::try_from(policy.limits.message_bytes).unwrap_or(usize::MAX));

    let session = EchoSession {
        id: place.id,
        who,
        subprotocol,
        sender,
        receiver,
        inbound,
        hold,
        stop: connections.leaving(),
        metrics: connections.metrics().clone(),
    };
    rt::spawn(async move {
        session.run().await;
        drop(place);
    });
    Ok(response)
}
