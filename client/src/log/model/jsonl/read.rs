//! Reads entries from text.

use serde_json::{Map, Value};
use ws_echo_shared::CloseCode;

use super::VERSION;
use crate::common::bytes_input;
use crate::common::rfc3339;
use crate::connection::model::backoff::{Halt, Wait};
use crate::connection::model::event::ConnectionEvent;
use crate::connection::model::message::{Body, Content, Direction, Entry, Message};
use crate::connection::model::phase::Closed;

/// Fields of a line. Of several fields with the same name, the last one counts.
type Fields = Map<String, Value>;

/// Maximum length of a line, in bytes: enough for a message of 64 MiB in which every character is written as an escape.
const LONGEST: usize = 400 << 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Problem {
    /// Line, from 1.
    pub line: usize,
    pub kind: ProblemKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemKind {
    /// The line is not UTF-8, so the file is not a text file.
    NotText,
    NotJson,
    /// The line is longer than any message could make it.
    TooLong,
    Version,
    /// The field is missing or invalid.
    Field(Field),
    /// The file contains only blank lines.
    Empty,
}

/// A field of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// `way`: `sent` or `received`.
    Direction,
    /// `time`: a time in the format of RFC 3339.
    Time,
    /// `kind`: `text` or `binary`.
    Kind,
    /// `data` of a text message: a string.
    Text,
    /// `data` of a binary message: a string in Base64.
    Base64,
    /// `roundTripMs`: a number of at least 0, or absent.
    RoundTrip,
    Event,
    /// A string of an event.
    Words(&'static str),
    /// A truth value of an event.
    Flag(&'static str),
    /// A whole number of an event, at least 0.
    Number(&'static str),
    /// `code`: a close code that fits the event.
    Code,
}

impl Field {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Direction => "way",
            Self::Time => "time",
            Self::Kind => "kind",
            Self::Text | Self::Base64 => "data",
            Self::RoundTrip => "roundTripMs",
            Self::Event => "event",
            Self::Words(name) | Self::Flag(name) | Self::Number(name) => name,
            Self::Code => "code",
        }
    }
}

/// Reader of a log file that takes the file in pieces.
#[derive(Debug, Default)]
pub struct Reader {
    /// Bytes of the last line, which is incomplete so far.
    begun: Vec<u8>,
    /// Number of complete lines.
    lines: usize,
    entries: Vec<Entry>,
    headed: bool,
}

impl Reader {
    /// Takes the next bytes of the file. Returns the first faulty line; the file cannot become valid after that.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        let mut pieces = bytes.split(|byte| *byte == b'\n');
        let rest = pieces.next_back().unwrap_or_default();
        for piece in pieces {
            if self.begun.is_empty() {
                self.line(piece)?;
            } else {
                let mut line = std::mem::take(&mut self.begun);
                line.extend_from_slice(piece);
                self.line(&line)?;
            }
        }
        if self.begun.len() + rest.len() > LONGEST {
            return Err(self.problem(ProblemKind::TooLong));
        }
        self.begun.extend_from_slice(rest);
        Ok(())
    }

    /// Ends the file and returns its entries, numbered from 1. The numbers in the file are not used; they are for other programs.
    /// An empty file is a fault.
    pub fn finish(mut self) -> Result<Vec<Entry>, Problem> {
        let last = std::mem::take(&mut self.begun);
        self.line(&last)?;
        if self.entries.is_empty() && !self.headed {
            return Err(Problem { line: 1, kind: ProblemKind::Empty });
        }
        Ok(self.entries)
    }

    fn line(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        let bytes =
            if self.lines == 0 { bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes) } else { bytes };
        let text = str::from_utf8(bytes).map_err(|_| self.problem(ProblemKind::NotText))?.trim();
        if !text.is_empty() {
            let Ok(Value::Object(fields)) = serde_json::from_str(text) else {
                return Err(self.problem(ProblemKind::NotJson));
            };
            self.object(&fields).map_err(|kind| self.problem(kind))?;
        }
        self.lines += 1;
        Ok(())
    }

    /// The first line of the format is optional, and may occur repeatedly in files that were concatenated.
    fn object(&mut self, fields: &Fields) -> Result<(), ProblemKind> {
        if fields.contains_key("ws-echo") {
            self.headed = true;
            let version = number(fields, "version");
            let is_known = version.is_some_and(|version| (1..=VERSION).contains(&version));
            return if is_known { Ok(()) } else { Err(ProblemKind::Version) };
        }
        let id = self.entries.last().map_or(1, |last| last.id + 1);
        let entry = entry(fields, id).map_err(ProblemKind::Field)?;
        self.entries.push(entry);
        Ok(())
    }

    const fn problem(&self, kind: ProblemKind) -> Problem {
        Problem { line: self.lines + 1, kind }
    }
}

