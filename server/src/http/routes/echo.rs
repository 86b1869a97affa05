//! `GET /echo` on actix-ws. With the native engine, no admitted handshake comes here.

use actix_web::{
    HttpMessage as _, HttpRequest, HttpResponse,
    http::header::{self, HeaderValue},
    rt, web,
};

use crate::{
    actix_engine::{body::OpenBody, payload::Inbound, session::EchoSession},
    admission::connections::Connections,
    config::echo_policy::EchoPolicy,
    handshake::{decision::Admitted, refusal::Refusal},
    tap::recorder::TapEnd,
};

/// Memory of a connection on actix-ws, in bytes, as measured; without unread answers.
const MEMORY: usize = 20 * 1024;

/// Answers an admitted handshake, and spawns a task that serves the connection.
pub(crate) async fn echo(
    request: HttpRequest,
    payload: web::Payload,
    policy: web::Data<EchoPolicy>,
    connections: web::Data<Connections>,
) -> Result<HttpResponse, actix_web::Error> {
    let admitted = request.extensions_mut().remove::<Admitted>();
    let Admitted { handshake, mut permit, client, .. } = admitted.ok_or(Refusal::NotAnUpgrade)?;
    let tap = request.extensions_mut().remove::<Option<TapEnd>>().flatten();
    // The limit of memory cannot be kept here: the rest of the memory is not known. The number of connections has its own limit.
    let _ = permit.hold(MEMORY);

    let (payload, inbound) = Inbound::new(&request, payload, policy.limits).await?;
    let (response, sender, receiver) = actix_ws::handle(&request, payload)?;
    let (response, body) = response.into_parts();
    let (body, keep_open) = OpenBody::new(body);
    let mut response = response.set_body(body).map_into_boxed_body();
    let subprotocol = handshake.subprotocol.and_then(|chosen| HeaderValue::from_str(&chosen).ok());
    if let Some(subprotocol) = subprotocol {
        response.headers_mut().insert(header::SEC_WEBSOCKET_PROTOCOL, subprotocol);
    }
    // The validator enforces the limit of a message; actix-ws would enforce its own limit on each frame.
    let receiver =
        receiver.max_frame_size(usize::try_from(policy.limits.message_bytes).unwrap_or(usize::MAX));
    let shutdown = connections.shutdown_token();
    rt::spawn(EchoSession { permit, client, sender, receiver, inbound, keep_open, shutdown, tap }.run());
    Ok(response)
}
