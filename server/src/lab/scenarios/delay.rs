//! `delay`: a late echo, in order.

use std::{collections::VecDeque, time::Duration};

use serde::Deserialize;
use tokio::time::Instant;
use ws_echo_engine::Message;

use super::{Scenario, ms};
use crate::lab::session::{Session, Stop};

/// Most bytes that wait, unless one message has more. Then nothing is read until some have left.
const WAITING: usize = 1024 * 1024;

/// Memory of a waiting message beside its payload, in bytes.
const OVERHEAD: usize = 64;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Delay {
    #[serde(deserialize_with = "ms")]
    by: Duration,
    #[serde(deserialize_with = "ms")]
    jitter: Duration,
}

impl Delay {
    fn draw(&self) -> Duration {
        self.by + Duration::from_micros(fastrand::u64(0..=self.jitter.as_micros() as u64))
    }
}

impl Scenario for Delay {
    async fn run(self, session: &mut Session) -> Result<(), Stop> {
        let mut waiting: VecDeque<(Instant, Message)> = VecDeque::new();
        let mut held = 0;
        let mut last = Instant::now();
        let mut stop = None;
        loop {
            if waiting.is_empty()
                && let Some(stop) = stop
            {
                return Err(stop);
            }
            let due = waiting.front().map(|(due, _)| *due);
            let message = match due {
                // The answer to a Close is late too: it follows what waits.
                Some(due) if held >= WAITING || stop.is_some() => {
                    session.pause_until(due).await?;
                    None
                }
                due => match session.message(due).await {
                    Err(closed @ Stop::PeerClosed(..)) => {
                        stop = Some(closed);
                        None
                    }
                    message => message?,
                },
            };
            if let Some(message) = message {
                last = last.max(Instant::now() + self.draw());
                held += message.payload.len() + OVERHEAD;
                waiting.push_back((last, message));
                session.hold(held)?;
            }
            while let Some((_, message)) = waiting.pop_front_if(|(due, _)| *due <= Instant::now()) {
                held -= message.payload.len() + OVERHEAD;
                session.send_message(message.is_text, message.payload).await?;
                session.hold(held)?;
            }
        }
    }
}
