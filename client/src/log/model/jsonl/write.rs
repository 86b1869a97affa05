//! Writes entries as text.

use std::fmt::{Display, Write as _};

use super::VERSION;
use crate::common::bytes_input;
use crate::common::format::fixed;
use crate::common::rfc3339;
use crate::connection::model::event::ConnectionEvent;
use crate::connection::model::message::{Body, Content, Direction, Entry, Message};

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
    let (key, name) = match &entry.content {
        Content::Message(Message { direction: Direction::Sent, .. }) => ("way", "sent"),
        Content::Message(Message { direction: Direction::Received, .. }) => ("way", "received"),
        Content::Event(event) => ("event", name(event)),
    };
    let time = rfc3339::format(entry.at_ms);
    // Writing to a String cannot fail.
    let _ = write!(out, r#"{{"id":{},"{key}":"{name}","time":"{time}""#, entry.id);
    match &entry.content {
        Content::Message(message) => write_message(message, out),
        Content::Event(event) => write_event(event, out),
    }
    out.push_str("}\n");
}

const fn name(event: &ConnectionEvent) -> &'static str {
    match event {
        ConnectionEvent::Opened { .. } => "opened",
        ConnectionEvent::Closed { .. } => "closed",
        ConnectionEvent::Reconnecting(_) => "reconnecting",
        ConnectionEvent::NotReconnecting(_) => "not-reconnecting",
        ConnectionEvent::NotSent { .. } => "not-sent",
    }
}

fn write_event(event: &ConnectionEvent, out: &mut String) {
    match event {
        ConnectionEvent::Opened { url, protocol, extensions } => {
            text("url", url, out);
            text("protocol", protocol, out);
            text("extensions", extensions, out);
        }
        ConnectionEvent::Closed { url, closed } => {
            text("url", url, out);
            field("code", &closed.code.0, out);
            text("reason", &closed.reason, out);
            field("clean", &closed.clean, out);
            field("asked", &closed.asked, out);
            closed.open_ms.iter().for_each(|ms| field("openMs", ms, out));
        }
        ConnectionEvent::Reconnecting(wait) => {
            field("attempt", &wait.attempt, out);
            field("delayMs", &wait.delay_ms, out);
        }
        ConnectionEvent::NotReconnecting(halt) => field("code", &halt.code().0, out),
        ConnectionEvent::NotSent { reason } => text("reason", reason, out),
    }
}

fn write_message(message: &Message, out: &mut String) {
    match &message.body {
        Body::Text(data) => {
            out.push_str(r#","kind":"text""#);
            text("data", data, out);
        }
        Body::Binary(bytes) => {
            out.push_str(r#","kind":"binary","data":""#);
            out.push_str(&bytes_input::to_base64(bytes));
            out.push('"');
        }
    }
    if let Some(ms) = message.round_trip_ms.filter(|ms| ms.is_finite()) {
        // Three decimals: the noise of browsers' clocks is larger.
        let ms = fixed(ms, 3);
        let _ = write!(out, r#","roundTripMs":{}"#, ms.trim_end_matches('0').trim_end_matches('.'));
    }
}

fn text(name: &str, text: &str, out: &mut String) {
    // Fails only for what has no form in JSON.
    field(name, &serde_json::to_string(text).unwrap_or_default(), out);
}

/// Writes a field. The value is shown as it is in JSON.
fn field(name: &str, value: &dyn Display, out: &mut String) {
    // Writing to a String cannot fail.
    let _ = write!(out, r#","{name}":{value}"#);
}

#[cfg(test)]
mod tests {
    use ws_echo_shared::CloseCode;

    use super::*;
    use crate::connection::model::phase::Closed;

    fn entry(id: u64, body: Body) -> Entry {
        message(id, Message { direction: Direction::Sent, body, round_trip_ms: None })
    }

    fn message(id: u64, message: Message) -> Entry {
        Entry { id, at_ms: 1_795_371_628_123.0, content: Content::Message(message) }
    }

    #[test]
    fn an_entry_is_a_line() {
        let body = Body::binary([0, 255]);
        let echo =
            message(2, Message { direction: Direction::Received, body, round_trip_ms: Some(1.250_000_1) });
        let closed = Closed {
            code: CloseCode::NORMAL,
            reason: "a \"b\"".into(),
            open_ms: Some(1_234),
            asked: true,
            clean: true,
        };
        let closed = ConnectionEvent::closed("ws://me@host/echo", closed);
        let closed = Entry { content: Content::Event(closed.into()), ..entry(3, Body::text("")) };
        let entries = [entry(1, Body::Text("a \"b\"\n\0🦀".into())), echo, closed];
        let file: String = Writer::new(entries.into_iter(), 1 << 20).collect();
        assert_eq!(
            file,
            r#"{"ws-echo":"log","version":2}
{"id":1,"way":"sent","time":"2026-11-22T18:20:28.123Z","kind":"text","data":"a \"b\"\n\u0000🦀"}
{"id":2,"way":"received","time":"2026-11-22T18:20:28.123Z","kind":"binary","data":"AP8=","roundTripMs":1.25}
{"id":3,"event":"closed","time":"2026-11-22T18:20:28.123Z","url":"ws://host/echo","code":1000,"reason":"a \"b\"","clean":true,"asked":true,"openMs":1234}
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
        let empty: Vec<String> = Writer::new(std::iter::empty(), 1).collect();
        assert_eq!(empty, ["{\"ws-echo\":\"log\",\"version\":2}\n"]);
    }
}
