//! Parser and writer of bytes as text: hexadecimal or Base64.

use std::fmt::Write as _;

use base64ct::{Base64, Base64Unpadded, Encoding as _};

use super::line_end::LineEnds;
use super::position::Position;

/// Interpretation of the composer's text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mode {
    /// A text message, as it stands.
    #[default]
    Text,
    Hex,
    Base64,
}

/// A fault in text that should contain bytes, and its position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BytesProblem {
    /// Position of the first bad character.
    pub position: Position,
    pub kind: BytesKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BytesKind {
    /// A character that is not a hexadecimal digit.
    Hex(char),
    /// A byte with a single hexadecimal digit.
    HexOdd,
    /// A character outside the Base64 alphabet.
    Base64(char),
    Base64AfterPadding,
    /// The wrong number of `=`.
    Base64Padding,
    /// A last group of one character, which is less than a byte.
    Base64Single,
    /// The last character has bits that belong to no byte (RFC 4648 section 3.5).
    Base64Bits,
}

/// Reason that text cannot be converted to another mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unconvertible {
    Wrong,
    NoText,
    /// The bytes are text with mixed line ends, which a text field would lose.
    MixedLineEnds,
}

impl BytesProblem {
    fn at(text: &str, at: usize, kind: BytesKind) -> Self {
        Self { position: Position::of(text, at), kind }
    }
}

impl Mode {
    pub const ALL: [Self; 3] = [Self::Text, Self::Hex, Self::Base64];

    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Hex => "hex",
            Self::Base64 => "base64",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.name() == name)
    }

    /// Returns the bytes that the text represents, or its first fault. Text mode has no faults.
    pub fn bytes(self, text: &str) -> Result<Vec<u8>, BytesProblem> {
        match self {
            Self::Text => Ok(text.as_bytes().to_vec()),
            Self::Hex => hex(text),
            Self::Base64 => base64(text),
        }
    }

    /// Writes the bytes of `text` in the mode `to`. Line ends of a text are kept.
    pub fn convert(self, text: &str, to: Self) -> Result<String, Unconvertible> {
        let bytes = self.bytes(text).map_err(|_| Unconvertible::Wrong)?;
        match to {
            Self::Hex => Ok(to_hex(&bytes)),
            Self::Base64 => Ok(to_base64(&bytes)),
            Self::Text => {
                let text = String::from_utf8(bytes).map_err(|_| Unconvertible::NoText)?;
                match LineEnds::of(&text) {
                    LineEnds::Mixed(_) => Err(Unconvertible::MixedLineEnds),
                    LineEnds::None | LineEnds::Same(_) => Ok(text),
                }
            }
        }
    }
}

/// Reads bytes of two hexadecimal digits. White space, commas and colons may separate bytes, and `0x` may precede them.
pub fn hex(text: &str) -> Result<Vec<u8>, BytesProblem> {
    let mut out = Vec::with_capacity(text.len() / 2);
    let mut behind = 0;
    for group in text.split([' ', '\t', '\n', '\r', ',', ':']) {
        behind += group.len();
        let digits = group.strip_prefix("0x").or_else(|| group.strip_prefix("0X")).unwrap_or(group);
        let problem = |left, kind| Err(BytesProblem::at(text, behind - left, kind));
        if let Some((place, bad)) = digits.char_indices().find(|(_, c)| !c.is_ascii_hexdigit()) {
            return problem(digits.len() - place, BytesKind::Hex(bad));
        }
        if digits.len() % 2 == 1 || (digits.is_empty() && !group.is_empty()) {
            return problem(digits.len().min(1), BytesKind::HexOdd);
        }
        let pairs = (0..digits.len()).step_by(2).filter_map(|at| digits.get(at..at + 2));
        out.extend(pairs.filter_map(|pair| u8::from_str_radix(pair, 16).ok()));
        behind += 1;
    }
    Ok(out)
}

/// Reads Base64 (RFC 4648 sections 4 and 5): both alphabets, with white space anywhere, with or without padding. A fault is at
/// the first bad character, or at the last one if something is missing behind it.
pub fn base64(text: &str) -> Result<Vec<u8>, BytesProblem> {
    let is_space = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r');
    let is_known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '-' | '_') || is_space(c);
    let body = text.trim_end_matches(|c| c == '=' || is_space(c));
    if let Some((at, bad)) = body.char_indices().find(|(_, c)| !is_known(*c)) {
        let kind = if bad == '=' { BytesKind::Base64AfterPadding } else { BytesKind::Base64(bad) };
        return Err(BytesProblem::at(text, at, kind));
    }
    let symbols: String = body
        .chars()
        .filter(|symbol| !is_space(*symbol))
        .map(|symbol| match symbol {
            '-' => '+',
            '_' => '/',
            symbol => symbol,
        })
        .collect();
    let bytes = Base64Unpadded::decode_vec(&symbols).map_err(|_| {
        let is_single = symbols.len() % 4 == 1;
        let kind = if is_single { BytesKind::Base64Single } else { BytesKind::Base64Bits };
        BytesProblem::at(text, body.len().saturating_sub(1), kind)
    })?;
    let padding = text.bytes().filter(|byte| *byte == b'=').count();
    match text.rfind('=') {
        Some(at) if padding > 2 || !(symbols.len() + padding).is_multiple_of(4) => {
            Err(BytesProblem::at(text, at, BytesKind::Base64Padding))
        }
        _ => Ok(bytes),
    }
}

/// Writes bytes as pairs of hexadecimal digits with spaces between them.
pub fn to_hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 3);
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(out, "{}{byte:02x}", if out.is_empty() { "" } else { " " });
    }
    out
}

/// Writes bytes in the standard alphabet (RFC 4648 section 4) with padding, on one line.
pub fn to_base64(bytes: &[u8]) -> String {
    Base64::encode_string(bytes)
}

#[cfg(test)]
#[path = "bytes_input_tests.rs"]
mod tests;
