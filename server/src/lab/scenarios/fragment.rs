//! `fragment`: an echo in fragments, with pings between them.

use std::{collections::VecDeque, time::Duration};

use actix_web::web::Bytes;
use serde::Deserialize;
use tokio::time::Instant;
use ws_echo_engine::Message;

use super::{Scenario, ms};
use crate::lab::session::{PING, Session, Stop};

/// Most fragments of a message. Longer messages have longer fragments.
const MOST: usize = 100_000;

const FIN: u8 = 0x80;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fragment {
    /// 0 puts empty fragments around the message.
    size: usize,
    ping: u32,
    #[serde(deserialize_with = "ms")]
    gap: Duration,
}

impl Scenario for Fragment {
    async fn run(self, session: &mut Session) -> Result<(), Stop> {
        // A message that came between two fragments. No other one is read before it is echoed.
        let mut waiting = VecDeque::new();
        loop {
            let message = match waiting.pop_front() {
                Some(message) => message,
                None => match session.message(None).await? {
                    Some(message) => message,
                    None => continue,
                },
            };
            self.echo(session, message, &mut waiting).await?;
            session.hold(0)?;
        }
    }
}

impl Fragment {
    async fn echo(
        &self,
        session: &mut Session,
        message: Message,
        waiting: &mut VecDeque<Message>,
    ) -> Result<(), Stop> {
        let mut rest = Bytes::from(message.payload);
        let held = rest.len();
        session.hold(held)?;
        let size = if self.size == 0 { 0 } else { self.size.max(rest.len() / MOST) };
        let mut opcode = if message.is_text { 1 } else { 2 };
        let mut is_first = true;
        loop {
            // Without a size: an empty fragment, the message, and an empty one.
            let len = match (size, is_first) {
                (0, true) => 0,
                (0, false) => rest.len(),
                (size, _) => size.min(rest.len()),
            };
            let was_empty = rest.is_empty();
            let piece = rest.split_to(len);
            let is_last = if size == 0 { !is_first && was_empty } else { rest.is_empty() };
            session.send(if is_last { FIN | opcode } else { opcode }, piece).await?;
            if is_last {
                return Ok(());
            }
            (opcode, is_first) = (0, false);
            for _ in 0..self.ping {
                session.send(PING, "between fragments").await?;
            }
            if !self.gap.is_zero() {
                self.wait(session, waiting, held).await?;
            }
        }
    }

    /// Waits between two fragments. Pings are answered meanwhile.
    async fn wait(
        &self,
        session: &mut Session,
        waiting: &mut VecDeque<Message>,
        held: usize,
    ) -> Result<(), Stop> {
        let end = Instant::now() + self.gap;
        while Instant::now() < end {
            if !waiting.is_empty() {
                return session.pause_until(end).await;
            }
            if let Some(message) = session.message(Some(end)).await? {
                session.hold(held + message.payload.len())?;
                waiting.push_back(message);
            }
        }
        Ok(())
    }
}