fn entry(fields: &Fields, id: u64) -> Result<Entry, Field> {
    let text = |field: Field| string(fields, field.name()).ok_or(field);
    if fields.contains_key(Field::Event.name()) {
        let event = event(fields, text(Field::Event)?)?;
        let at_ms = rfc3339::parse(text(Field::Time)?).ok_or(Field::Time)?;
        return Ok(Entry { id, at_ms, content: Content::Event(event.into()) });
    }
    let direction = match text(Field::Direction)? {
        "sent" => Direction::Sent,
        "received" => Direction::Received,
        _ => return Err(Field::Direction),
    };
    let at_ms = rfc3339::parse(text(Field::Time)?).ok_or(Field::Time)?;
    let body = match text(Field::Kind)? {
        "text" => Body::text(text(Field::Text)?),
        "binary" => Body::binary(bytes_input::base64(text(Field::Base64)?).map_err(|_| Field::Base64)?),
        _ => return Err(Field::Kind),
    };
    let round_trip_ms = match fields.get(Field::RoundTrip.name()) {
        None | Some(Value::Null) => None,
        Some(value) => Some(value.as_f64().filter(|ms| *ms >= 0.0).ok_or(Field::RoundTrip)?),
    };
    Ok(Entry { id, at_ms, content: Content::Message(Message { direction, body, round_trip_ms }) })
}

fn event(fields: &Fields, name: &str) -> Result<ConnectionEvent, Field> {
    const OPEN_MS: Field = Field::Number("openMs");
    let words = |name| string(fields, name).map(|text| text.to_owned().into()).ok_or(Field::Words(name));
    let flag = |name| fields.get(name).and_then(Value::as_bool).ok_or(Field::Flag(name));
    let small =
        |name| number(fields, name).and_then(|number| number.try_into().ok()).ok_or(Field::Number(name));
    let code = || {
        let code = number(fields, Field::Code.name()).and_then(|code| code.try_into().ok());
        code.map(CloseCode).ok_or(Field::Code)
    };
    Ok(match name {
        "opened" => ConnectionEvent::Opened {
            url: words("url")?,
            protocol: words("protocol")?,
            extensions: words("extensions")?,
        },
        "closed" => ConnectionEvent::Closed {
            url: words("url")?,
            closed: Closed {
                code: code()?,
                reason: words("reason")?,
                open_ms: if fields.contains_key(OPEN_MS.name()) {
                    Some(number(fields, OPEN_MS.name()).ok_or(OPEN_MS)?)
                } else {
                    None
                },
                asked: flag("asked")?,
                clean: flag("clean")?,
            },
        },
        "reconnecting" => {
            ConnectionEvent::Reconnecting(Wait { attempt: small("attempt")?, delay_ms: small("delayMs")? })
        }
        "not-reconnecting" => ConnectionEvent::NotReconnecting(Halt::of(code()?).ok_or(Field::Code)?),
        "not-sent" => ConnectionEvent::NotSent { reason: words("reason")? },
        _ => return Err(Field::Event),
    })
}

/// Returns the string with this name. Returns `None` if it is missing or no string.
fn string<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    fields.get(name).and_then(Value::as_str)
}

