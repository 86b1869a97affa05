//! `slow`: an echo that reads and writes slowly.

use actix_web::dev::RequestHead;
use serde::Deserialize;
use tokio::time::Instant;
use ws_echo_engine::server_frame;

use super::Scenario;
use crate::lab::{
    answer::Answer,
    refused::Refused,
    session::{BINARY, Session, Stop, TEXT, time_of},
};

/// Size of the socket's buffers, in bytes: the least that Linux grants is a little more.
const BUFFERS: usize = 4 * 1024;

/// Number of writes a second.
const WRITES: u64 = 10;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Slow {
    /// Bytes a second.
    read: u64,
    /// Bytes a second.
    write: u64,
}

impl Scenario for Slow {
    fn answer(&self, _: &RequestHead, answer: &mut Answer) -> Result<(), Refused> {
        answer.buffers = Some(BUFFERS);
        Ok(())
    }

    async fn run(self, session: &mut Session) -> Result<(), Stop> {
        session.limit_reading(self.read);
        let piece = usize::try_from(self.write / WRITES).unwrap_or(usize::MAX).max(1);
        loop {
            let Some(message) = session.message(None).await? else { continue };
            let frame = server_frame(if message.is_text { TEXT } else { BINARY }, &message.payload);
            for piece in frame.chunks(piece) {
                session.send_bytes(piece.to_vec().into()).await?;
                session.pause_until(Instant::now() + time_of(piece.len(), self.write)).await?;
            }
        }
    }
}
