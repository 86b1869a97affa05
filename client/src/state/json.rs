//! Strict JSON (RFC 8259): a validator, and a formatter that keeps every token as it was written.
//!
//! Values are not decoded, so numbers keep their digits, duplicate names stay, and escapes keep their spelling. Nothing here is
//! recursive, so the depth of a text is limited only by its length.

use yew::AttrValue;

use super::position::Position;
use super::texts::{Texts, fill};
use super::verdict::{placed, shown};

/// Maximum depth at which the formatter breaks lines; deeper containers stay on one line. Without it, indentation would grow with
/// the square of the length of a deeply nested text.
const LINES_DEPTH: usize = 64;

/// Maximum length of a formatted text, in bytes.
const PRETTY_BYTES: usize = 128 << 20;

const INDENT: &str = "  ";

/// A fault in a JSON text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JsonProblem {
    /// Position, in bytes from the start.
    pub at: usize,
    /// Line, from 1.
    pub line: usize,
    /// Character within the line, from 1.
    pub column: usize,
    pub kind: JsonKind,
}

/// Kind of a fault in a JSON text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonKind {
    /// The text ends too early.
    End,
    /// The text ends inside a string.
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

/// Validates a JSON text.
///
/// # Errors
///
/// Returns the first fault.
pub fn check(text: &str) -> Result<(), JsonProblem> {
    walk(text, &mut |_, _| true).map_err(|fault| fault.problem(text))
}

/// Formats a JSON text: one line per value, indented by two spaces.
///
/// # Errors
///
/// Returns the first fault.
pub fn pretty(text: &str) -> Result<String, JsonProblem> {
    let mut pretty = Pretty { out: String::with_capacity(text.len() * 2), depth: 0, before: None };
    walk(text, &mut |token, written| pretty.put(token, written)).map_err(|fault| fault.problem(text))?;
    Ok(pretty.out)
}

impl JsonProblem {
    /// Describes the position and the fault.
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
        let position = Position { line: self.line, column: self.column };
        match self.kind {
            JsonKind::Unexpected(bad) => placed(position, &fill(what, &[("bad", &shown(bad))]), texts),
            _ => placed(position, what, texts),
        }
    }
}

pub(super) struct Fault {
    at: usize,
    kind: JsonKind,
}

impl Fault {
    fn problem(&self, text: &str) -> JsonProblem {
        let Position { line, column } = Position::of(text, self.at);
        JsonProblem { at: self.at, line, column, kind: self.kind }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    Open(Container),
    Close(Container),
    Comma,
    Colon,
    String,
    /// A number or a word.
    Plain,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Container {
    Array,
    Object,
}

/// Token that is allowed next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Value,
    /// Directly after `[`.
    ValueOrClose,
    /// Directly after `{`.
    NameOrClose,
    /// After a comma in an object.
    Name,
    Colon,
    CommaOrClose,
    Nothing,
}

/// Reads all tokens and passes each one with its text to `each`, until `each` returns false.
pub(super) fn walk(text: &str, each: &mut dyn FnMut(Token, &str) -> bool) -> Result<(), Fault> {
    let mut scanner = Scanner { bytes: text.as_bytes(), at: 0 };
    let mut containers = Vec::new();
    let mut next = Next::Value;
    let mut comma = None;
    loop {
        scanner.skip_space();
        let at = scanner.at;
        let fault = |kind| Fault { at, kind };
        let Some(&byte) = scanner.bytes.get(at) else {
            return if next == Next::Nothing { Ok(()) } else { Err(fault(JsonKind::End)) };
        };
        match (next, byte) {
            (Next::Nothing, _) => return Err(fault(JsonKind::More)),
            (Next::Value | Next::Name, b']' | b'}') => {
                if let Some(at) = comma {
                    return Err(Fault { at, kind: JsonKind::TrailingComma });
                }
            }
            (Next::Colon, _) if byte != b':' => return Err(fault(JsonKind::MissingColon)),
            (Next::Name | Next::NameOrClose, b'\'' | b'_' | b'$' | b'a'..=b'z' | b'A'..=b'Z')
            | (Next::Value | Next::ValueOrClose, b'\'') => return Err(fault(JsonKind::Unquoted)),
            (Next::CommaOrClose, b'"' | b'[' | b'{' | b'-' | b'0'..=b'9' | b'a'..=b'z') => {
                return Err(fault(JsonKind::MissingComma));
            }
            _ => {}
        }
        let token = scanner.token(byte)?;
        let written = text.get(at..scanner.at).unwrap_or_default();
        next = match (next, token) {
            (Next::Name | Next::NameOrClose, Some(Token::String)) => Next::Colon,
            (Next::Colon, Some(Token::Colon)) => Next::Value,
            (Next::Value | Next::ValueOrClose, Some(Token::Open(container))) => {
                containers.push(container);
                if container == Container::Array { Next::ValueOrClose } else { Next::NameOrClose }
            }
            (Next::Value | Next::ValueOrClose, Some(Token::String | Token::Plain)) => after(&containers),
            (Next::CommaOrClose, Some(Token::Comma)) => match containers.last() {
                Some(Container::Object) => Next::Name,
                _ => Next::Value,
            },
            (Next::CommaOrClose | Next::ValueOrClose | Next::NameOrClose, Some(Token::Close(container)))
                if containers.last() == Some(&container) =>
            {
                containers.pop();
                after(&containers)
            }
            _ => {
                let character = text.get(at..).and_then(|rest| rest.chars().next()).unwrap_or_default();
                return Err(fault(JsonKind::Unexpected(character)));
            }
        };
        comma = (token == Some(Token::Comma)).then_some(at);
        if !token.is_some_and(|token| each(token, written)) {
            return Err(fault(JsonKind::TooLong));
        }
    }
}

fn after(containers: &[Container]) -> Next {
    if containers.is_empty() { Next::Nothing } else { Next::CommaOrClose }
}

struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Scanner<'_> {
    fn skip_while(&mut self, belongs: impl Fn(u8) -> bool) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at += rest.iter().position(|&byte| !belongs(byte)).unwrap_or(rest.len());
    }

    fn skip_space(&mut self) {
        self.skip_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
    }

    /// Reads the token that starts with this byte and advances behind it. Returns `None` if no token starts with it.
    fn token(&mut self, first: u8) -> Result<Option<Token>, Fault> {
        let start = self.at;
        self.at += 1;
        Ok(Some(match first {
            b'[' => Token::Open(Container::Array),
            b'{' => Token::Open(Container::Object),
            b']' => Token::Close(Container::Array),
            b'}' => Token::Close(Container::Object),
            b',' => Token::Comma,
            b':' => Token::Colon,
            b'"' => {
                self.string()?;
                Token::String
            }
            b'-' | b'+' | b'.' | b'0'..=b'9' => {
                self.skip_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
                if !self.bytes.get(start..self.at).is_some_and(is_number) {
                    return Err(Fault { at: start, kind: JsonKind::Number });
                }
                Token::Plain
            }
            b'_' | b'$' | b'a'..=b'z' | b'A'..=b'Z' => {
                self.skip_while(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
                if !matches!(self.bytes.get(start..self.at), Some(b"true" | b"false" | b"null")) {
                    return Err(Fault { at: start, kind: JsonKind::Word });
                }
                Token::Plain
            }
            _ => return Ok(None),
        }))
    }

    /// Reads the rest of a string, behind its opening quote.
    fn string(&mut self) -> Result<(), Fault> {
        loop {
            self.skip_while(|byte| byte >= b' ' && byte != b'"' && byte != b'\\');
            let at = self.at;
            let fault = |kind| Err(Fault { at, kind });
            match self.bytes.get(at) {
                None => return fault(JsonKind::EndInString),
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => match self.bytes.get(at + 1) {
                    None => return Err(Fault { at: at + 1, kind: JsonKind::EndInString }),
                    Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 2,
                    Some(b'u') => {
                        let digits = self.bytes.get(at + 2..at + 6);
                        if !digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)) {
                            return fault(JsonKind::Escape);
                        }
                        self.at += 6;
                    }
                    Some(_) => return fault(JsonKind::Escape),
                },
                Some(_) => return fault(JsonKind::ControlCharacter),
            }
        }
    }
}

