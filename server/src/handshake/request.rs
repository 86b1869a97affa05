//! The opening handshake (RFC 6455 section 4.2): what is good, and what the others are told.

use actix_web::{
    HttpResponse, HttpResponseBuilder, ResponseError,
    dev::{RequestHead, Url},
    http::{
        Method, StatusCode, Version,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
};
use tracing::warn;
use ws_echo_engine::permessage_deflate::{Agreement, BadExtensions};

use crate::{
    admission::{
        client::Client,
        connections::{Connections, NoPlace, Place},
    },
    config::{echo_policy::EchoPolicy, subprotocol::BadOffer},
};

/// Why a request did not become a WebSocket connection. Its text is the answer's body.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    /// A browser's address bar, curl, a proxy that eats the Upgrade header.
    #[error("this is a WebSocket endpoint: the request needs 'Connection: Upgrade' and 'Upgrade: websocket'")]
    NotAnUpgrade,
    /// RFC 6455 section 4.4: the answer names the version that is spoken.
    #[error("only version 13 of the WebSocket protocol is spoken: Sec-WebSocket-Version must be 13")]
    Version,
    /// Another path than the echo's, which it names.
    #[error("no WebSocket endpoint is at this path: the echo is at {0}")]
    NoEndpoint(String),
    /// RFC 6455 section 4.2.1 item 2. An empty one is HTTP, and names no server.
    #[error("Host must be the server's name or address, with or without a port")]
    Host,
    /// RFC 6455 section 4.1 has no body in the request. One in chunks would be taken for frames by one reader and not by another.
    #[error("a handshake has no body: leave out Transfer-Encoding and Content-Length")]
    Body,
    /// RFC 6455 section 4.2.1 item 5.
    #[error("Sec-WebSocket-Key must be 16 bytes in base64")]
    Key,
    /// RFC 6455 section 4.2.1 item 8.
    #[error(transparent)]
    Subprotocol(#[from] BadOffer),
    /// RFC 6455 section 9.1.
    #[error(transparent)]
    Extensions(#[from] BadExtensions),
    /// RFC 6455 section 4.2.2 item 4.
    #[error("this origin may not connect to this server")]
    Origin,
    /// The server is going down, or is full.
    #[error(transparent)]
    NoPlace(#[from] NoPlace),
}

impl Refusal {
    /// Why, in a word or two that never change: a label for metrics.
    pub(crate) const fn reason(&self) -> &'static str {
        match self {
            Self::NotAnUpgrade => "not_an_upgrade",
            Self::NoEndpoint(_) => "path",
            Self::Version => "version",
            Self::Host => "host",
            Self::Body => "body",
            Self::Key => "key",
            Self::Subprotocol(_) => "subprotocol",
            Self::Extensions(_) => "extensions",
            Self::Origin => "origin",
            Self::NoPlace(NoPlace::Stopping) => "stopping",
            Self::NoPlace(NoPlace::Full) => "full",
            Self::NoPlace(NoPlace::FullForAddress) => "full_for_address",
        }
    }
}

impl ResponseError for Refusal {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NotAnUpgrade | Self::Version => StatusCode::UPGRADE_REQUIRED,
            Self::Host | Self::Body | Self::Key | Self::Subprotocol(_) | Self::Extensions(_) => {
                StatusCode::BAD_REQUEST
            }
            Self::NoEndpoint(_) => StatusCode::NOT_FOUND,
            Self::Origin => StatusCode::FORBIDDEN,
            // RFC 6585 section 4: another server would do no better for this client.
            Self::NoPlace(NoPlace::FullForAddress) => StatusCode::TOO_MANY_REQUESTS,
            Self::NoPlace(NoPlace::Stopping | NoPlace::Full) => StatusCode::SERVICE_UNAVAILABLE,
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
            Self::NoPlace(_) => {
                response.insert_header((header::RETRY_AFTER, "1"));
            }
            Self::NoEndpoint(_)
            | Self::Host
            | Self::Body
            | Self::Key
            | Self::Subprotocol(_)
            | Self::Extensions(_)
            | Self::Origin => {}
        }
        response.body(format!("{self}\n"))
    }
}

/// A handshake that may be answered with 101.
pub(crate) struct Handshake<'a> {
    /// The value of `Sec-WebSocket-Key`.
    pub(crate) key: &'a [u8],
    /// The subprotocol that is spoken.
    pub(crate) subprotocol: Option<&'a str>,
    /// How messages may be compressed, for an engine that takes compressed ones.
    pub(crate) deflate: Option<Agreement>,
}

