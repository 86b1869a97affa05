//! `early`: frames that come with the 101, or a 101 in two parts; then an echo.

use std::time::Duration;

use actix_web::dev::RequestHead;
use serde::Deserialize;
use tokio::time::Instant;

use super::{Scenario, ms};
use crate::lab::{
    answer::Answer,
    refused::Refused,
    session::{Session, Stop},
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Early {
    frames: u32,
    /// 0 does not cut.
    split: usize,
    #[serde(deserialize_with = "ms")]
    pause: Duration,
}

impl Scenario for Early {
    fn answer(&self, _: &RequestHead, answer: &mut Answer) -> Result<(), Refused> {
        answer.early = (1..=self.frames).map(|number| format!("early {number}")).collect();
        answer.split = (self.split > 0).then_some((self.split, self.pause));
        Ok(())
    }

    async fn run(self, session: &mut Session) -> Result<(), Stop> {
        if self.split > 0 {
            // The connection counts until the pause is over, also if its client has gone.
            session.pause_until(Instant::now() + self.pause).await?;
        }
        session.echo().await
    }
}
