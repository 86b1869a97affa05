//! JSON, strictly by RFC 8259: checked, and laid out anew with every token as it was written.
//!
//! No values are read, so no number loses a digit, no name its twin and no escape its spelling. Nothing here recurs: a text
//! may be nested as deep as it is long.

use yew::AttrValue;

use super::position::Position;
use super::texts::{Texts, fill};
use super::verdict::{placed, shown};

/// How deep a text is nested where its lines end: what is deeper stays in the line. Without this the indentation of deep
/// texts would grow with the square of their length.
const LINES_DEPTH: usize = 64;

/// How long a text may become when it is laid out.
const PRETTY_BYTES: usize = 128 << 20;

const INDENT: &str = "  ";

/// Why a text is not JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JsonProblem {
    /// Where, in bytes from the start.
    pub at: usize,
    /// The line, from 1.
    pub line: usize,
    /// The character in its line, from 1.
    pub column: usize,
    /// What is wrong there.
    pub kind: JsonKind,
}

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonKind {
    /// The text ends where more must come.
    End,
    /// The text ends within a string.
    EndInString,
    /// A character that cannot be here.
    Unexpected(char),
    /// A comma and nothing after it, in front of `]` or `}`.
    TrailingComma,
    /// Two values and no comma between.
    MissingComma,
    /// A name without its colon.
    MissingColon,
    /// A name without quotes, or single quotes.
    Unquoted,
    /// A word that is none of `true`, `false` and `null`.
    Word,
    /// A number as RFC 8259 section 6 does not have it: `01`, `+1`, `.5`, `1.`, `0x1`.
    Number,
    /// A backslash and no escape of section 7 behind it.
    Escape,
    /// A line's end, a tab or another control character in a string that is not written as an escape.
    ControlCharacter,
    /// More after the value.
    More,
    /// It is JSON, but laid out it would be too long.
    TooLong,
}

/// Whether the text is JSON.
///
/// # Errors
///
/// The first thing that is wrong.
pub fn check(text: &str) -> Result<(), JsonProblem> {
    walk(text, &mut |_, _| true).map_err(|fault| fault.problem(text))
}

/// The text with a line for each value, indented by two spaces.
///
/// # Errors
///
/// The first thing that is wrong.
pub fn pretty(text: &str) -> Result<String, JsonProblem> {
    let mut pretty = Pretty { out: String::with_capacity(text.len() * 2), depth: 0, before: None };
    walk(text, &mut |token, written| pretty.put(token, written)).map_err(|fault| fault.problem(text))?;
    Ok(pretty.out)
}

impl JsonProblem {
    /// The place, and what is wrong there.
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

/// What may come next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Value,
    /// Just after `[`.
    ValueOrClose,
    /// Just after `{`.
    NameOrClose,
    /// After a comma of an object.
    Name,
    Colon,
    CommaOrClose,
    Nothing,
}

/// Reads all tokens and tells each with its text, until `each` says that it is enough.
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

    /// The token that starts with this byte, and steps behind it. None if no token starts so.
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

    /// The rest of a string, behind its first quote.
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

/// RFC 8259 section 6.
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
    /// Writes one token more. False if that is too much.
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

    /// A new line, unless the container at this depth is one that stays in its line.
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
