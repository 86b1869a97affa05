//! The entries of the log: messages, and events of the connection between them.

use std::rc::Rc;

use super::event::ConnectionEvent;
use crate::common::bytes_input::to_hex;

/// Maximum number of a text's characters in a row. The widest screen has room for fewer.
pub const ROW_CHARACTERS: usize = 500;

/// Maximum number of a binary message's bytes in a row.
pub const ROW_BYTES: usize = 64;

/// Number of bytes of a text before a place that still show the beginning of the text, and that are shown otherwise.
const TEXT_LEAD: (usize, usize) = (48, 24);

/// The same for a binary message.
const BYTES_LEAD: (usize, usize) = (12, 4);

/// Part of a payload, in bytes. An empty one is no place.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Place {
    pub start: u32,
    pub end: u32,
}

/// Payload of a message. Clones share the memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    Text(Rc<str>),
    Binary(Rc<[u8]>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From the page.
    Sent,
    /// To the page.
    Received,
}

/// Kind of a message, by its opcode (RFC 6455 section 5.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Opcode 1.
    Text,
    /// Opcode 2.
    Binary,
}

/// An entry of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Identifier in the log, from 1; unique and without gaps.
    pub id: u64,
    /// Time of the event, or time at which the message passed between the page and the browser, in milliseconds since 1970, with
    /// fractions.
    pub at_ms: f64,
    pub content: Content,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    Message(Message),
    /// Shared, because the log may hold a million entries, and nearly all are messages, which are smaller.
    Event(Rc<ConnectionEvent>),
}

/// A sent or received message.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    pub direction: Direction,
    pub body: Body,
    /// Round trip of an echo, in milliseconds: the time since its original was sent.
    pub round_trip_ms: Option<f64>,
}

impl Entry {
    /// Returns the message, unless the entry is an event.
    pub const fn message(&self) -> Option<&Message> {
        if let Content::Message(message) = &self.content { Some(message) } else { None }
    }
}

impl Content {
    /// Returns the length of the payload, or of the event's texts, in bytes.
    pub fn bytes(&self) -> usize {
        match self {
            Self::Message(message) => message.body.bytes(),
            Self::Event(event) => event.bytes(),
        }
    }
}

impl Body {
    pub fn text(text: impl Into<Rc<str>>) -> Self {
        Self::Text(text.into())
    }

    pub fn binary(bytes: impl Into<Rc<[u8]>>) -> Self {
        Self::Binary(bytes.into())
    }

    /// Returns the payload as it is transmitted.
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Binary(bytes) => bytes,
        }
    }

    pub fn bytes(&self) -> usize {
        self.as_bytes().len()
    }

    pub const fn kind(&self) -> Kind {
        match self {
            Self::Text(_) => Kind::Text,
            Self::Binary(_) => Kind::Binary,
        }
    }

    /// Returns a part of the payload as one line, like [`row`](Self::row): the beginning, or, if the place is further on, from a little
    /// before it. The parts are the text before the place, the place, and the text behind it; without a place, all is behind it.
    pub fn excerpt(&self, place: Place) -> [String; 3] {
        let (start, end) = (self.cut(place.start), self.cut(place.end));
        if start >= end {
            return [String::new(), String::new(), self.row()];
        }
        let (far, lead) = if self.kind() == Kind::Text { TEXT_LEAD } else { BYTES_LEAD };
        let from = if start > far { self.cut((start - lead) as u32) } else { 0 };
        let parts = [from..start, start..end, end..self.bytes()].map(|part| match self {
            Self::Text(text) => line(text.get(part).unwrap_or_default()),
            Self::Binary(bytes) => to_hex(&bytes[part.start..part.end.min(part.start + ROW_BYTES)]),
        });
        let [mut before, place, mut behind] = parts;
        if self.kind() == Kind::Binary {
            before.push_str(if before.is_empty() { "" } else { " " });
            behind.insert(0, ' ');
        }
        before.insert_str(0, if from > 0 { "…" } else { "" });
        [before, place, behind]
    }

    /// Returns the nearest position at or before one where the payload can be cut.
    fn cut(&self, at: u32) -> usize {
        let at = (at as usize).min(self.bytes());
        match self {
            Self::Text(text) => (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default(),
            Self::Binary(_) => at,
        }
    }

    /// Returns the beginning as one line: the first [`ROW_CHARACTERS`] of a text, with a symbol for each control character, and for
    /// each space if there is nothing else, or
    /// the first [`ROW_BYTES`] of a binary message in hexadecimal.
    pub fn row(&self) -> String {
        match self {
            Self::Text(text) => {
                let row = line(text);
                if row.trim().is_empty() { row.chars().map(|_| '␣').collect() } else { row }
            }
            Self::Binary(bytes) => to_hex(&bytes[..bytes.len().min(ROW_BYTES)]),
        }
    }
}

