//! `push`: the server speaks by itself.

use std::time::Duration;

use serde::Deserialize;
use tokio::time::Instant;

use super::{Scenario, ms};
use crate::lab::{
    numbered::{Kind, Numbered},
    session::{Session, Stop},
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Push {
    #[serde(deserialize_with = "ms")]
    every: Duration,
    /// 0 goes on.
    count: u64,
    size: usize,
    kind: Kind,
}

impl Scenario for Push {
    async fn run(self, session: &mut Session) -> Result<(), Stop> {
        let mut messages = Numbered::new(self.kind, self.size);
        let mut due = Instant::now();
        let mut left = self.count;
        session.hold(messages.held())?;
        loop {
            session.send_message(messages.is_text(), messages.next()).await?;
            left = left.wrapping_sub(1);
            if left == 0 {
                return Ok(());
            }
            // A client that does not read delays the messages; they are not made up for.
            due = (due + self.every).max(Instant::now());
            session.wait_until(due).await?;
        }
    }
}
