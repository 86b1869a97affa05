//! `auth`: a handshake with credentials, and then an echo.

use actix_web::{
    dev::RequestHead,
    http::header::{self, HeaderName},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde::Deserialize;
use serde_json::json;

use super::Scenario;
use crate::lab::{
    answer::Answer,
    refused::Refused,
    session::{Session, Stop},
};

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Scheme {
    Basic,
    Bearer,
    Cookie,
    Query,
    Subprotocol,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Auth {
    scheme: Scheme,
    user: String,
    password: String,
    /// The client's token, for `query`.
    token: String,
}

/// The state of the credentials in a request.
enum Given {
    Right,
    Wrong,
    Nothing,
}

impl Auth {
    /// Returns the header or the parameter that has to be there.
    fn wanted(&self) -> String {
        let Self { user, password, .. } = self;
        match self.scheme {
            Scheme::Basic => {
                format!("Authorization: Basic {}", BASE64_STANDARD.encode(format!("{user}:{password}")))
            }
            Scheme::Bearer => format!("Authorization: Bearer {password}"),
            Scheme::Cookie => format!("Cookie: session={password}"),
            Scheme::Query => format!("token={password} in the query"),
            Scheme::Subprotocol => format!("Sec-WebSocket-Protocol: bearer.{password}"),
        }
    }

    fn given(&self, request: &RequestHead) -> Given {
        let is_right = match self.scheme {
            Scheme::Basic | Scheme::Bearer => {
                let wanted = self.wanted();
                let wanted = wanted.trim_start_matches("Authorization: ");
                let Some(value) = values(request, header::AUTHORIZATION).next() else { return Given::Nothing };
                is_authorization(value, wanted)
            }
            Scheme::Cookie => {
                let cookies = values(request, header::COOKIE).flat_map(|value| value.split(';'));
                let mut sessions = cookies.filter_map(|cookie| cookie.trim().strip_prefix("session=")).peekable();
                if sessions.peek().is_none() {
                    return Given::Nothing;
                }
                sessions.any(|session| session == self.password)
            }
            Scheme::Query if self.token.is_empty() => return Given::Nothing,
            Scheme::Query => self.token == self.password,
            Scheme::Subprotocol => {
                let Some(mut tokens) = tokens(request) else { return Given::Nothing };
                tokens.any(|token| token == self.password)
            }
        };
        if is_right { Given::Right } else { Given::Wrong }
    }
}

/// True if the value of `Authorization` is this one. The scheme's name is in any case (RFC 9110 section 11.1).
fn is_authorization(value: &str, wanted: &str) -> bool {
    let split = |text: &str| {
        let (scheme, credentials) = text.split_once(' ').unwrap_or((text, ""));
        (scheme.to_ascii_lowercase(), credentials.trim().to_owned())
    };
    split(value) == split(wanted)
}

/// Returns the tokens among the subprotocols that are offered; none if there are none.
fn tokens(request: &RequestHead) -> Option<impl Iterator<Item = &str>> {
    let offers = offers(request).filter_map(|offer| offer.strip_prefix("bearer."));
    let mut offers = offers.peekable();
    offers.peek()?;
    Some(offers)
}

fn offers(request: &RequestHead) -> impl Iterator<Item = &str> {
    values(request, header::SEC_WEBSOCKET_PROTOCOL).flat_map(|value| value.split(',').map(str::trim))
}

fn values(request: &RequestHead, name: HeaderName) -> impl Iterator<Item = &str> {
    request.headers().get_all(name).filter_map(|value| value.to_str().ok())
}

impl Scenario for Auth {
    fn answer(&self, request: &RequestHead, answer: &mut Answer) -> Result<(), Refused> {
        let problem = match self.given(request) {
            Given::Right => {
                if let Scheme::Subprotocol = self.scheme {
                    // Not the token, which a log could show, if there is another one.
                    let other = offers(request).find(|offer| !offer.starts_with("bearer."));
                    let chosen = other.map_or_else(|| format!("bearer.{}", self.password), str::to_owned);
                    answer.subprotocol = Some(chosen);
                }
                return Ok(());
            }
            Given::Nothing => "missing",
            Given::Wrong => "wrong",
        };
        // RFC 9110 section 15.5.2: a 401 has a challenge, and only these two schemes have one.
        let challenge = match self.scheme {
            Scheme::Basic => Some("Basic realm=\"ws-echo lab\", charset=\"UTF-8\""),
            Scheme::Bearer if problem == "wrong" => Some("Bearer realm=\"ws-echo lab\", error=\"invalid_token\""),
            Scheme::Bearer => Some("Bearer realm=\"ws-echo lab\""),
            Scheme::Cookie | Scheme::Query | Scheme::Subprotocol => None,
        };
        let status = if challenge.is_some() { 401 } else { 403 };
        let wanted = self.wanted();
        let error = format!("the credentials are {problem}; the handshake needs {wanted}");
        let mut refused = Refused::json(status, error, json!({ "problem": problem, "wanted": wanted }));
        refused.headers.extend(challenge.map(|challenge| ("WWW-Authenticate", challenge.to_owned())));
        // The log has no credentials.
        refused.reason = format!("the credentials are {problem}");
        Err(refused)
    }

    async fn run(self, session: &mut Session) -> Result<(), Stop> {
        session.echo().await
    }
}
