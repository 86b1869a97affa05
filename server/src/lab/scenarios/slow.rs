//! `slow`: an echo that reads and writes slowly.

use actix_web::{dev::RequestHead, web::Bytes};
use serde::Deserialize;
use tokio::time::Instant;
use ws_echo_engine::server_frame;

use super::Scenario;
use crate::lab::{
    answer::Answer,
    refused::Refused,
    session::{BINARY, Session, Stop, TEXT, time_of},
};

/// Smallest receive buffer of the socket, in bytes: the least that Linux grants is a little more.
const LEAST_BUFFER: u64 = 4 * 1024;

/// Rate from which on the buffer keeps its size, in bytes a second.
const FAST: u64 = 256 * 1024;

/// Number of writes a second.
const WRITES: u64 = 20;

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
        // The client feels a small buffer soon.
        let buffer = usize::try_from((self.read / WRITES).max(LEAST_BUFFER)).ok();
        answer.receive_buffer = buffer.filter(|_| self.read < FAST);
        Ok(())
    }

    async fn run(self, session: &mut Session) -> Result<(), Stop> {
        session.limit_reading(self.read);
        let len = usize::try_from(self.write / WRITES).unwrap_or(usize::MAX).max(1);
        loop {
            let Some(message) = session.message(None).await? else { continue };
            let first = if message.is_text { TEXT } else { BINARY };
            let payload = message.payload.len();
            let mut frame = Bytes::from(server_frame(first, &message.payload));
            session.hold(message.payload.len() + frame.len())?;
            while !frame.is_empty() {
                let piece = frame.split_to(len.min(frame.len()));
                let due = Instant::now() + time_of(piece.len(), self.write);
                session.send_bytes(piece).await?;
                session.pause_until(due).await?;
            }
            session.note_sent(first, payload);
            session.hold(0)?;
        }
    }
}
