//! `/echo`: the handshake (RFC 6455 section 4.2), and the start of the echo.

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder, ResponseError,
    http::{
        StatusCode,
        header::{self, HeaderValue},
    },
    rt, web,
};
use tracing::warn;
use ws_echo_shared::limits::Limits;

use super::{
    origin::OriginPolicy,
    subprotocol::{BadOffer, SubprotocolPolicy},
};
use crate::{
    connections::Connections,
    echo::{EchoSession, HeldBody, Inbound},
};

/// What the handshake goes by.
#[derive(Debug, Clone)]
pub struct EchoPolicy {
    /// What a connection may send.
    pub limits: Limits,
    /// Which pages may connect.
    pub origins: OriginPolicy,
    /// Which subprotocols may be chosen.
    pub subprotocols: SubprotocolPolicy,
}

/// Why a request did not become a WebSocket connection. Its text is the answer's body.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// A browser's address bar, curl, a proxy that eats the Upgrade header.
    #[error("this is a WebSocket endpoint: the request needs 'Connection: Upgrade' and 'Upgrade: websocket'")]
    NotAnUpgrade,
    /// RFC 6455 section 4.4: the answer names the version that is spoken.
    #[error("only version 13 of the WebSocket protocol is spoken: Sec-WebSocket-Version must be 13")]
    Version,
    /// RFC 6455 section 4.2.1 item 5.
    #[error("Sec-WebSocket-Key must be 16 bytes in base64")]
    Key,
    /// RFC 6455 section 4.2.1 item 8.
    #[error(transparent)]
    Subprotocol(#[from] BadOffer),
    /// RFC 6455 section 4.2.2 item 4.
    #[error("this origin may not connect to this server")]
    Origin,
    /// The server is going down.
    #[error("the server stops; try another one, or this one again in a moment")]
    Stopping,
}

impl ResponseError for Refusal {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NotAnUpgrade | Self::Version => StatusCode::UPGRADE_REQUIRED,
            Self::Key | Self::Subprotocol(_) => StatusCode::BAD_REQUEST,
            Self::Origin => StatusCode::FORBIDDEN,
            Self::Stopping => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponseBuilder::new(self.status_code());
        response.content_type("text/plain; charset=utf-8").insert_header((header::CACHE_CONTROL, "no-store"));
        match self {
            Self::NotAnUpgrade | Self::Version => {
                // RFC 9110 section 15.5.22: a 426 names the protocol; section 7.8: Upgrade goes with Connection.
                response
                    .insert_header((header::UPGRADE, "websocket"))
                    .insert_header((header::CONNECTION, "upgrade"))
                    .insert_header((header::SEC_WEBSOCKET_VERSION, "13"));
            }
            Self::Stopping => {
                response.insert_header((header::RETRY_AFTER, "1"));
            }
            Self::Key | Self::Subprotocol(_) | Self::Origin => {}
        }
        response.body(format!("{self}\n"))
    }
}

/// Answers the handshake and leaves the connection to a task of its own.
pub async fn echo(
    request: HttpRequest,
    payload: web::Payload,
    policy: web::Data<EchoPolicy>,
    connections: web::Data<Connections>,
) -> Result<HttpResponse, actix_web::Error> {
    let subprotocol = match admit(&request, &policy) {
        Ok(subprotocol) => subprotocol.map(str::to_owned),
        Err(refusal) => {
            warn!(peer = request.peer_addr().map(tracing::field::display), "Upgrade error: {refusal}");
            return Err(refusal.into());
        }
    };
    let place = connections.enter().ok_or(Refusal::Stopping)?;

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
        peer: request.peer_addr(),
        subprotocol,
        sender,
        receiver,
        inbound,
        hold,
        stop: place.stop.clone(),
    };
    rt::spawn(async move {
        session.run().await;
        drop(place);
    });
    Ok(response)
}

/// Checks the handshake; says which subprotocol is spoken.
fn admit<'a>(request: &'a HttpRequest, policy: &EchoPolicy) -> Result<Option<&'a str>, Refusal> {
    let headers = request.headers();
    let lists = |name, wanted: &str| {
        headers
            .get_all(name)
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|token| token.trim().eq_ignore_ascii_case(wanted))
    };
    if !lists(header::CONNECTION, "upgrade") || !lists(header::UPGRADE, "websocket") {
        return Err(Refusal::NotAnUpgrade);
    }
    let only = |name: header::HeaderName| {
        let mut values = headers.get_all(name);
        let first = values.next();
        if values.next().is_some() { None } else { first }
    };
    if only(header::SEC_WEBSOCKET_VERSION).is_none_or(|version| version != "13") {
        return Err(Refusal::Version);
    }
    if !only(header::SEC_WEBSOCKET_KEY).is_some_and(|key| is_key(key.as_bytes())) {
        return Err(Refusal::Key);
    }
    if !policy.origins.admits(headers.get(header::ORIGIN).map(HeaderValue::as_bytes)) {
        return Err(Refusal::Origin);
    }
    Ok(policy
        .subprotocols
        .choose(headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).map(HeaderValue::as_bytes))?)
}

/// Whether a key is 16 bytes in base64: 22 characters and the padding. Of the last character two bits count.
fn is_key(key: &[u8]) -> bool {
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    key.len() == 24 && key.ends_with(b"==") && key[..22].iter().all(is_base64) && b"AQgw".contains(&key[21])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sixteen_bytes_in_base64() {
        assert!(is_key(b"dGhlIHNhbXBsZSBub25jZQ=="));
        for key in [
            "",
            "dGhlIHNhbXBsZSBub25jZQ",
            "dGhlIHNhbXBsZSBub25jZR==",
            "dGhlIHNhbXBsZSBub25jZ===",
            "dGhlIHNhbXBsZSBub25j",
            "dGhlIHNhbXBsZSBub 5jZQ==",
        ] {
            assert!(!is_key(key.as_bytes()), "{key}");
        }
    }
}