/// Returns the whole number with this name. Returns `None` if it is missing or no such number.
fn number(fields: &Fields, name: &str) -> Option<u64> {
    fields.get(name).and_then(Value::as_u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"{"way":"sent","time":"2026-11-22T18:20:28.123Z","kind":"text","data":"a"}"#;

    fn read(file: impl AsRef<[u8]>) -> Result<Vec<Entry>, Problem> {
        let mut reader = Reader::default();
        reader.feed(file.as_ref())?;
        reader.finish()
    }

    fn kind(line: &str) -> ProblemKind {
        read(line).unwrap_err().kind
    }

    #[test]
    fn header_blank_lines_and_line_ends_do_not_matter() {
        let header = r#"{"ws-echo":"log","version":1}"#;
        for file in [
            format!("{TEXT}\n{TEXT}"),
            format!("{header}\r\n{TEXT}\r\n{TEXT}\r\n"),
            format!("\u{feff}\n\n{header}\n{TEXT}\n \t\n{TEXT}\n\n"),
            format!("{header}\n{TEXT}\n{header}\n{TEXT}"),
            format!("{}\n{TEXT}\n{TEXT}", header.replace('1', "2")),
        ] {
            let entries = read(&file).unwrap();
            let ids: Vec<u64> = entries.iter().map(|entry| entry.id).collect();
            assert_eq!(ids, [1, 2], "{file:?}");
        }
        let numbered = TEXT.replacen('{', "{\"id\":7,\"unknown\":[{}],", 1);
        assert_eq!(read(numbered).unwrap().first().map(|entry| entry.id), Some(1));
        assert_eq!(read(header).unwrap().len(), 0, "an empty log is a log");
        for file in ["", "\n\n", "\u{feff}"] {
            assert_eq!(kind(file), ProblemKind::Empty, "{file:?}");
        }
    }

    #[test]
    fn a_bad_line_is_told_by_its_number() {
        for (file, line) in [
            (format!("{TEXT}\n\nx\n"), 3),
            (format!("x\n{TEXT}"), 1),
            (format!("{TEXT}\r\n{TEXT}\r\n{}", &TEXT[..20]), 3),
        ] {
            assert_eq!(read(&file).err(), Some(Problem { line, kind: ProblemKind::NotJson }), "{file:?}");
        }
        let binary = [TEXT.as_bytes(), b"\n\xff\xfe\n"].concat();
        assert_eq!(read(binary).err(), Some(Problem { line: 2, kind: ProblemKind::NotText }));
    }

    #[test]
    fn what_is_wrong_is_told() {
        let deep = ["[", "{\"a\":"].map(|opening| opening.repeat(1 << 20));
        for line in ["[]", "1", "null", "{", "{\"a\":1}{}", "{'way':1}", &deep[0], &deep[1]] {
            assert_eq!(kind(line), ProblemKind::NotJson, "{line:.20}");
        }
        for line in ["", r#","version":0"#, r#","version":3"#]
            .map(|version| format!(r#"{{"ws-echo":"log"{version}}}"#))
        {
            assert_eq!(kind(&line), ProblemKind::Version, "{line}");
        }
        for (from, to, field) in [
            ("\"way\":", "\"Way\":", Field::Direction),
            ("sent", "back", Field::Direction),
            ("\"sent\"", "1", Field::Direction),
            ("2026-11-22T", "", Field::Time),
            ("text", "blob", Field::Kind),
            ("\"data\"", "\"dat\"", Field::Text),
            ("\"a\"", "1", Field::Text),
            ("\"text\",\"data\":\"a\"", "\"binary\",\"data\":\"a\"", Field::Base64),
            ("\"text\",\"data\"", "\"binary\",\"x\"", Field::Base64),
            ("\"data\"", "\"roundTripMs\":\"1\",\"data\"", Field::RoundTrip),
            ("\"data\"", "\"roundTripMs\":-1,\"data\"", Field::RoundTrip),
        ] {
            let line = TEXT.replacen(from, to, 1);
            assert_eq!(kind(&line), ProblemKind::Field(field), "{line}");
        }
    }

    #[test]
    fn a_bad_field_of_an_event_is_told() {
        const TIME: &str = r#""time":"2026-11-22T18:20:28.123Z""#;
        const CLOSED: &str =
            r#""event":"closed","url":"","code":1000,"reason":"","clean":true,"asked":true,"openMs":1"#;
        const OPENED: &str = r#""event":"opened","url":"u","protocol":"p","extensions":"e""#;
        const WAIT: &str = r#""event":"reconnecting","attempt":1,"delayMs":2"#;
        const HALT: &str = r#""event":"not-reconnecting","code":1000"#;
        const NOT_SENT: &str = r#""event":"not-sent","reason":"r""#;
        for (event, from, to, field) in [
            (CLOSED, "closed", "vanished", Field::Event),
            (CLOSED, "\"closed\"", "1", Field::Event),
            (CLOSED, "url", "link", Field::Words("url")),
            (CLOSED, "1000", "65536", Field::Code),
            (CLOSED, "\"clean\":true", "\"clean\":1", Field::Flag("clean")),
            (CLOSED, "\"openMs\":1", "\"openMs\":-1", Field::Number("openMs")),
            (OPENED, "\"p\"", "1", Field::Words("protocol")),
            (WAIT, "1", "1.5", Field::Number("attempt")),
            (HALT, "1000", "1006", Field::Code),
            (NOT_SENT, "\"r\"", "null", Field::Words("reason")),
        ] {
            let line = |event: &str| format!("{{{TIME},{event}}}");
            assert_eq!(read(line(event)).map(|entries| entries.len()), Ok(1), "{event}");
            assert_eq!(kind(&line(&event.replacen(from, to, 1))), ProblemKind::Field(field), "{event}");
            assert_eq!(kind(&format!("{{{event}}}")), ProblemKind::Field(Field::Time), "{event}");
        }
    }
}
