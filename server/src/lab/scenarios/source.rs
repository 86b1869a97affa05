//! `source`: messages as fast as the client takes them.

use std::time::Duration;

use serde::Deserialize;
use tokio::time::Instant;

use super::Scenario;
use crate::lab::{
    numbered::{Kind, Numbered},
    session::{Session, Stop},
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Source {
    /// Messages a second; 0 has no limit.
    rate: u32,
    size: usize,
    /// 0 goes on.
    count: u64,
    kind: Kind,
}

impl Scenario for Source {
    async fn run(self, session: &mut Session) -> Result<(), Stop> {
        let mut messages = Numbered::new(self.kind, self.size);
        let began = Instant::now();
        session.hold(messages.held())?;
        let mut sent = 0;
        while self.count == 0 || sent < self.count {
            session.send_message(messages.is_text(), messages.next()).await?;
            sent += 1;
            let due = match self.rate {
                0 => Instant::now(),
                rate => began + Duration::from_secs_f64(sent as f64 / f64::from(rate)),
            };
            // At least one look at the client: it may want to close.
            let _ = session.message(Some(due)).await?;
            session.wait_until(due).await?;
        }
        Ok(())
    }
}
