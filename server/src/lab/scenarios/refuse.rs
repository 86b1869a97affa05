//! `refuse`: a handshake that is not answered with 101.

use std::time::Duration;

use actix_web::{dev::RequestHead, http::StatusCode};
use serde::Deserialize;
use ws_echo_shared::lab::{BadParameter, Problem};

use super::{Scenario, ms};
use crate::lab::{
    answer::Answer,
    refused::{Body, Refused},
    session::{Session, Stop},
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Refuse {
    status: u16,
    /// In seconds; 0 sends none.
    retry_after: u32,
    location: String,
    #[serde(deserialize_with = "ms")]
    delay: Duration,
    body: String,
}

impl Scenario for Refuse {
    fn check(&self) -> Result<(), BadParameter> {
        if self.location.is_empty() || self.location.bytes().all(|byte| matches!(byte, b'!'..=b'~')) {
            return Ok(());
        }
        let allowed = "a URL of printable ASCII without spaces";
        Err(BadParameter::new("location", &self.location, Problem::Value, allowed))
    }

    fn answer(&self, _: &RequestHead, _: &mut Answer) -> Result<(), Refused> {
        let mut headers = Vec::new();
        if self.retry_after > 0 {
            headers.push(("Retry-After", self.retry_after.to_string()));
        }
        if !self.location.is_empty() {
            headers.push(("Location", self.location.clone()));
        }
        match self.status {
            // RFC 9110 sections 15.5.2 and 15.5.8: each has a challenge.
            401 => headers.push(("WWW-Authenticate", "Basic realm=\"ws-echo lab\"".into())),
            407 => headers.push(("Proxy-Authenticate", "Basic realm=\"ws-echo lab\"".into())),
            // Section 15.5.22.
            426 => headers.push(("Upgrade", "websocket".into())),
            _ => {}
        }
        let status = self.status;
        let phrase = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
        let text = match self.body.as_str() {
            "" => format!("{status} {}", phrase.unwrap_or("Refused")),
            body => body.to_owned(),
        };
        let reason = format!("the handshake asked for the status {status}");
        Err(Refused { status, headers, body: Body::Text(format!("{text}\n")), delay: self.delay, reason })
    }

    /// Every handshake was refused.
    async fn run(self, _: &mut Session) -> Result<(), Stop> {
        Ok(())
    }
}
