//! `violate`: one illegal thing, and the reaction of the client.

use std::time::{Duration, Instant as StdInstant};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::time::Instant;
use ws_echo_engine::{Received, server_frame};
use ws_echo_shared::CloseCode;

use super::{Scenario, ms};
use crate::lab::session::{BINARY, PING, PONG, Session, Stop, TEXT};

const FIN: u8 = 0x80;
const RSV1: u8 = 0x40;
const RSV2: u8 = 0x20;
const RSV3: u8 = 0x10;
const CONTINUATION: u8 = 0;
const CLOSE: u8 = 0x88;

/// Payload of the ping behind the violation. A client that answers it has not noticed.
const PROBE: &[u8] = b"still there?";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum What {
    Rsv1,
    Rsv2,
    Rsv3,
    Opcode3,
    Opcode11,
    Masked,
    LongPing,
    FragmentedPing,
    BadUtf8,
    SplitUtf8,
    OrphanContinuation,
    NestedText,
    #[serde(rename = "close_1byte")]
    Close1Byte,
    #[serde(rename = "close_1005")]
    Close1005,
    CloseBadUtf8,
    AfterClose,
    LenNotMinimal,
    #[serde(rename = "len_63bit")]
    Len63Bit,
    Huge,
}

/// State of the stream of frames behind the violation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Behind {
    /// Other frames may follow.
    Frames,
    /// A Close frame was sent, with this code.
    Close(u16),
    /// The client is within a payload that never ends.
    Payload,
}

impl What {
    /// Returns the bytes of the violation, and the state behind them.
    fn bytes(self) -> (Vec<u8>, Behind) {
        let frame = |first, payload: &[u8]| (server_frame(first, payload), Behind::Frames);
        let close = |code: u16, body: &[u8]| (server_frame(CLOSE, body), Behind::Close(code));
        match self {
            Self::Rsv1 => frame(TEXT | RSV1, b"RSV1"),
            Self::Rsv2 => frame(TEXT | RSV2, b"RSV2"),
            Self::Rsv3 => frame(TEXT | RSV3, b"RSV3"),
            Self::Opcode3 => frame(FIN | 3, b"opcode 3"),
            Self::Opcode11 => frame(FIN | 11, b"opcode 11"),
            // The key is 0, so that the payload is the same unmasked.
            Self::Masked => (b"\x81\x86\0\0\0\0masked".to_vec(), Behind::Frames),
            Self::LongPing => frame(PING, &[b'x'; 126]),
            Self::FragmentedPing => frame(PING & !FIN, b"FIN is 0"),
            Self::BadUtf8 => frame(TEXT, b"\xce\xba\xff"),
            Self::SplitUtf8 => {
                let halves = [server_frame(TEXT & !FIN, b"\xce"), server_frame(FIN | CONTINUATION, b"\xba")];
                (halves.concat(), Behind::Frames)
            }
            Self::OrphanContinuation => frame(FIN | CONTINUATION, b"continues nothing"),
            Self::NestedText => {
                let texts = [server_frame(TEXT & !FIN, b"begun"), server_frame(TEXT, b"nested")];
                (texts.concat(), Behind::Frames)
            }
            Self::Close1Byte => close(1005, b"\x03"),
            Self::Close1005 => close(1005, &1005_u16.to_be_bytes()),
            Self::CloseBadUtf8 => close(1000, b"\x03\xe8\xff"),
            Self::AfterClose => {
                let frames = [server_frame(CLOSE, &1000_u16.to_be_bytes()), server_frame(TEXT, b"after Close")];
                (frames.concat(), Behind::Close(1000))
            }
            Self::LenNotMinimal => (b"\x81\x7e\0\x05hello".to_vec(), Behind::Frames),
            Self::Len63Bit => {
                let header = [&[BINARY, 127, 0x80], &[0; 7][..]].concat();
                (header, Behind::Payload)
            }
            Self::Huge => {
                let header = [&[BINARY, 127, 0x40], &[0; 7][..], b"a few bytes of 4 EiB"].concat();
                (header, Behind::Payload)
            }
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Violate {
    what: What,
    #[serde(deserialize_with = "ms")]
    watch: Duration,
}

/// The reaction of a client.
#[derive(Debug, Default)]
struct Reaction {
    close: Option<(Option<CloseCode>, String)>,
    /// The TCP connection ended.
    tcp_ended: bool,
    after: Option<Duration>,
    pong: bool,
    messages: u64,
}

impl Reaction {
    fn json(&self, what: What) -> Value {
        let (code, reason) = match &self.close {
            Some((code, reason)) => (*code, Some(reason)),
            None => (None, None),
        };
        let reaction = match (&self.close, self.tcp_ended) {
            (Some(_), _) => "close_frame",
            (None, true) => "tcp_end",
            (None, false) => "none",
        };
        json!({
            "violation": what,
            "legal": what == What::SplitUtf8,
            "reaction": reaction,
            "close_code": code,
            "close_reason": reason,
            "after_us": self.after.map(|time| time.as_micros() as u64),
            "answered_a_later_ping": self.pong,
            "messages_after": self.messages,
        })
    }
}

impl Scenario for Violate {
    async fn run(self, session: &mut Session) -> Result<(), Stop> {
        let (mut bytes, behind) = self.what.bytes();
        match behind {
            Behind::Frames => bytes.extend(server_frame(PING, PROBE)),
            Behind::Close(code) => session.note_close_sent(CloseCode(code)),
            Behind::Payload => {}
        }
        session.send_bytes(bytes.into()).await?;
        let mut reaction = Reaction::default();
        let stop = self.watch(session, &mut reaction).await;
        let report = reaction.json(self.what);
        session.report(report.clone());
        match (stop, behind) {
            (Err(stop), _) => Err(stop),
            (Ok(()), Behind::Frames) => session.send_json(&report).await,
            // Nothing that is sent now would be understood.
            (Ok(()), Behind::Payload | Behind::Close(_)) => Err(Stop::Abandoned),
        }
    }
}

impl Violate {
    /// Watches the client until it ends the connection, or the time is over.
    async fn watch(&self, session: &mut Session, reaction: &mut Reaction) -> Result<(), Stop> {
        let began = StdInstant::now();
        let end = Instant::now() + self.watch;
        while Instant::now() < end {
            match session.receive(Some(end)).await {
                Ok(None) => {}
                Ok(Some(Received::Message(_))) => reaction.messages += 1,
                Ok(Some(Received::Ping(payload))) => session.send(PONG, payload).await?,
                Ok(Some(Received::Pong(payload))) => reaction.pong |= payload == PROBE,
                Ok(Some(Received::Close(code, body))) => {
                    let reason = String::from_utf8_lossy(body.get(2..).unwrap_or_default()).into_owned();
                    (reaction.close, reaction.after) = (Some((code, reason)), Some(began.elapsed()));
                    return Err(Stop::PeerClosed(code, body));
                }
                Err(stop) => {
                    if matches!(stop, Stop::Lost) {
                        (reaction.tcp_ended, reaction.after) = (true, Some(began.elapsed()));
                    }
                    return Err(stop);
                }
            }
        }
        Ok(())
    }
}
