//! `handshake`: an odd answer to the handshake, and then an echo.

use actix_web::dev::RequestHead;
use serde::Deserialize;

use super::Scenario;
use crate::lab::{
    answer::{Accept, Answer},
    refused::Refused,
    session::{Session, Stop},
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Handshake {
    header: Vec<(String, String)>,
    pad: usize,
    /// Empty takes the one of the rules of the echo.
    subprotocol: String,
    accept: Accept,
}

impl Scenario for Handshake {
    fn answer(&self, _: &RequestHead, answer: &mut Answer) -> Result<(), Refused> {
        answer.headers.extend(self.header.iter().cloned());
        if self.pad > 0 {
            answer.headers.push(("X-Pad".into(), "x".repeat(self.pad)));
        }
        if !self.subprotocol.is_empty() {
            answer.subprotocol = Some(self.subprotocol.clone());
        }
        answer.accept = self.accept;
        Ok(())
    }

    async fn run(self, session: &mut Session) -> Result<(), Stop> {
        session.echo().await
    }
}
