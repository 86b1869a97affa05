//! Parser and writer of bytes as text: hexadecimal or Base64.

use serde::{Deserialize, Serialize};

use super::line_end::LineEnds;
use super::position::Position;

/// Interpretation of the composer's text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// A text message, as it stands.
    #[default]
    Text,
    /// Bytes in hexadecimal.
    Hex,
    /// Bytes in Base64.
    Base64,
}

/// A fault in text that should contain bytes, and its position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BytesProblem {
    /// Position of the first bad character.
    pub position: Position,
    pub kind: BytesKind,
}

/// Kind of a fault in text that should contain bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BytesKind {
    /// A character that is not a hexadecimal digit.
    Hex(char),
    /// A byte with a single hexadecimal digit.
    HexOdd,
    /// A character outside the Base64 alphabet.
    Base64(char),
    /// A character behind the padding.
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
    /// The text is invalid in its own mode.
    Wrong,
    /// The bytes are not UTF-8.
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
    /// All modes, in the order of the menu.
    pub const ALL: [Self; 3] = [Self::Text, Self::Hex, Self::Base64];

    /// Returns the name used in forms.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Hex => "hex",
            Self::Base64 => "base64",
        }
    }

    /// Returns the mode of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.name() == name)
    }

    /// Returns the bytes that the text represents.
    ///
    /// # Errors
    ///
    /// Returns the first fault of the text. Text mode has no errors.
    pub fn bytes(self, text: &str) -> Result<Vec<u8>, BytesProblem> {
        match self {
            Self::Text => Ok(text.as_bytes().to_vec()),
            Self::Hex => hex(text),
            Self::Base64 => base64(text),
        }
    }

    /// Writes the bytes of `text` in the mode `to`. Line ends of a text are kept.
    ///
    /// # Errors
    ///
    /// Returns the reason if the conversion is impossible.
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
///
/// # Errors
///
/// Returns the first bad character.
pub fn hex(text: &str) -> Result<Vec<u8>, BytesProblem> {
    let mut out = Vec::with_capacity(text.len() / 2);
    let mut rest = text.as_bytes();
    let mut fresh = true;
    loop {
        match rest {
            [] => return Ok(out),
            [byte, after @ ..] if is_between(*byte) => {
                fresh = true;
                rest = after;
            }
            [b'0', b'x' | b'X', after @ ..] if fresh => {
                fresh = false;
                rest = after;
                if !after.first().is_some_and(u8::is_ascii_hexdigit) {
                    return Err(not_a_digit(text, rest));
                }
            }
            [high, after @ ..] => {
                let high = hex_digit(*high).ok_or_else(|| not_a_digit(text, rest))?;
                let (low, after) = match after {
                    [low, after @ ..] if !is_between(*low) => (*low, after),
                    _ => return Err(BytesProblem::at(text, text.len() - rest.len(), BytesKind::HexOdd)),
                };
                let low =
                    hex_digit(low).ok_or_else(|| not_a_digit(text, rest.get(1..).unwrap_or_default()))?;
                out.push(high << 4 | low);
                fresh = false;
                rest = after;
            }
        }
    }
}

fn is_between(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b',' | b':')
}

/// Builds the fault for a missing digit: the first character of `rest` is bad, or the text ends too early.
fn not_a_digit(text: &str, rest: &[u8]) -> BytesProblem {
    let at = text.len() - rest.len();
    let bad = text.get(at..).and_then(|rest| rest.chars().next());
    BytesProblem::at(text, at, bad.map_or(BytesKind::HexOdd, BytesKind::Hex))
}

fn hex_digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

/// Reads Base64 (RFC 4648 sections 4 and 5): both alphabets, with white space anywhere, with or without padding.
///
/// # Errors
///
/// Returns the first bad character, or the last one if something is missing behind it.
pub fn base64(text: &str) -> Result<Vec<u8>, BytesProblem> {
    let problem = |at, kind| Err(BytesProblem::at(text, at, kind));
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count, mut padding) = (0_u32, 0_usize, 0_usize);
    let (mut last, mut last_value) = (0, 0);
    for (at, &byte) in text.as_bytes().iter().enumerate() {
        if matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
            continue;
        }
        if byte == b'=' {
            padding += 1;
            if count < 2 || count + padding > 4 {
                return problem(at, BytesKind::Base64Padding);
            }
            last = at;
            continue;
        }
        let Some(value) = base64_value(byte) else {
            let bad = text.get(at..).and_then(|rest| rest.chars().next()).unwrap_or_default();
            return problem(at, BytesKind::Base64(bad));
        };
        if padding > 0 {
            return problem(at, BytesKind::Base64AfterPadding);
        }
        bits = bits << 6 | value;
        count += 1;
        (last, last_value) = (at, at);
        if count == 4 {
            let [_, bytes @ ..] = bits.to_be_bytes();
            out.extend(bytes);
            (bits, count) = (0, 0);
        }
    }
    if padding > 0 && count + padding != 4 {
        return problem(last, BytesKind::Base64Padding);
    }
    // Two characters hold one byte and 4 spare bits, three hold two bytes and 2 spare bits.
    let spare = match count {
        0 => return Ok(out),
        1 => return problem(last_value, BytesKind::Base64Single),
        2 => 4,
        _ => 2,
    };
    if bits.trailing_zeros() < spare {
        return problem(last_value, BytesKind::Base64Bits);
    }
    let [_, _, first, second] = (bits >> spare).to_be_bytes();
    out.extend((count > 2).then_some(first));
    out.push(second);
    Ok(out)
}

fn base64_value(byte: u8) -> Option<u32> {
    let value = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    };
    Some(value.into())
}

/// Writes bytes as pairs of hexadecimal digits with spaces between them.
pub fn to_hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 3);
    for &byte in bytes {
        if !out.is_empty() {
            out.push(' ');
        }
        for digit in [byte >> 4, byte & 15] {
            out.push(char::from_digit(digit.into(), 16).unwrap_or_default());
        }
    }
    out
}

/// Writes bytes in the standard alphabet (RFC 4648 section 4) with padding, on one line.
pub fn to_base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |index: usize| group.get(index).copied().map_or(0, u32::from);
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for (index, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            let letter = ALPHABET.get((bits >> shift & 63) as usize).copied().map_or('=', char::from);
            out.push(if index <= group.len() { letter } else { '=' });
        }
    }
    out
}

#[cfg(test)]
#[path = "bytes_input_tests.rs"]
mod tests;
