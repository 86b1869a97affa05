//! `close`: closes after messages or a time, in several ways.

use std::time::Duration;

use serde::Deserialize;
use tokio::time::Instant;
use ws_echo_engine::Received;
use ws_echo_shared::{
    CloseCode,
    lab::{BadParameter, Problem},
};

use super::{Scenario, ms};
use crate::lab::session::{PONG, Session, Stop};

/// Time between two messages after the Close frame of `half`.
const HALF_EVERY: Duration = Duration::from_millis(100);

/// Time for which `half` goes on sending.
const HALF_FOR: Duration = Duration::from_secs(10);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Mode {
    Frame,
    Fin,
    Rst,
    Ignore,
    Half,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Close {
    /// 0 sends none.
    code: u16,
    reason: String,
    /// Number of messages.
    after: u64,
    #[serde(deserialize_with = "ms")]
    after_time: Duration,
    mode: Mode,
    raw: bool,
}

impl Scenario for Close {
    fn check(&self) -> Result<(), BadParameter> {
        if self.code == 0 && !self.reason.is_empty() {
            let allowed = "a code beside it: a Close frame without a code has no reason";
            return Err(BadParameter::new("reason", &self.reason, Problem::Value, allowed));
        }
        let has_others =
            self.code != 1000 || !self.reason.is_empty() || self.after > 0 || !self.after_time.is_zero();
        if self.mode == Mode::Ignore && has_others {
            let allowed = "another mode beside code, reason, after and after_time: this one never closes";
            return Err(BadParameter::new("mode", "ignore", Problem::Value, allowed));
        }
        if self.code == 0 || self.raw || CloseCode(self.code).may_be_sent() {
            return Ok(());
        }
        let allowed = "0, 1000 to 1003, 1007 to 1014 or 3000 to 4999, or any other beside raw=1";
        Err(BadParameter::new("code", &self.code.to_string(), Problem::Value, allowed))
    }

    async fn run(self, session: &mut Session) -> Result<(), Stop> {
        if self.mode == Mode::Ignore {
            return ignore(session).await;
        }
        self.echo(session).await?;
        let code = (self.code > 0).then_some(CloseCode(self.code));
        match self.mode {
            Mode::Fin => return Err(Stop::Abandoned),
            Mode::Rst => {
                session.reset();
                return Err(Stop::Abandoned);
            }
            Mode::Frame | Mode::Ignore => session.send_close(code, &self.reason).await?,
            Mode::Half => {
                session.send_close(code, &self.reason).await?;
                let end = Instant::now() + HALF_FOR;
                let mut number = 0;
                while Instant::now() < end {
                    number += 1;
                    session.send_message(true, format!("after Close {number}")).await?;
                    let next = Instant::now() + HALF_EVERY;
                    // The client's own Close changes nothing.
                    while Instant::now() < next && session.receive(Some(next)).await?.is_some() {}
                }
            }
        }
        Ok(())
    }
}

impl Close {
    /// Echoes until it is time to close.
    async fn echo(&self, session: &mut Session) -> Result<(), Stop> {
        let deadline = (!self.after_time.is_zero()).then(|| Instant::now() + self.after_time);
        let at_once = self.after == 0 && deadline.is_none();
        let mut echoed = 0;
        while !at_once && (self.after == 0 || echoed < self.after) {
            let Some(message) = session.message(deadline).await? else { break };
            session.send_message(message.is_text, message.payload).await?;
            echoed += 1;
        }
        Ok(())
    }
}

/// Echoes, and never answers the client's Close frame. The connection ends when the client has had enough.
async fn ignore(session: &mut Session) -> Result<(), Stop> {
    loop {
        match session.receive(None).await? {
            Some(Received::Message(message)) => session.send_message(message.is_text, message.payload).await?,
            Some(Received::Ping(payload)) => session.send(PONG, payload).await?,
            Some(Received::Close(code, _)) => session.note_close_received(code),
            Some(Received::Pong(_)) | None => {}
        }
    }
}