/// True if the text is a number (RFC 8259 section 6).
fn is_number(written: &[u8]) -> bool {
    let digits = |bytes: &[u8]| bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let rest = written.strip_prefix(b"-").unwrap_or(written);
    let whole = digits(rest);
    if whole == 0 || (whole > 1 && rest.starts_with(b"0")) {
        return false;
    }
    let mut rest = rest.get(whole..).unwrap_or_default();
    if let Some(fraction) = rest.strip_prefix(b".") {
        let count = digits(fraction);
        if count == 0 {
            return false;
        }
        rest = fraction.get(count..).unwrap_or_default();
    }
    match rest {
        [] => true,
        [b'e' | b'E', exponent @ ..] => {
            let exponent = match exponent {
                [b'+' | b'-', rest @ ..] => rest,
                _ => exponent,
            };
            !exponent.is_empty() && digits(exponent) == exponent.len()
        }
        _ => false,
    }
}

struct Pretty {
    out: String,
    depth: usize,
    before: Option<Token>,
}

impl Pretty {
    /// Appends a token. Returns false if the text has become too long.
    fn put(&mut self, token: Token, written: &str) -> bool {
        let after_open = matches!(self.before, Some(Token::Open(_)));
        match token {
            Token::Close(_) => {
                if !after_open {
                    self.line_within(self.depth, self.depth.saturating_sub(1));
                }
                self.depth = self.depth.saturating_sub(1);
            }
            Token::Comma | Token::Colon => {}
            _ if after_open => self.line_within(self.depth, self.depth),
            _ => match self.before {
                Some(Token::Colon) => self.out.push(' '),
                Some(Token::Comma) if self.depth > LINES_DEPTH => self.out.push(' '),
                Some(Token::Comma) => self.line_within(self.depth, self.depth),
                _ => {}
            },
        }
        if matches!(token, Token::Open(_)) {
            self.depth += 1;
        }
        self.out.push_str(written);
        self.before = Some(token);
        self.out.len() <= PRETTY_BYTES
    }

    /// Breaks the line, unless the container at this depth stays on one line.
    fn line_within(&mut self, depth: usize, indent: usize) {
        if depth <= LINES_DEPTH {
            self.out.push('\n');
            self.out.extend(std::iter::repeat_n(INDENT, indent));
        }
    }
}

#[cfg(test)]
#[path = "json_tests.rs"]
mod tests;
