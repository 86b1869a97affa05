//! `fragment`: an echo in fragments, with pings between them.

use std::time::Duration;

use serde::Deserialize;
use tokio::time::Instant;

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
        loop {
            let Some(message) = session.message(None).await? else { continue };
            let pieces: Vec<&[u8]> = match (self.size, message.payload.as_slice()) {
                (0, payload) => vec![&[], payload, &[]],
                (_, []) => vec![&[]],
                (size, payload) => payload.chunks(size.max(payload.len() / MOST)).collect(),
            };
            let last = pieces.len() - 1;
            for (index, piece) in pieces.iter().enumerate() {
                let opcode = match (index, message.is_text) {
                    (0, true) => 1,
                    (0, false) => 2,
                    _ => 0,
                };
                session.send(if index == last { FIN | opcode } else { opcode }, piece).await?;
                if index < last {
                    for _ in 0..self.ping {
                        session.send(PING, b"between fragments").await?;
                    }
                    if !self.gap.is_zero() {
                        session.pause_until(Instant::now() + self.gap).await?;
                    }
                }
            }
        }
    }
}
