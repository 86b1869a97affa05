//! `inspect`: the request as it arrived, and then an echo. The session has the inspection, as it is a part of the handshake.

use serde::Deserialize;

use super::Scenario;
use crate::lab::session::{Session, Stop};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Inspect {}

impl Scenario for Inspect {
    async fn run(self, session: &mut Session) -> Result<(), Stop> {
        session.send_inspection().await?;
        session.echo().await
    }
}
