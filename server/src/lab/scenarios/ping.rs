//! `ping`: pings of the server with the round trips of their pongs, and odd pongs for the client's pings; and an echo.

use std::{
    collections::VecDeque,
    time::{Duration, Instant as StdInstant},
};

use serde::Deserialize;
use serde_json::json;
use tokio::time::Instant;
use ws_echo_engine::Received;

use super::{Scenario, ms};
use crate::lab::session::{PING, PONG, Session, Stop};

/// Most pings that are remembered until their pongs come.
const REMEMBERED: usize = 1024;

/// Most late pongs that wait. Further pings get none.
const LATE: usize = 64;

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Pong {
    Reply,
    Drop,
    Late,
    Wrong,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ping {
    #[serde(deserialize_with = "ms")]
    every: Duration,
    pong: Pong,
    #[serde(deserialize_with = "ms")]
    late_by: Duration,
}

impl Scenario for Ping {
    async fn run(self, session: &mut Session) -> Result<(), Stop> {
        let mut sent: VecDeque<(u64, StdInstant)> = VecDeque::new();
        let mut late: VecDeque<(Instant, Vec<u8>)> = VecDeque::new();
        let mut next = Instant::now() + self.every;
        let mut number = 0;
        loop {
            let deadline = late.front().map_or(next, |(due, _)| next.min(*due));
            match session.receive(Some(deadline)).await? {
                None => {}
                Some(Received::Message(message)) => session.send_message(message.is_text, message.payload).await?,
                Some(Received::Ping(payload)) => match self.pong {
                    Pong::Reply => session.send(PONG, payload).await?,
                    Pong::Late if late.len() < LATE => late.push_back((Instant::now() + self.late_by, payload)),
                    Pong::Drop | Pong::Late => {}
                    Pong::Wrong => session.send(PONG, wrong(&payload)).await?,
                },
                Some(Received::Pong(payload)) => {
                    let ponged = |(number, _): &&(u64, StdInstant)| number.to_string().as_bytes() == payload;
                    let report = match sent.iter().position(|ping| ponged(&ping)).and_then(|at| sent.remove(at)) {
                        Some((number, at)) => {
                            json!({ "ping": number, "round_trip_us": at.elapsed().as_micros() as u64 })
                        }
                        None => json!({ "unsolicited_pong": String::from_utf8_lossy(&payload) }),
                    };
                    session.report(report.clone());
                    session.send_json(&report).await?;
                }
                Some(Received::Close(code, body)) => return Err(Stop::PeerClosed(code, body)),
            }
            while let Some((_, payload)) = late.pop_front_if(|(due, _)| *due <= Instant::now()) {
                session.send(PONG, payload).await?;
            }
            if Instant::now() >= next {
                number += 1;
                if sent.len() == REMEMBERED {
                    sent.pop_front();
                }
                sent.push_back((number, StdInstant::now()));
                session.send(PING, number.to_string()).await?;
                next = (next + self.every).max(Instant::now());
            }
        }
    }
}

/// Returns a payload that is not this one.
fn wrong(payload: &[u8]) -> Vec<u8> {
    match payload {
        [] => b"?".to_vec(),
        [first, rest @ ..] => [&[first ^ 1], rest].concat(),
    }
}
