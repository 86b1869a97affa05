//! JSON values, for data that the page stores or opens. Built on the reader that checks JSON for the user.
//!
//! `serde_json` does the same and more, but its number parsing alone would be a tenth of the page.

use std::fmt::{self, Display, Formatter, Write as _};

use super::json::{Container, Token, walk};

/// Maximum depth of a stored text. The page's own formats have three levels.
const DEPTH: usize = 32;

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Value {
    /// `null`. Also stands for a missing value.
    #[default]
    Null,
    Bool(bool),
    /// A number as it was written.
    Number(String),
    /// A string with its escapes decoded.
    String(String),
    Array(Vec<Value>),
    /// An object with its members in order. Of several members with the same name, the last one counts.
    Object(Vec<(String, Value)>),
}

impl Value {
    /// Parses a text. Returns null if it is not JSON (RFC 8259), or nested too deeply.
    pub fn parse(text: &str) -> Self {
        Self::read(text).unwrap_or_default()
    }

    /// Parses a text. Returns `None` if it is not JSON (RFC 8259), or nested too deeply.
    pub fn read(text: &str) -> Option<Self> {
        let mut reader = Reader::default();
        walk(text, &mut |token, written| reader.put(token, written)).ok()?;
        reader.whole
    }

    /// Returns the member of an object, or `None` if there is no such member or the value is not an object.
    pub fn get(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members.iter().rev().find(|(member, _)| member == name).map(|(_, value)| value)
    }

    pub const fn is_object(&self) -> bool {
        matches!(self, Self::Object(_))
    }

    /// Returns the text if the value is a string.
    pub fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self { Some(text) } else { None }
    }

    /// Returns the value of a boolean.
    pub const fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(value) = self { Some(*value) } else { None }
    }

    /// Returns the value of an unsigned number without a fraction or exponent.
    pub fn as_u64(&self) -> Option<u64> {
        if let Self::Number(written) = self { written.parse().ok() } else { None }
    }

    /// Returns the value of a non-negative number without an exponent, to a precision of 15 digits.
    pub fn as_amount(&self) -> Option<f64> {
        let Self::Number(written) = self else { return None };
        let (whole, fraction) = written.split_once('.').unwrap_or((written, ""));
        let fraction = fraction.get(..15_usize.saturating_sub(whole.len())).unwrap_or(fraction);
        let digits: u64 = format!("{whole}{fraction}").parse().ok()?;
        Some(digits as f64 / 10_f64.powi(i32::try_from(fraction.len()).ok()?))
    }

    /// Returns the values if this is an array.
    pub fn as_array(&self) -> Option<&[Self]> {
        if let Self::Array(values) = self { Some(values) } else { None }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<usize> for Value {
    fn from(number: usize) -> Self {
        Self::Number(number.to_string())
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Number(number.to_string())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl FromIterator<Value> for Value {
    fn from_iter<T: IntoIterator<Item = Value>>(values: T) -> Self {
        Self::Array(values.into_iter().collect())
    }
}

/// Builds an object from its members.
pub fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// Returns the text as a JSON string, including the quotes.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| matches!(c, '"' | '\\' | '\0'..='\u{1f}')) {
        let (before, special) = rest.split_at(at);
        out.push_str(before);
        let mut special = special.chars();
        match special.next().unwrap_or_default() {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c @ ('"' | '\\') => out.extend(['\\', c]),
            c => {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
        }
        rest = special.as_str();
    }
    out.push_str(rest);
    out.push('"');
    out
}

impl Display for Value {
    /// Writes the value on one line, without spaces.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => f.write_str(if *value { "true" } else { "false" }),
            Self::Number(written) => f.write_str(written),
            Self::String(text) => f.write_str(&quoted(text)),
            Self::Array(values) => {
                f.write_char('[')?;
                for (index, value) in values.iter().enumerate() {
                    f.write_str(if index == 0 { "" } else { "," })?;
                    value.fmt(f)?;
                }
                f.write_char(']')
            }
            Self::Object(members) => {
                f.write_char('{')?;
                for (index, (name, value)) in members.iter().enumerate() {
                    f.write_str(if index == 0 { "" } else { "," })?;
                    f.write_str(&quoted(name))?;
                    f.write_char(':')?;
                    value.fmt(f)?;
                }
                f.write_char('}')
            }
        }
    }
}

/// Builds values from tokens. Open containers are kept on a stack, which avoids recursion.
#[derive(Default)]
struct Reader {
    open: Vec<Value>,
    /// For each open container, the name of the member whose value comes next.
    names: Vec<Option<String>>,
    whole: Option<Value>,
}

impl Reader {
    /// Adds a token. Returns false if the text is nested too deeply.
    fn put(&mut self, token: Token, written: &str) -> bool {
        match token {
            Token::Open(container) => {
                self.open.push(match container {
                    Container::Array => Value::Array(Vec::new()),
                    Container::Object => Value::Object(Vec::new()),
                });
                self.names.push(None);
                return self.open.len() <= DEPTH;
            }
            Token::Close(_) => {
                self.names.pop();
                if let Some(value) = self.open.pop() {
                    self.add(value);
                }
            }
            Token::Comma | Token::Colon => {}
            Token::String => self.string(unescaped(written)),
            Token::Plain => self.add(match written {
                "null" => Value::Null,
                "true" => Value::Bool(true),
                "false" => Value::Bool(false),
                number => Value::Number(number.to_owned()),
            }),
        }
        true
    }

