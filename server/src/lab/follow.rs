//! Sends the entries of a tap to a client that follows it, a line of JSON in each message.

use std::sync::Arc;

use ws_echo_engine::Received;

use super::session::{PONG, Session, Stop};
use crate::tap::taps::Tap;

/// Sends all entries, those of before first, until the tap has ended.
///
/// # Errors
/// The connection of the follower has ended.
pub(crate) async fn follow(tap: Arc<Tap>, session: &mut Session) -> Result<(), Stop> {
    let mut changes = tap.changes();
    let mut next = 0;
    loop {
        changes.mark_unchanged();
        let content = tap.content(next);
        next += content.entries.len();
        for entry in content.entries {
            session.send_json(&entry).await?;
        }
        if !content.is_whole {
            continue;
        }
        if content.ended {
            return Ok(());
        }
        let received = tokio::select! {
            // The sender lives as long as the tap.
            _ = changes.changed() => None,
            received = session.receive(None) => received?,
        };
        match received {
            Some(Received::Ping(payload)) => session.send(PONG, payload).await?,
            Some(Received::Close(code, body)) => return Err(Stop::PeerClosed(code, body)),
            Some(Received::Message(_) | Received::Pong(_)) | None => {}
        }
    }
}