impl<'a> Handshake<'a> {
    /// Checks a request.
    pub(crate) fn read(request: &'a RequestHead, policy: &EchoPolicy) -> Result<Self, Refusal> {
        if !is_upgrade(request) {
            return Err(Refusal::NotAnUpgrade);
        }
        let headers = request.headers();
        if headers.get(header::HOST).is_none_or(HeaderValue::is_empty) {
            return Err(Refusal::Host);
        }
        let only = |name: HeaderName| {
            let mut values = headers.get_all(name);
            let first = values.next();
            if values.next().is_some() { None } else { first }
        };
        let has_body = headers.contains_key(header::TRANSFER_ENCODING)
            || headers.get(header::CONTENT_LENGTH).is_some_and(|length| length != "0");
        if has_body {
            return Err(Refusal::Body);
        }
        if only(header::SEC_WEBSOCKET_VERSION).is_none_or(|version| version != "13") {
            return Err(Refusal::Version);
        }
        let key = only(header::SEC_WEBSOCKET_KEY)
            .map(HeaderValue::as_bytes)
            .filter(|key| is_key(key))
            .ok_or(Refusal::Key)?;
        // No browser sends two; each of them has to be good.
        let mut origins = headers.get_all(header::ORIGIN).map(HeaderValue::as_bytes).peekable();
        let is_admitted = match origins.peek() {
            Some(_) => origins.all(|origin| policy.origins.admits(Some(origin))),
            None => policy.origins.admits(None),
        };
        if !is_admitted {
            return Err(Refusal::Origin);
        }
        let values = |name| headers.get_all(name).map(HeaderValue::as_bytes);
        Ok(Self {
            key,
            subprotocol: policy.subprotocols.choose(values(header::SEC_WEBSOCKET_PROTOCOL))?,
            deflate: policy.deflate.negotiate(values(header::SEC_WEBSOCKET_EXTENSIONS))?,
        })
    }
}

/// True if a request asks for a WebSocket: the form that RFC 6455 section 4.1 gives it, whatever else is wrong with it. `Upgrade` and
/// `Connection` are lists (RFC 9110 sections 7.6.1 and 7.8).
pub(crate) fn is_upgrade(request: &RequestHead) -> bool {
    request.method == Method::GET
        && request.version >= Version::HTTP_11
        && has_token(request.headers(), &header::CONNECTION, "upgrade")
        && has_token(request.headers(), &header::UPGRADE, "websocket")
}

/// True if a request is for a path, by the same reading of its target as the App's, which decodes it.
pub(crate) fn is_at(request: &RequestHead, path: &str) -> bool {
    let target = request.uri.path();
    target == path || target.contains('%') && Url::new(request.uri.clone()).path() == path
}

/// True if a list of tokens, which can stand in several header lines, has this one in any case.
pub(crate) fn has_token(headers: &HeaderMap, name: &HeaderName, wanted: &str) -> bool {
    headers
        .get_all(name)
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b','))
        .any(|token| token.trim_ascii().eq_ignore_ascii_case(wanted.as_bytes()))
}

/// A client that gets 101, and its place among the connections.
pub(crate) struct Admitted<'a> {
    pub(crate) handshake: Handshake<'a>,
    pub(crate) place: Place,
    pub(crate) who: Client,
}

/// Decides whether a request at the path of the echo becomes a connection. A refusal is logged and counted here, and only has to be
/// answered.
///
/// # Errors
/// When the handshake is not good, or there is no place.
pub(crate) fn admit<'a>(
    request: &'a RequestHead,
    policy: &EchoPolicy,
    connections: &Connections,
) -> Result<Admitted<'a>, Refusal> {
    let who = Client::of(request, &policy.proxies);
    Handshake::read(request, policy)
        .and_then(|handshake| Ok(Admitted { handshake, place: connections.enter(who)?, who }))
        .inspect_err(|refusal| refusal.report(who, connections))
}

impl Refusal {
    /// Logs and counts it.
    pub(crate) fn report(&self, who: Client, connections: &Connections) {
        connections.metrics().refused(self.reason());
        warn!(peer = who.peer.map(display), client = who.forwarded.map(display), "Upgrade error: {self}");
    }
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
