//! Tokens of a line of formatted JSON, for its colours and for copying.

/// Kind of a token. Brackets, commas, colons and spaces are [`Plain`](Token::Plain).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token {
    Key,
    String,
    Number,
    /// `true`, `false` or `null`.
    Literal,
    Plain,
}

impl Token {
    /// Name of its class in the style sheet; empty for plain text.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::String => "string",
            Self::Number => "number",
            Self::Literal => "literal",
            Self::Plain => "",
        }
    }
}

/// Divides a line, or its beginning, into tokens without gaps.
pub fn tokens(line: &str) -> impl Iterator<Item = (Token, &str)> {
    let mut rest = line;
    std::iter::from_fn(move || {
        let (token, length) = first(rest)?;
        let (text, behind) = rest.split_at_checked(length)?;
        rest = behind;
        Some((token, text))
    })
}

/// Returns the kind and the length of the first token.
fn first(rest: &str) -> Option<(Token, usize)> {
    let length = |is_inside: fn(&u8) -> bool| rest.bytes().take_while(is_inside).count();
    Some(match rest.bytes().next()? {
        b'"' => {
            let end = string_end(rest);
            let is_key = rest.as_bytes().get(end) == Some(&b':');
            (if is_key { Token::Key } else { Token::String }, end)
        }
        b'-' | b'0'..=b'9' => {
            (Token::Number, length(|byte| matches!(byte, b'-' | b'+' | b'.' | b'0'..=b'9' | b'e' | b'E')))
        }
        b'a'..=b'z' => (Token::Literal, length(u8::is_ascii_lowercase)),
        _ => {
            let is_plain = |byte: &u8| !matches!(byte, b'"' | b'-' | b'0'..=b'9' | b'a'..=b'z');
            (Token::Plain, length(is_plain))
        }
    })
}

/// Returns the length of the string at the beginning, with its quotes; that of the whole text if the string has no end.
fn string_end(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            b'"' if !is_escaped => return at + 1,
            b'\\' => is_escaped = !is_escaped,
            _ => is_escaped = false,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::Token::*;
    use super::*;

    fn all(line: &str) -> Vec<(Token, &str)> {
        let all: Vec<_> = tokens(line).collect();
        assert_eq!(all.iter().map(|(_, text)| *text).collect::<Vec<_>>().concat(), line, "no gaps");
        all
    }

    #[test]
    fn a_line_has_keys_and_values() {
        assert_eq!(all("}"), [(Plain, "}")]);
        assert_eq!(
            all("\"a\": -1.5e+3,"),
            [(Key, "\"a\""), (Plain, ": "), (Number, "-1.5e+3"), (Plain, ",")]
        );
        assert_eq!(
            all("\"é:\\\"\": \"b\\\\\","),
            [(Key, "\"é:\\\"\""), (Plain, ": "), (String, "\"b\\\\\""), (Plain, ",")]
        );
        assert_eq!(all("null"), [(Literal, "null")]);
        assert_eq!(all("\"k\": {"), [(Key, "\"k\""), (Plain, ": {")]);
        assert_eq!(all("[true, {\"a\":1}]").len(), 7);
    }

    #[test]
    fn what_is_cut_off_has_an_end() {
        for cut in ["\"abc", "\"a\\", "\"", "-", "é", ""] {
            all(cut);
        }
    }
}
