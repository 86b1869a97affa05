//! `/echo`: the refusals of the native engine, and the echo on actix-ws.

use actix_web::{
    HttpMessage as _, HttpRequest, HttpResponse,
    http::header::{self, HeaderValue},
    rt, web,
};

use crate::{
    actix_engine::{body::HeldBody, payload::Inbound, session::EchoSession},
    admission::connections::Connections,
    config::echo_policy::EchoPolicy,
    handshake::request::{Admitted, Refusal, admit},
};

/// Answers the requests that the native engine has refused. It never accepts one.
pub(crate) async fn refused(request: HttpRequest) -> Result<HttpResponse, actix_web::Error> {
    let refusal = request.extensions_mut().remove::<Refusal>();
    Err(refusal.unwrap_or(Refusal::NotAnUpgrade).into())
}

/// Memory of a connection on actix-ws, in bytes, as measured; without unread answers.
const MEMORY: usize = 20 * 1024;

/// Answers the handshake and leaves the connection to a task of its own.
pub(crate) async fn echo(
    request: HttpRequest,
    payload: web::Payload,
    policy: web::Data<EchoPolicy>,
    connections: web::Data<Connections>,
) -> Result<HttpResponse, actix_web::Error> {
    let Admitted { handshake, mut place, who } = admit(request.head(), &policy, &connections)?;
    // It does not know more of its memory, and the number of connections has a limit of its own.
    let _ = place.hold(MEMORY);
    let subprotocol = handshake.subprotocol.map(str::to_owned);

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
