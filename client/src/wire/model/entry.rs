//! Entries of a tap: the view of the server, as `docs/lab.md` describes it.

use serde_json::Value;

use crate::common::stored::to_json;
use crate::connection::model::message::{Direction, Kind};

/// Bit of `rsv` that marks a compressed message: RSV1 (RFC 7692 section 6).
const COMPRESSED: u8 = 4;

/// An entry of a tap.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Time since the 101, in microseconds.
    pub at_us: f64,
    pub event: Event,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The handshake: the version of HTTP, the stream of HTTP/2, the target of the request, and the subprotocol and the extensions of the
    /// answer, which may be empty.
    Request {
        version: String,
        stream: Option<u64>,
        target: String,
        protocol: String,
        extensions: String,
    },
    Frame(Frame),
    /// Length of a message that was compressed.
    Inflated(Direction, u64),
    /// A report of the scenario, as JSON.
    Report(String),
    /// The end of a direction of TCP.
    Tcp(TransportEnd),
    /// The end of a direction of the stream of HTTP/2.
    Stream(TransportEnd),
    /// The end of the connection: close code, and the side that closed, as the server names it.
    End(u16, String),
}

/// The end of one direction of a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransportEnd {
    /// True if the client ended it.
    pub is_client: bool,
    /// The way, as the server names it.
    pub how: String,
}

/// Header of a frame. Directions are those of the page: the page sent a frame that the server received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    pub direction: Direction,
    pub fin: bool,
    pub rsv: u8,
    pub opcode: u8,
    pub masked: bool,
    /// Length of the payload on the wire, in bytes.
    pub length: u64,
    pub close_code: Option<u16>,
}

impl Frame {
    /// Returns the kind of the message that the frame begins, or `None` for other frames.
    pub const fn begins(&self) -> Option<Kind> {
        match self.opcode {
            1 => Some(Kind::Text),
            2 => Some(Kind::Binary),
            _ => None,
        }
    }

    /// True if the frame is part of a message.
    pub const fn is_data(&self) -> bool {
        self.opcode < 3
    }

    pub const fn is_compressed(&self) -> bool {
        self.rsv & COMPRESSED != 0
    }

    /// Returns the bits of `rsv` other than that of compression.
    pub const fn other_rsv(&self) -> u8 {
        self.rsv & !COMPRESSED
    }

    /// True if the frame is masked, or not, as RFC 6455 section 5.1 wants it.
    pub fn is_masked_rightly(&self) -> bool {
        self.masked == (self.direction == Direction::Sent)
    }
}

/// Reads an entry from a line of JSON. Returns `None` for other text.
pub fn read(line: &str) -> Option<Entry> {
    let json: Value = serde_json::from_str(line).ok()?;
    let number = |name| json[name].as_u64();
    let event = match json["type"].as_str()? {
        "request" => {
            let request = &json["request"];
            Event::Request {
                version: words(&request["http_version"]),
                stream: request["http2_stream"].as_u64(),
                target: words(&request["target"]),
                protocol: words(&request["subprotocol"]),
                extensions: words(&request["extensions"]),
            }
        }
        "frame" => Event::Frame(Frame {
            direction: direction(&json)?,
            fin: json["fin"].as_bool()?,
            rsv: number("rsv")?.try_into().ok()?,
            opcode: number("opcode")?.try_into().ok()?,
            masked: json["masked"].as_bool()?,
            length: number("length")?,
            close_code: number("close_code").and_then(|code| code.try_into().ok()),
        }),
        "inflated" => Event::Inflated(direction(&json)?, number("length")?),
        "report" => Event::Report(to_json(&json["report"])),
        "tcp" => Event::Tcp(transport_end(&json)),
        "stream" => Event::Stream(transport_end(&json)),
        "end" => Event::End(number("code")?.try_into().ok()?, words(&json["by"])),
        _ => return None,
    };
    // The cast is exact for centuries.
    Some(Entry { at_us: number("at_us")? as f64, event })
}

fn words(json: &Value) -> String {
    json.as_str().unwrap_or_default().to_owned()
}

fn transport_end(json: &Value) -> TransportEnd {
    TransportEnd { is_client: json["by"] == "client", how: words(&json["how"]) }
}

fn direction(json: &Value) -> Option<Direction> {
    match json["direction"].as_str()? {
        "received" => Some(Direction::Sent),
        "sent" => Some(Direction::Received),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_of_entry_is_read() {
        let frame = Frame {
            direction: Direction::Sent,
            fin: false,
            rsv: 5,
            opcode: 1,
            masked: true,
            length: 300,
            close_code: None,
        };
        for (line, event) in [
            (
                r#""type":"request","request":{"http_version":"2","http2_stream":5,"target":"/echo","subprotocol":null,"extensions":"permessage-deflate"}"#,
                Event::Request {
                    version: "2".into(),
                    stream: Some(5),
                    target: "/echo".into(),
                    protocol: String::new(),
                    extensions: "permessage-deflate".into(),
                },
            ),
            (
                r#""type":"frame","direction":"received","fin":false,"rsv":5,"opcode":1,"masked":true,"length":300"#,
                Event::Frame(frame),
            ),
            (
                r#""type":"frame","direction":"sent","fin":true,"rsv":0,"opcode":8,"masked":false,"length":2,"close_code":1000"#,
                Event::Frame(Frame {
                    direction: Direction::Received,
                    fin: true,
                    rsv: 0,
                    opcode: 8,
                    masked: false,
                    length: 2,
                    close_code: Some(1000),
                }),
            ),
            (r#""type":"inflated","direction":"sent","length":7"#, Event::Inflated(Direction::Received, 7)),
            (r#""type":"report","report":{"a":1}"#, Event::Report("{\"a\":1}".into())),
            (
                r#""type":"tcp","by":"client","how":"fin""#,
                Event::Tcp(TransportEnd { is_client: true, how: "fin".into() }),
            ),
            (
                r#""type":"stream","by":"server","how":"end_stream""#,
                Event::Stream(TransportEnd { is_client: false, how: "end_stream".into() }),
            ),
            (r#""type":"end","code":1006,"by":"neither""#, Event::End(1006, "neither".into())),
        ] {
            assert_eq!(read(&format!("{{\"at_us\":1500,{line}}}")), Some(Entry { at_us: 1_500.0, event }));
        }
        assert!(frame.is_compressed() && frame.other_rsv() == 1 && frame.is_masked_rightly());
        assert_eq!((frame.begins(), frame.is_data()), (Some(Kind::Text), true));
    }

    #[test]
    fn other_text_is_no_entry() {
        for line in [
            "",
            "[]",
            r#"{"type":"frame","at_us":1}"#,
            r#"{"type":"other","at_us":1}"#,
            r#"{"type":"end","code":70000,"by":"","at_us":1}"#,
            r#"{"type":"tcp","by":"client","how":"fin"}"#,
        ] {
            assert_eq!(read(line), None, "{line}");
        }
    }
}