    fn string(&mut self, text: String) {
        match (self.open.last(), self.names.last_mut()) {
            (Some(Value::Object(_)), Some(name @ None)) => *name = Some(text),
            _ => self.add(Value::String(text)),
        }
    }

    fn add(&mut self, value: Value) {
        match (self.open.last_mut(), self.names.last_mut()) {
            (Some(Value::Array(values)), _) => values.push(value),
            (Some(Value::Object(members)), Some(name)) => {
                members.push((name.take().unwrap_or_default(), value));
            }
            _ => self.whole = Some(value),
        }
    }
}

/// Decodes a JSON string. Half of a surrogate pair becomes the replacement character.
fn unescaped(written: &str) -> String {
    let inner = written.get(1..written.len().saturating_sub(1)).unwrap_or_default();
    let mut out = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some((before, escape)) = rest.split_once('\\') {
        out.push_str(before);
        let mut behind = escape.chars();
        match behind.next() {
            Some('u') => {
                let (c, length) = unicode(escape);
                out.push(c);
                rest = escape.get(length..).unwrap_or_default();
                continue;
            }
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            Some('b') => out.push('\u{8}'),
            Some('f') => out.push('\u{c}'),
            Some(c) => out.push(c),
            None => {}
        }
        rest = behind.as_str();
    }
    out.push_str(rest);
    out
}

/// Decodes `uXXXX`, or `uXXXX\uXXXX` for a surrogate pair. Returns the character and the length of the escape.
fn unicode(escape: &str) -> (char, usize) {
    let unit = |at: usize| u16::from_str_radix(escape.get(at..at + 4)?, 16).ok();
    let Some(first) = unit(1) else { return (char::REPLACEMENT_CHARACTER, 1) };
    let second = if escape.get(5..7) == Some("\\u") { unit(7) } else { None };
    let one = |units: &[u16]| match char::decode_utf16(units.iter().copied()).next() {
        Some(Ok(c)) => Some(c),
        _ => None,
    };
    match (one(&[first]), second.and_then(|second| one(&[first, second]))) {
        (Some(c), _) => (c, 5),
        (None, Some(c)) => (c, 11),
        (None, None) => (char::REPLACEMENT_CHARACTER, 5),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let value = object([
            ("version", 1_usize.into()),
            ("none", None::<&str>.into()),
            ("on", true.into()),
            ("texts", ["", "a\"b\\c\n\r\t\0\u{1f}/", "🦀 世界"].map(Value::from).into_iter().collect()),
            ("inner", object([("empty", Value::Array(Vec::new())), ("", object([]))])),
        ]);
        assert_eq!(Value::read(&value.to_string()), Some(value));
    }

    #[test]
    fn members_are_found_by_name() {
        let value = Value::parse(r#" { "a" : 1 , "b" : [ true , null ] , "a" : "x" , "n": 1.5e3 } "#);
        assert_eq!(value.get("a").and_then(Value::as_str), Some("x"), "the last one counts");
        assert_eq!(value.get("b").and_then(Value::as_array).map(<[_]>::len), Some(2));
        assert_eq!(value.get("n").and_then(Value::as_u64), None);
        assert_eq!((value.get("c"), Value::Null.get("a")), (None, None));
    }

    #[test]
    fn an_amount_is_read_to_fifteen_digits() {
        for (written, amount) in [
            ("0", Some(0.0)),
            ("1.25", Some(1.25)),
            ("123456.123456789123456789", Some(123_456.123_456_789)),
            ("1795371628123", Some(1_795_371_628_123.0)),
            ("-1", None),
            ("1e3", None),
            ("\"1\"", None),
        ] {
            assert_eq!(Value::parse(written).as_amount(), amount, "{written}");
        }
    }

    #[test]
    fn escapes_mean_characters() {
        for (written, text) in [
            (r#""a\"\\\/\b\f\n\r\tb""#, "a\"\\/\u{8}\u{c}\n\r\tb"),
            (r#""\u0041\u00e9\u4e16""#, "Aé世"),
            (r#""\ud83e\udd80!""#, "🦀!"),
            (r#""\ud83e""#, "\u{fffd}"),
            (r#""\ud83eA\udd80""#, "\u{fffd}A\u{fffd}"),
            (r#""\ud83e\u0041""#, "\u{fffd}A"),
        ] {
            assert_eq!(Value::read(written).as_ref().and_then(Value::as_str), Some(text), "{written}");
        }
    }

    #[test]
    fn what_is_not_json_is_nothing() {
        for text in ["", "{", "[1,]", "{a:1}", "1 2", "\"", "nul", &"[".repeat(1_000), &"[".repeat(100_000)] {
            assert_eq!(Value::read(text), None, "{text:.20}");
        }
        assert!(Value::read(&format!("{}{}", "[".repeat(DEPTH), "]".repeat(DEPTH))).is_some());
        let deep = format!("{}{}", "[".repeat(DEPTH + 1), "]".repeat(DEPTH + 1));
        assert_eq!((Value::read(&deep), Value::parse(&deep)), (None, Value::Null));
    }
}
