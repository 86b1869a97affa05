//! JSON (RFC 8259): a check that explains a fault, and a formatter that keeps every token as it was written.
//!
//! Values are not decoded, so numbers keep their digits, duplicate names stay, and escapes keep their spelling. Nothing here is
//! recursive, so the depth of a text is limited only by its length.

use serde::de::IgnoredAny;
use yew::AttrValue;

use super::position::{Position, placed, shown};
use crate::texts::{Texts, fill};

/// Maximum depth at which the formatter breaks lines; deeper containers stay on one line. Without it, indentation would grow with
/// the square of the length of a deeply nested text.
const LINES_DEPTH: usize = 64;

/// Maximum length of a formatted text, in bytes.
const PRETTY_BYTES: usize = 128 << 20;

const INDENT: &str = "  ";

const SPACE: [char; 4] = [' ', '\t', '\n', '\r'];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JsonProblem {
    /// Bytes in front of it.
    pub at: usize,
    pub position: Position,
    pub kind: JsonKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonKind {
    End,
    EndInString,
    /// A character that is not allowed here.
    Unexpected(char),
    /// A comma directly before `]` or `}`.
    TrailingComma,
    /// Two values without a comma between them.
    MissingComma,
    /// A member name without a colon behind it.
    MissingColon,
    /// A member name without quotes, or single quotes.
    Unquoted,
    /// A word other than `true`, `false` and `null`.
    Word,
    /// A number that RFC 8259 section 6 does not allow: `01`, `+1`, `.5`, `1.`, `0x1`.
    Number,
    /// A backslash without an escape of RFC 8259 section 7.
    Escape,
    /// A line end, a tab or another control character inside a string, not written as an escape.
    ControlCharacter,
    /// More text behind the value.
    More,
    /// Valid JSON that would be too long when formatted.
    TooLong,
}

/// Validates a JSON text. Returns its first fault.
pub fn check(text: &str) -> Result<(), JsonProblem> {
    // serde_json reads a value that is ignored without recursion, which keeps deep texts off the stack.
    serde_json::from_str(text).map(|_: IgnoredAny| ()).map_err(|error| JsonProblem::of(text, &error))
}

/// Formats a JSON text: one line per value, indented by two spaces. Returns the first fault of other text.
pub fn pretty(text: &str) -> Result<String, JsonProblem> {
    check(text)?;
    let mut out = String::with_capacity(text.len() * 2);
    let (mut depth, mut before) = (0_usize, 0);
    let mut rest = text.trim_start_matches(SPACE);
    while let Some(&first) = rest.as_bytes().first() {
        let (token, behind) = rest.split_at(token_length(rest));
        let has_lines = depth <= LINES_DEPTH;
        if matches!(first, b']' | b'}') {
            depth = depth.saturating_sub(1);
        }
        match (before, first) {
            (_, b',' | b':') | (b'[', b']') | (b'{', b'}') => {}
            (b':', _) => out.push(' '),
            (b',', _) if !has_lines => out.push(' '),
            (b'[' | b'{' | b',', _) | (_, b']' | b'}') if has_lines => {
                out.push('\n');
                out.extend(std::iter::repeat_n(INDENT, depth));
            }
            _ => {}
        }
        if matches!(first, b'[' | b'{') {
            depth += 1;
        }
        out.push_str(token);
        if out.len() > PRETTY_BYTES {
            return Err(JsonProblem::at(text, text.len() - rest.len(), JsonKind::TooLong));
        }
        before = first;
        rest = behind.trim_start_matches(SPACE);
    }
    Ok(out)
}

/// Returns the length in bytes of the token at the beginning of the rest of a valid text.
fn token_length(rest: &str) -> usize {
    let is_plain = |byte: &u8| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b',' | b':' | b']' | b'}');
    match rest.as_bytes() {
        [b'"', string @ ..] => {
            let mut is_escaped = false;
            let characters = string.iter().take_while(|byte| {
                let is_end = **byte == b'"' && !is_escaped;
                is_escaped = **byte == b'\\' && !is_escaped;
                !is_end
            });
            characters.count() + 2
        }
        [b'[' | b'{' | b']' | b'}' | b',' | b':', ..] => 1,
        plain => plain.iter().take_while(|byte| is_plain(byte)).count(),
    }
}

