//! WebSocket handshakes at paths that have no WebSocket endpoint.

use actix_web::{
    Error, ResponseError as _,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
};

use crate::{
    admission::{client::Client, connections::Connections},
    config::trusted_proxies::TrustedProxies,
    handshake::request::{Refusal, is_at, is_upgrade},
};

/// The paths at which WebSockets are served.
#[derive(Debug, Clone)]
pub(crate) struct WebSocketPaths {
    pub(crate) echo: String,
    pub(crate) proxies: TrustedProxies,
    pub(crate) connections: Connections,
}

/// Refuses a handshake at any other path. A client that got the page or a file there would only report an unexpected status 200.
pub(crate) async fn refuse_others<B: MessageBody>(
    paths: WebSocketPaths,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    if !is_upgrade(request.head()) || is_at(request.head(), &paths.echo) {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    let refusal = Refusal::NoEndpoint(paths.echo);
    refusal.report(Client::of(request.head(), &paths.proxies), &paths.connections);
    Ok(request.into_response(refusal.error_response()).map_into_right_body())
}
