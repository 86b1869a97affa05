//! `idle`: silence for growing times, to find the hop that cuts idle connections.

use std::time::Duration;

use actix_web::web::Bytes;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};
use tokio::time::Instant;
use ws_echo_engine::Received;

use super::{Scenario, ms};
use crate::lab::session::{PING, PONG, Session, Stop};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Mode {
    Silent,
    ServerPing,
    ClientPing,
    OneWay,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Idle {
    #[serde(deserialize_with = "times")]
    plan: Vec<Duration>,
    mode: Mode,
    #[serde(deserialize_with = "ms")]
    every: Duration,
}

fn times<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Duration>, D::Error> {
    Ok(Vec::<u64>::deserialize(deserializer)?.into_iter().map(Duration::from_millis).collect())
}

/// Frames of the client during one silence.
#[derive(Debug, Default)]
struct Heard {
    pings: u32,
    pongs: u32,
    messages: u32,
}

impl Scenario for Idle {
    async fn run(self, session: &mut Session) -> Result<(), Stop> {
        let mut longest = Duration::ZERO;
        for (index, silence) in self.plan.iter().enumerate() {
            let mut heard = Heard::default();
            if let Err(stop) = self.be_silent(session, *silence, &mut heard).await {
                session.report(report(longest, Some(*silence), ended(&stop)));
                return Err(stop);
            }
            let Heard { pings, pongs, messages } = heard;
            let message = json!({
                "number": index + 1,
                "silence_ms": silence.as_millis() as u64,
                "pings": pings,
                "pongs": pongs,
                "messages": messages,
            });
            session.report(message.clone());
            session.send_json(&message).await?;
            longest = longest.max(*silence);
        }
        let report = report(longest, None, "the plan is over");
        session.report(report.clone());
        session.send_json(&report).await
    }
}

impl Idle {
    async fn be_silent(&self, session: &mut Session, silence: Duration, heard: &mut Heard) -> Result<(), Stop> {
        let end = Instant::now() + silence;
        let pings = matches!(self.mode, Mode::ServerPing | Mode::OneWay);
        let mut next = Instant::now() + self.every;
        while Instant::now() < end {
            let deadline = if pings { end.min(next) } else { end };
            match session.receive(Some(deadline)).await? {
                Some(Received::Ping(payload)) => {
                    heard.pings += 1;
                    session.send(PONG, payload).await?;
                }
                Some(Received::Pong(_)) => heard.pongs += 1,
                Some(Received::Message(_)) => heard.messages += 1,
                Some(Received::Close(code, body)) => return Err(Stop::PeerClosed(code, body)),
                None if pings && Instant::now() >= next && next < end => {
                    // A Pong that nothing asked for needs no answer (RFC 6455 section 5.5.3).
                    session.send(if self.mode == Mode::OneWay { PONG } else { PING }, Bytes::new()).await?;
                    next += self.every;
                }
                None => {}
            }
        }
        Ok(())
    }
}

/// Returns the last report. `during` is the silence within which the connection ended.
fn report(longest: Duration, during: Option<Duration>, ended: &str) -> Value {
    let ms = |time: Duration| time.as_millis() as u64;
    json!({ "longest_silence_ms": ms(longest), "ended_during_silence_ms": during.map(ms), "ended": ended })
}

fn ended(stop: &Stop) -> &'static str {
    match stop {
        Stop::PeerClosed(..) => "the client sent Close",
        Stop::Lost => "the TCP connection was ended by the other side, without Close",
        Stop::Failed(_) => "the client broke the protocol",
        Stop::Shutdown => "the server shut down",
        Stop::Lifetime => "the lifetime of connections of the lab was over",
        Stop::OutOfMemory => "the server had no memory left",
        Stop::Abandoned => "the server gave up",
    }
}
