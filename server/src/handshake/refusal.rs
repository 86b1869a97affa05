//! Refusals of WebSocket handshakes, and their answers.

use actix_web::{
    HttpResponse, HttpResponseBuilder, ResponseError,
    http::{StatusCode, header},
};
use ws_echo_engine::permessage_deflate::BadExtensions;

use crate::{
    admission::connections::NotAdmitted,
    config::subprotocol::BadOffer,
    lab::refused::{Body, Refused},
};

/// Reason for which a request does not become a WebSocket connection. Its text is the body of the answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    /// A request from a browser's address bar or from curl, or through a proxy that removes the Upgrade header.
    #[error("this is a WebSocket endpoint: the request needs 'Connection: Upgrade' and 'Upgrade: websocket'")]
    NotAnUpgrade,
    /// The same over HTTP/2, where a WebSocket is opened by an extended CONNECT (RFC 8441 section 4).
    #[error(
        "this is a WebSocket endpoint: over HTTP/2 the request needs ':method: CONNECT' and ':protocol: websocket'"
    )]
    NotAConnect,
    /// RFC 6455 section 4.4: the answer names the version that is spoken.
    #[error("only version 13 of the WebSocket protocol is spoken: Sec-WebSocket-Version must be 13")]
    Version,
    /// A handshake at another path. Holds the path of the echo.
    #[error("no WebSocket endpoint is at this path: the echo is at {0}")]
    NoEndpoint(String),
    /// RFC 6455 section 4.2.1 item 2. HTTP allows an empty value, which names no server.
    #[error("Host must be the server's name or address, with or without a port")]
    Host,
    /// RFC 6455 section 4.1: the request has no body. One reader could take the chunks of a body for frames, and another one not.
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
    /// An answer of the lab: a bad parameter, or a scenario that refuses handshakes.
    #[error("{0}")]
    Lab(Box<Refused>),
    /// The server shuts down, or a limit of connections is reached.
    #[error(transparent)]
    NotAdmitted(#[from] NotAdmitted),
}

impl Refusal {
    /// Returns a label for metrics, which never changes.
    pub(crate) const fn reason(&self) -> &'static str {
        match self {
            Self::NotAnUpgrade | Self::NotAConnect => "not_an_upgrade",
            Self::NoEndpoint(_) => "path",
            Self::Version => "version",
            Self::Host => "host",
            Self::Body => "body",
            Self::Key => "key",
            Self::Subprotocol(_) => "subprotocol",
            Self::Extensions(_) => "extensions",
            Self::Origin => "origin",
            Self::Lab(_) => "lab",
            Self::NotAdmitted(NotAdmitted::Stopping) => "stopping",
            Self::NotAdmitted(NotAdmitted::Full) => "full",
            Self::NotAdmitted(NotAdmitted::FullForAddress) => "full_for_address",
        }
    }
}

impl ResponseError for Refusal {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NotAnUpgrade | Self::NotAConnect | Self::Version => StatusCode::UPGRADE_REQUIRED,
            Self::Host | Self::Body | Self::Key | Self::Subprotocol(_) | Self::Extensions(_) => {
                StatusCode::BAD_REQUEST
            }
            Self::NoEndpoint(_) => StatusCode::NOT_FOUND,
            Self::Origin => StatusCode::FORBIDDEN,
            // The catalogue allows statuses from 300 to 599 only.
            Self::Lab(refused) => {
                StatusCode::from_u16(refused.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            }
            // RFC 6585 section 4: this client has too many connections, and another server would not help it.
            Self::NotAdmitted(NotAdmitted::FullForAddress) => StatusCode::TOO_MANY_REQUESTS,
            Self::NotAdmitted(NotAdmitted::Stopping | NotAdmitted::Full) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponseBuilder::new(self.status_code());
        response.content_type("text/plain; charset=utf-8").insert_header((header::CACHE_CONTROL, "no-store"));
        match self {
            Self::NotAnUpgrade | Self::NotAConnect | Self::Version => {
                // HTTP/2 sends neither Upgrade nor Connection. RFC 9110 section 15.5.22: a 426 names the protocol; section 7.8: Upgrade goes with Connection.
                response
                    .insert_header((header::UPGRADE, "websocket"))
                    .insert_header((header::CONNECTION, "upgrade"))
                    .insert_header((header::SEC_WEBSOCKET_VERSION, "13"));
            }
            Self::NotAdmitted(_) => {
                response.insert_header((header::RETRY_AFTER, "1"));
            }
            Self::NoEndpoint(_)
            | Self::Host
            | Self::Body
            | Self::Key
            | Self::Subprotocol(_)
            | Self::Extensions(_)
            | Self::Origin => {}
            Self::Lab(refused) => {
                for (name, value) in &refused.headers {
                    response.append_header((*name, value.as_str()));
                }
                return match &refused.body {
                    Body::Text(text) => response.body(text.clone()),
                    Body::Json(json) => response.content_type("application/json").body(format!("{json}\n")),
                };
            }
        }
        response.body(format!("{self}\n"))
    }
}