/// Finds the position and the kind of a fault. `behind` is the byte behind the one at which serde_json stopped, and `message` says
/// why it did.
fn fault(text: &str, behind: usize, message: &str) -> (usize, JsonKind) {
    let is = |start| message.starts_with(start);
    let until = |at| text.get(..text.floor_char_boundary(at)).unwrap_or(text);
    if is("EOF") {
        let in_string = is("EOF while parsing a string");
        return (text.len(), if in_string { JsonKind::EndInString } else { JsonKind::End });
    }
    if is("control character") {
        // Here, serde_json stops in front of the byte.
        return (behind, JsonKind::ControlCharacter);
    }
    if is("invalid escape") {
        return (until(behind).rfind('\\').unwrap_or(behind), JsonKind::Escape);
    }
    let at = behind.saturating_sub(1);
    let bad = text.get(at..).and_then(|rest| rest.chars().next()).unwrap_or_default();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.' | '_');
    let start = until(at).trim_end_matches(is_plain).len();
    if is("expected ident") || (start < at && is_plain(bad)) {
        let is_word = text.as_bytes().get(start).is_some_and(u8::is_ascii_alphabetic);
        return (start, if is_word { JsonKind::Word } else { JsonKind::Number });
    }
    let comma = until(at).trim_end_matches(SPACE).strip_suffix(',').map(str::len);
    let kind = match (bad, comma) {
        _ if is("trailing characters") => JsonKind::More,
        _ if is("expected `:`") => JsonKind::MissingColon,
        _ if is("invalid number") => JsonKind::Number,
        (']' | '}', Some(comma)) => return (comma, JsonKind::TrailingComma),
        ('"' | '[' | '{' | '-' | '0'..='9' | 'a'..='z', _) if is("expected `,`") => JsonKind::MissingComma,
        ('_' | '$' | 'a'..='z' | 'A'..='Z', _) if is("key must be a string") => JsonKind::Unquoted,
        ('\'', _) => JsonKind::Unquoted,
        ('_' | '$' | 'a'..='z' | 'A'..='Z', _) => JsonKind::Word,
        ('+' | '.', _) => JsonKind::Number,
        _ => JsonKind::Unexpected(bad),
    };
    (at, kind)
}

impl JsonProblem {
    fn of(text: &str, error: &serde_json::Error) -> Self {
        // serde_json counts lines by line feeds only, and columns in bytes.
        let lines = text.split_inclusive('\n').take(error.line().saturating_sub(1));
        let behind = lines.map(str::len).sum::<usize>() + error.column();
        let (at, kind) = fault(text, behind, &error.to_string());
        Self::at(text, at, kind)
    }

    fn at(text: &str, at: usize, kind: JsonKind) -> Self {
        Self { at, position: Position::of(text, at), kind }
    }

    pub fn text(&self, texts: &Texts) -> AttrValue {
        let said = &texts.composer;
        let what = match self.kind {
            JsonKind::End => said.json_end,
            JsonKind::EndInString => said.json_end_in_string,
            JsonKind::Unexpected(_) => said.json_unexpected,
            JsonKind::TrailingComma => said.json_trailing_comma,
            JsonKind::MissingComma => said.json_missing_comma,
            JsonKind::MissingColon => said.json_missing_colon,
            JsonKind::Unquoted => said.json_unquoted,
            JsonKind::Word => said.json_word,
            JsonKind::Number => said.json_number,
            JsonKind::Escape => said.json_escape,
            JsonKind::ControlCharacter => said.json_control,
            JsonKind::More => said.json_more,
            JsonKind::TooLong => said.json_too_long,
        };
        match self.kind {
            JsonKind::Unexpected(bad) => placed(self.position, &fill(what, &[("bad", &shown(bad))]), texts),
            _ => placed(self.position, what, texts),
        }
    }
}

#[cfg(test)]
#[path = "json_tests.rs"]
mod tests;
