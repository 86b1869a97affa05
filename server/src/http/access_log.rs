//! One log line for each HTTP request. An admitted handshake has a line of its own.

use std::time::Instant;

use actix_web::{
    Error, HttpMessage as _,
    body::{BodySize, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{StatusCode, Version},
    middleware::Next,
};
use tracing::{debug, field::display, info};
use ws_echo_shared::paths;

use crate::{admission::client::Client, logging::shortened};

/// Passes a request on, and logs its answer. Probes that succeed, which come every few seconds, are logged as `debug`.
///
/// The [`Client`] is read from the extensions of the request.
pub(crate) async fn write<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let began = Instant::now();
    let (method, path) = (request.method().clone(), request.path().to_owned());
    let version = request.version();
    let client = request.extensions().get::<Client>().copied().unwrap_or_default();
    let response = next.call(request).await?;
    let status = match (version, response.status()) {
        // RFC 8441 section 5.
        (Version::HTTP_2, StatusCode::SWITCHING_PROTOCOLS) => 200,
        (_, status) => status.as_u16(),
    };
    let bytes = match response.response().body().size() {
        BodySize::Sized(bytes) => Some(bytes),
        BodySize::None => Some(0),
        BodySize::Stream => None,
    };
    let (peer, client) = (client.peer.map(display), client.forwarded.map(display));
    let path = shortened(&path);
    let (method, path) = (method.as_str(), path.as_ref());
    let duration_us = began.elapsed().as_micros() as u64;
    if is_probe(path) && status == 200 {
        debug!(peer, client, method, path, status, bytes, duration_us, "Request.");
    } else {
        info!(peer, client, method, path, status, bytes, duration_us, "Request.");
    }
    Ok(response)
}

fn is_probe(path: &str) -> bool {
    [paths::HEALTH, paths::READY, paths::METRICS].iter().any(|probe| path.ends_with(probe))
}
