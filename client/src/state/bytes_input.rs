//! Bytes as people write them: in hexadecimal or in Base64.

use super::line_end::LineEnds;
use super::position::Position;

/// How the text of the composer is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mode {
    /// It is a text message as it stands.
    #[default]
    Text,
    /// It is bytes in hexadecimal.
    Hex,
    /// It is bytes in Base64.
    Base64,
}

/// What is wrong with bytes that were typed, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BytesProblem {
    /// The place of the first bad character.
    pub position: Position,
    /// What is wrong there.
    pub kind: BytesKind,
}

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BytesKind {
    /// No hexadecimal digit.
    Hex(char),
    /// A single digit where a byte has two.
    HexOdd,
    /// No character of Base64.
    Base64(char),
    /// A character more behind the padding.
    Base64AfterPadding,
    /// The number of `=` is wrong.
    Base64Padding,
    /// A last group of one character, which is less than a byte.
    Base64Single,
    /// The last character has bits that belong to no byte (RFC 4648 section 3.5).
    Base64Bits,
}

/// Why what was typed cannot be written in another mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unconvertible {
    /// It is wrong already.
    Wrong,
    /// The bytes are no UTF-8.
    NoText,
    /// The bytes are a text whose line ends differ, which a text field would lose.
    MixedLineEnds,
}

impl BytesProblem {
    fn at(text: &str, at: usize, kind: BytesKind) -> Self {
        Self { position: Position::of(text, at), kind }
    }
}

impl Mode {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Text, Self::Hex, Self::Base64];

    /// The name in storage and in forms.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Hex => "hex",
            Self::Base64 => "base64",
        }
    }

    /// The mode of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.name() == name)
    }

    /// The bytes that the text stands for.
    ///
    /// # Errors
    ///
    /// What is wrong with it. In text mode nothing is.
    pub fn bytes(self, text: &str) -> Result<Vec<u8>, BytesProblem> {
        match self {
            Self::Text => Ok(text.as_bytes().to_vec()),
            Self::Hex => hex(text),
            Self::Base64 => base64(text),
        }
    }

    /// The same bytes, written in another mode. A text has its line ends.
    ///
    /// # Errors
    ///
    /// Why they cannot be.
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

/// Reads bytes of two hexadecimal digits. Space, commas and colons may stand between bytes, and `0x` in front.
///
/// # Errors
///
/// The first bad character.
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

/// What may stand between bytes.
fn is_between(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b',' | b':')
}

/// The rest begins with no digit; at the end, the digits are missing.
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

/// Reads Base64 (RFC 4648 sections 4 and 5): of both alphabets, with space anywhere, with padding or without.
///
/// # Errors
///
/// The first bad character, or the last one if something is missing behind it.
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
    // Two characters carry a byte and 4 bits more, three carry two bytes and 2 bits more.
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

/// Bytes of two digits, parted by spaces.
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

/// The standard alphabet (RFC 4648 section 4), padded, in one line.
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