/// Returns the first [`ROW_CHARACTERS`] as one line.
fn line(text: &str) -> String {
    text.chars().take(ROW_CHARACTERS).map(visible).collect()
}

/// Replaces a control character by its symbol from the block "Control Pictures".
fn visible(c: char) -> char {
    match c {
        '\n' => '⏎',
        '\t' => '⇥',
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_one_line_and_short() {
        assert_eq!(Body::text("a\n\tb\0\u{7f} 🦀").row(), "a⏎⇥b␀␡ 🦀");
        assert_eq!(Body::text("🦀".repeat(ROW_CHARACTERS + 1)).row(), "🦀".repeat(ROW_CHARACTERS));
        assert_eq!(Body::text("").row(), "");
        assert_eq!(Body::text("  \u{3000}").row(), "␣␣␣");
        assert_eq!(Body::text(" a ").row(), " a ");
        assert_eq!(Body::binary([0, 0x0f, 0xff]).row(), "00 0f ff");
        assert_eq!(Body::binary([0xab; 100]).row().len(), ROW_BYTES * 3 - 1);
    }

    #[test]
    fn an_excerpt_begins_near_its_place() {
        let excerpt = |body: &Body, start, end| body.excerpt(Place { start, end });
        let text = Body::text(format!("{}\nfound🦀{}", "é".repeat(50), "x".repeat(1_000)));
        let far = [format!("…{}⏎", "é".repeat(12)), "found🦀".into(), "x".repeat(ROW_CHARACTERS)];
        assert_eq!(excerpt(&text, 101, 110), far);
        assert_eq!(excerpt(&text, 101, 109)[1..2], ["found"], "an end within a character");
        assert_eq!(excerpt(&text, 4, 6), ["éé".into(), "é".into(), text.row()[6..].to_owned() + "xxx"]);
        assert_eq!(excerpt(&text, 7, 7), [String::new(), String::new(), text.row()]);
        assert_eq!(excerpt(&text, 5_000, 6_000)[2], text.row(), "beyond the end");
        let bytes = Body::binary((0..=255).collect::<Vec<u8>>());
        let hex = to_hex(&(0..=255).collect::<Vec<u8>>());
        assert_eq!(excerpt(&bytes, 0, 2), ["", "00 01", &hex[5..5 + 64 * 3]]);
        assert_eq!(excerpt(&bytes, 100, 101), ["…60 61 62 63 ", "64", &hex[302..302 + 64 * 3]]);
        assert_eq!(excerpt(&bytes, 255, 256), ["…fb fc fd fe ", "ff", " "]);
    }

    #[test]
    fn events_make_no_entry_larger() {
        assert_eq!(size_of::<Content>(), size_of::<Message>());
    }

    #[test]
    fn a_size_is_that_of_the_payload() {
        assert_eq!((Body::text("🦀").bytes(), Body::binary([0; 3]).bytes()), (4, 3));
        assert_eq!((Body::text("").kind(), Body::binary([]).kind()), (Kind::Text, Kind::Binary));
    }
}
