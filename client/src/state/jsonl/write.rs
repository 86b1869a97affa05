//! Writes entries as text.

use std::fmt::Write as _;

use super::VERSION;
use crate::state::bytes_input;
use crate::state::format::fixed;
use crate::state::message::{Body, Entry, Way};
use crate::state::rfc3339;

/// Writer of a log file that produces the file in chunks.
///
/// A chunk ends with the line that reaches its size, so it exceeds the size by less than one line.
#[derive(Debug)]
pub struct Writer<I> {
    entries: I,
    chunk: usize,
    begun: bool,
}

impl<I: Iterator<Item = Entry>> Writer<I> {
    /// Creates a writer with chunks of about `chunk` bytes.
    pub fn new(entries: I, chunk: usize) -> Self {
        Self { entries, chunk, begun: false }
    }
}

impl<I: Iterator<Item = Entry>> Iterator for Writer<I> {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        let mut out = String::new();
        if !self.begun {
            self.begun = true;
            // Writing to a String cannot fail.
            let _ = writeln!(out, r#"{{"ws-echo":"log","version":{VERSION}}}"#);
        }
        while out.len() < self.chunk {
            let Some(entry) = self.entries.next() else { break };
            line(&entry, &mut out);
        }
        (!out.is_empty()).then_some(out)
    }
}

fn line(entry: &Entry, out: &mut String) {
    let way = match entry.way {
        Way::Sent => "sent",
        Way::Received => "received",
    };
    let time = rfc3339::format(entry.at_ms);
    // Writing to a String cannot fail.
    let _ = write!(out, r#"{{"id":{},"way":"{way}","time":"{time}""#, entry.id);
    match &entry.body {
        Body::Text(text) => {
            out.push_str(r#","kind":"text","data":"#);
            // Fails only for what has no form in JSON.
            out.push_str(&serde_json::to_string(text.as_ref()).unwrap_or_default());
        }
        Body::Binary(bytes) => {
            out.push_str(r#","kind":"binary","data":""#);
            out.push_str(&bytes_input::to_base64(bytes));
            out.push('"');
        }
    }
    if let Some(ms) = entry.round_trip_ms.filter(|ms| ms.is_finite()) {
        // Three decimals: the noise of browsers' clocks is larger.
        let ms = fixed(ms, 3);
        let _ = write!(out, r#","roundTripMs":{}"#, ms.trim_end_matches('0').trim_end_matches('.'));
    }
    out.push_str("}\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(id: u64, body: Body) -> Entry {
        Entry { id, way: Way::Sent, at_ms: 1_795_371_628_123.0, body, round_trip_ms: None }
    }

    #[test]
    fn an_entry_is_a_line() {
        let echo = Entry {
            way: Way::Received,
            round_trip_ms: Some(1.250_000_1),
            ..entry(2, Body::Binary([0, 255].into()))
        };
        let entries = [entry(1, Body::Text("a \"b\"\n\0🦀".into())), echo];
        let file: String = Writer::new(entries.into_iter(), 1 << 20).collect();
        assert_eq!(
            file,
            r#"{"ws-echo":"log","version":1}
{"id":1,"way":"sent","time":"2026-11-22T18:20:28.123Z","kind":"text","data":"a \"b\"\n\u0000🦀"}
{"id":2,"way":"received","time":"2026-11-22T18:20:28.123Z","kind":"binary","data":"AP8=","roundTripMs":1.25}
"#
        );
    }

    #[test]
    fn a_log_is_written_in_chunks() {
        let entries = (1..=1_000).map(|id| entry(id, Body::Text("x".repeat(100).into())));
        let chunks: Vec<String> = Writer::new(entries, 1_000).collect();
        assert!(chunks.len() > 100);
        assert!(chunks.iter().all(|chunk| chunk.ends_with('\n') && chunk.len() < 1_000 + 200));
        assert_eq!(chunks.concat().lines().count(), 1_001);
    }

    #[test]
    fn a_log_without_entries_has_its_first_line() {
        let file: Vec<String> = Writer::new(std::iter::empty(), 1).collect();
        assert_eq!(file, ["{\"ws-echo\":\"log\",\"version\":1}\n"]);
    }
}
