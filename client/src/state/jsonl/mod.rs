//! File format of the log: JSON Lines, one JSON object per line, in UTF-8.
//!
//! The first line identifies the file: `{"ws-echo":"log","version":1}`. Each other line is an entry:
//! `{"id":7,"way":"received","time":"2026-11-22T18:20:28.123Z","kind":"text","data":"hello","roundTripMs":1.25}`. `data` is the
//! text of a text message, or the bytes of a binary message in Base64; `roundTripMs` is present if it is known.

mod problem;
mod read;
mod write;

pub use read::{Field, Problem, ProblemKind, Reader};
pub use write::Writer;

/// Version of the format, in the first line.
const VERSION: u64 = 1;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::state::message::{Body, Entry, Way};

    fn entries() -> impl Strategy<Value = Vec<Entry>> {
        let body = prop_oneof![
            any::<String>().prop_map(|text| Body::Text(text.into())),
            any::<Vec<u8>>().prop_map(|bytes| Body::Binary(bytes.into())),
        ];
        let entry = (any::<bool>(), 0..4_000_000_000_000_u64, body, any::<Option<u16>>());
        prop::collection::vec(entry, 0..20).prop_map(|drawn| {
            let entries = (1..).zip(drawn).map(|(id, (sent, at_ms, body, round_trip))| Entry {
                id,
                way: if sent { Way::Sent } else { Way::Received },
                at_ms: at_ms as f64,
                body,
                round_trip_ms: round_trip.map(|ms| f64::from(ms) / 8.0),
            });
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
            prop_assert_eq!(reader.finish(), Ok(entries));
        }
    }
}
