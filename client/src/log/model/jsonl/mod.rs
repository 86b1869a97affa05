//! File format of the log: JSON Lines, one JSON object per line, in UTF-8.
//!
//! The first line identifies the file: `{"ws-echo":"log","version":2}`. Each other line is an entry, either a message:
//! `{"id":7,"way":"received","time":"2026-11-22T18:20:28.123Z","kind":"text","data":"hello","roundTripMs":1.25}`. `data` is the
//! text of a text message, or the bytes of a binary message in Base64; `roundTripMs` is present if it is known.
//!
//! Or an event of the connection:
//! `{"id":8,"event":"closed","time":"…","url":"ws://host/echo","code":1000,"reason":"","clean":true,"asked":true,"openMs":1234}`.
//! `asked` is true if the page asked for the close; `openMs` is present if the connection was open. The other events and their
//! fields:
//!
//! - `opened`: `url`, `protocol`, `extensions`.
//! - `reconnecting`: `attempt`, `delayMs`.
//! - `not-reconnecting`: `code`.
//! - `not-sent`: `reason`.
//!
//! Version 1 had no events.

mod problem;
mod read;
mod write;

pub use read::{Field, Problem, ProblemKind, Reader};
pub use write::Writer;

/// Version of the format, in the first line. The reader takes the earlier ones too.
const VERSION: u64 = 2;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ws_echo_shared::CloseCode;
    use yew::AttrValue;

    use super::*;
    use crate::connection::model::backoff::{Halt, Wait};
    use crate::connection::model::event::ConnectionEvent;
    use crate::connection::model::message::{Body, Content, Direction, Entry, Message};
    use crate::connection::model::phase::Closed;

    fn events() -> impl Strategy<Value = ConnectionEvent> {
        let text = || any::<String>().prop_map(AttrValue::from);
        let closed = (text(), any::<u16>(), text(), any::<Option<u32>>(), any::<bool>(), any::<bool>());
        prop_oneof![
            (text(), text(), text()).prop_map(|(url, protocol, extensions)| ConnectionEvent::Opened {
                url,
                protocol,
                extensions
            }),
            closed.prop_map(|(url, code, reason, open_ms, asked, clean)| {
                let (code, open_ms) = (CloseCode(code), open_ms.map(u64::from));
                ConnectionEvent::Closed { url, closed: Closed { code, reason, open_ms, asked, clean } }
            }),
            (any::<u32>(), any::<u32>())
                .prop_map(|(attempt, delay_ms)| ConnectionEvent::Reconnecting(Wait { attempt, delay_ms })),
            any::<u16>().prop_filter_map("a code to reconnect after", |code| {
                Halt::of(CloseCode(code)).map(ConnectionEvent::NotReconnecting)
            }),
            text().prop_map(|reason| ConnectionEvent::NotSent { reason }),
        ]
    }

    fn entries() -> impl Strategy<Value = Vec<Entry>> {
        let body = prop_oneof![
            any::<String>().prop_map(|text| Body::Text(text.into())),
            any::<Vec<u8>>().prop_map(|bytes| Body::Binary(bytes.into())),
        ];
        let message = (any::<bool>(), body, any::<Option<u16>>()).prop_map(|(sent, body, round_trip)| {
            Content::Message(Message {
                direction: if sent { Direction::Sent } else { Direction::Received },
                body,
                round_trip_ms: round_trip.map(|ms| f64::from(ms) / 8.0),
            })
        });
        let content = prop_oneof![message, events().prop_map(|event| Content::Event(event.into()))];
        prop::collection::vec((0..4_000_000_000_000_u64, content), 0..20).prop_map(|drawn| {
            let entries =
                (1..).zip(drawn).map(|(id, (at_ms, content))| Entry { id, at_ms: at_ms as f64, content });
            entries.collect()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn what_was_written_is_read_back(entries in entries(), chunk in 1..500_usize, slice in 1..50_usize) {
            let file: String = Writer::new(entries.clone().into_iter(), chunk).collect();
            let mut reader = Reader::default();
            for bytes in file.as_bytes().chunks(slice) {
                prop_assert_eq!(reader.feed(bytes), Ok(()));
            }
            let read = reader.finish();
            prop_assert_eq!(&read, &Ok(entries));
            let again: String = Writer::new(read.into_iter().flatten(), chunk).collect();
            prop_assert_eq!(again, file);
        }
    }
}
