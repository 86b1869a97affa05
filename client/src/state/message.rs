//! A message, sent or received.

use std::fmt::Write as _;
use std::rc::Rc;

/// How many characters of a text a row shows. The widest screen has room for fewer.
pub const ROW_CHARACTERS: usize = 500;

/// How many bytes of a binary message a row shows.
pub const ROW_BYTES: usize = 64;

/// What a message carried. A clone shares it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// A text message.
    Text(Rc<str>),
    /// A binary message.
    Binary(Rc<[u8]>),
}

/// Which way a message went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// From the page.
    Sent,
    /// To the page.
    Received,
}

/// The kind of a message, by its opcode (RFC 6455 section 5.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Opcode 1.
    Text,
    /// Opcode 2.
    Binary,
}

/// A message in the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its place, counted from 1; no two messages of a log have the same, and the numbers have no gap.
    pub id: u64,
    /// Which way it went.
    pub way: Way,
    /// When it was handed to the browser, or by it, in milliseconds since 1970, with fractions.
    pub at_ms: f64,
    /// What it carried.
    pub body: Body,
    /// For an echo, the time since the message that came back was sent, in milliseconds.
    pub round_trip_ms: Option<f64>,
}

impl Body {
    /// A text message.
    pub fn text(text: impl Into<Rc<str>>) -> Self {
        Self::Text(text.into())
    }

    /// A binary message.
    pub fn binary(bytes: impl Into<Rc<[u8]>>) -> Self {
        Self::Binary(bytes.into())
    }

    /// The payload, as it travels.
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Binary(bytes) => bytes,
        }
    }

    /// The length of the payload in bytes.
    pub fn bytes(&self) -> usize {
        self.as_bytes().len()
    }

    /// Text or binary.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Text(_) => Kind::Text,
            Self::Binary(_) => Kind::Binary,
        }
    }

    /// The beginning, as one line: of a text the first [`ROW_CHARACTERS`], with a sign for each control character; of bytes
    /// the first [`ROW_BYTES`] in hexadecimal.
    pub fn row(&self) -> String {
        match self {
            Self::Text(text) => text.chars().take(ROW_CHARACTERS).map(visible).collect(),
            Self::Binary(bytes) => hex(&bytes[..bytes.len().min(ROW_BYTES)]),
        }
    }
}

/// Pairs of hexadecimal digits, parted by spaces.
fn hex(bytes: &[u8]) -> String {
    let mut digits = String::with_capacity(bytes.len() * 3);
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(digits, "{}{byte:02x}", if digits.is_empty() { "" } else { " " });
    }
    digits
}

/// A sign for a control character, from the block of control pictures; any other character as it is.
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
        assert_eq!(Body::binary([0, 0x0f, 0xff]).row(), "00 0f ff");
        assert_eq!(Body::binary([0xab; 100]).row().len(), ROW_BYTES * 3 - 1);
    }

    #[test]
    fn a_size_is_that_of_the_payload() {
        assert_eq!((Body::text("🦀").bytes(), Body::binary([0; 3]).bytes()), (4, 3));
        assert_eq!((Body::text("").kind(), Body::binary([]).kind()), (Kind::Text, Kind::Binary));
    }
}
