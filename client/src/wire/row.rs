//! A row of the tab: an entry of the tap on one line.

use yew::prelude::*;

use super::model::entry::{Event, Frame, TransportEnd};
use super::model::wire::{Difference, Line, Wire};
use crate::common::format::{amount, fixed, short_time};
use crate::connection::model::message::{Direction, Kind};
use crate::texts::{Texts, WireTexts, fill, plural};
use crate::ui::element::{element, text};

/// Shows the `li` of an entry, with the differences between both ends.
pub(super) fn row(wire: &Wire, line: &Line, texts: &Texts) -> Html {
    let (words, differences) = (&texts.wire, wire.differences(line));
    let (way, arrow, spoken) = match direction(&line.entry.event) {
        Some(Direction::Sent) => ("sent", "↑", texts.log.way_sent),
        Some(Direction::Received) => ("received", "↓", texts.log.way_received),
        None => ("event", "•", texts.log.event),
    };
    let (mut body, bytes) = contents(&line.entry.event, words);
    if let Some(bytes) = wire.inflated(line) {
        body.extend([" · ", &fill(words.inflated, &[("size", &amount(bytes as f64))])]);
    }
    let mut body = vec![text(&body)];
    for difference in &differences {
        body.push(text(" "));
        body.push(element("b", &[], vec![text(&format!("≠ {}", describe(difference, words)))]));
    }
    let mark = element("span", &[("aria-hidden", "true")], vec![text(arrow)]);
    let spoken = element("span", &[("class", "unseen")], vec![text(spoken)]);
    let time = fixed(line.entry.at_us / 1_000.0, 3);
    let parts = vec![
        element("span", &[("class", "way")], vec![mark, spoken]),
        element("time", &[], vec![text(&time)]),
        element("span", &[("class", "body")], body),
        element(
            "span",
            &[("class", "size")],
            vec![text(&bytes.map(|bytes| amount(bytes as f64)).unwrap_or_default())],
        ),
    ];
    let attributes = [("data-way", way), ("data-differs", "")];
    element("li", &attributes[..1 + usize::from(!differences.is_empty())], parts)
}

const fn direction(event: &Event) -> Option<Direction> {
    match event {
        Event::Frame(frame) => Some(frame.direction),
        _ => None,
    }
}

/// Returns the text of an entry, and its length in bytes.
fn contents(event: &Event, texts: &WireTexts) -> (String, Option<u64>) {
    match event {
        Event::Frame(frame) => (describe_frame(frame, texts), Some(frame.length)),
        Event::Inflated(..) => Default::default(),
        Event::Request { version, stream, target, protocol, extensions } => {
            // HTTP/2 opens a WebSocket by an extended CONNECT (RFC 8441).
            let (method, status) = if stream.is_some() { ("CONNECT", "200") } else { ("GET", "101") };
            let mut words = String::new();
            words.extend(["HTTP/", version, " ", method, " ", target, " → ", status]);
            if let Some(stream) = stream {
                words.extend([" · ", &fill(texts.stream_id, &[("id", &stream.to_string())])]);
            }
            for answer in [protocol, extensions].into_iter().filter(|answer| !answer.is_empty()) {
                words.extend([" · ", answer]);
            }
            (words, None)
        }
        Event::Report(report) => (report.clone(), None),
        Event::Tcp(end) => (describe_end(texts.tcp, end, texts), None),
        Event::Stream(end) => (describe_end(texts.stream, end, texts), None),
        Event::End(code, by) => {
            let by = match &**by {
                "peer" => texts.client,
                "server" => texts.server,
                _ => texts.nobody,
            };
            (fill(texts.end, &[("code", &code.to_string()), ("by", by)]), None)
        }
    }
}

fn describe_end(pattern: &str, end: &TransportEnd, texts: &WireTexts) -> String {
    let by = if end.is_client { texts.client } else { texts.server };
    fill(pattern, &[("by", by), ("how", &end.how)])
}

fn describe_frame(frame: &Frame, texts: &WireTexts) -> String {
    // The names of RFC 6455 section 11.8.
    let name = match frame.opcode {
        0 => "continuation",
        1 => "text",
        2 => "binary",
        8 => "close",
        9 => "ping",
        10 => "pong",
        _ => "",
    };
    let mut words = if name.is_empty() { format!("opcode {}", frame.opcode) } else { name.to_owned() };
    if let Some(code) = frame.close_code {
        words.extend([" ", &code.to_string()]);
    }
    let rsv = format!("rsv {}", frame.other_rsv());
    for (is_said, word) in [
        (frame.is_compressed(), texts.compressed),
        (!frame.fin, texts.goes_on),
        (frame.other_rsv() != 0, &rsv),
        (!frame.is_masked_rightly(), if frame.masked { texts.masked } else { texts.unmasked }),
    ] {
        if is_said {
            words.extend([" · ", word]);
        }
    }
    words
}

fn describe(difference: &Difference, texts: &WireTexts) -> String {
    let told = |told: &str| fill(texts.told, &[("told", if told.is_empty() { "∅" } else { told })]);
    match difference {
        Difference::Split(frames) => plural(texts.split, *frames),
        Difference::Uncompressed => texts.uncompressed.to_owned(),
        Difference::Kind(kind) => told(if *kind == Kind::Text { "text" } else { "binary" }),
        Difference::Length(bytes) => told(&amount(*bytes as f64)),
        Difference::Late(ms) => fill(texts.late, &[("time", &short_time(*ms))]),
        Difference::Missing => texts.missing.to_owned(),
        Difference::Sent(count) => plural(texts.sent, *count),
        Difference::Received(count) => plural(texts.received, *count),
        Difference::Protocol(protocol) => told(protocol),
        Difference::Extensions(extensions) => told(extensions),
        Difference::Code(code) => told(&code.to_string()),
    }
}
