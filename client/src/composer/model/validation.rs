//! Live feedback on the message that is being written.

use yew::AttrValue;

use crate::common::bytes_input::{BytesKind, BytesProblem, Mode};
use crate::common::json::{self, JsonProblem};
use crate::common::position::{Position, placed, shown};
use crate::texts::{Texts, fill, plural};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Validation {
    #[default]
    Plain,
    Bytes(usize),
    /// The text is valid so far, but its last byte is incomplete.
    Unfinished(BytesProblem),
    /// The text does not represent bytes.
    Wrong(BytesProblem),
    /// The text begins like JSON, and is too long for a check at every change.
    Perhaps,
    Json,
    /// The text begins like JSON, but is not.
    NotJson(JsonProblem),
}

impl Validation {
    pub fn of(mode: Mode, text: &str) -> Self {
        match mode {
            Mode::Text if looks_like_json(text) => {
                json::check(text).map_or_else(Self::NotJson, |()| Self::Json)
            }
            Mode::Text => Self::Plain,
            _ => match mode.bytes(text) {
                Ok(bytes) => Self::Bytes(bytes.len()),
                Err(problem) if is_unfinished(problem, text) => Self::Unfinished(problem),
                Err(problem) => Self::Wrong(problem),
            },
        }
    }

    /// True if the message can be formatted as JSON.
    pub fn is_json(self) -> bool {
        matches!(self, Self::Json | Self::Perhaps)
    }

    pub fn text(self, texts: &Texts) -> Option<AttrValue> {
        let said = &texts.composer;
        match self {
            Self::Plain => None,
            Self::Bytes(bytes) => Some(plural(said.bytes, bytes).into()),
            Self::Unfinished(problem) | Self::Wrong(problem) => Some(problem.text(texts)),
            Self::Perhaps => Some(AttrValue::Static(said.json)),
            Self::Json => Some(AttrValue::Static(said.json_valid)),
            Self::NotJson(problem) => {
                Some(fill(said.json_invalid, &[("problem", &problem.text(texts))]).into())
            }
        }
    }
}

impl BytesProblem {
    pub fn text(&self, texts: &Texts) -> AttrValue {
        let said = &texts.composer;
        let bad = |text, bad: char| fill(text, &[("bad", &shown(bad))]);
        let what = match self.kind {
            BytesKind::Hex(c) => bad(said.hex_character, c),
            BytesKind::HexOdd => said.hex_odd.to_owned(),
            BytesKind::Base64(c) => bad(said.base64_character, c),
            BytesKind::Base64AfterPadding => said.base64_after_padding.to_owned(),
            BytesKind::Base64Padding => said.base64_padding.to_owned(),
            BytesKind::Base64Single => said.base64_single.to_owned(),
            BytesKind::Base64Bits => said.base64_bits.to_owned(),
        };
        placed(self.position, &what, texts)
    }
}

/// True if a text begins like an object or an array. Other JSON values are too common as plain text.
pub fn looks_like_json(text: &str) -> bool {
    text.trim_start_matches([' ', '\t', '\n', '\r']).starts_with(['{', '['])
}

/// True if the only fault is an incomplete last byte, which the user may still be typing.
fn is_unfinished(problem: BytesProblem, text: &str) -> bool {
    let last = text.char_indices().next_back().map_or(0, |(at, _)| at);
    let at_end =
        problem.position == Position::of(text, last) || problem.position == Position::of(text, text.len());
    at_end
        && matches!(
            problem.kind,
            BytesKind::HexOdd | BytesKind::Base64Single | BytesKind::Base64Padding | BytesKind::Base64Bits
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::{EN, ZH};

    #[test]
    fn a_text_is_spoken_of_when_it_begins_like_json() {
        for text in ["", "hello", "12", "\"a\"", "true"] {
            assert_eq!(Validation::of(Mode::Text, text), Validation::Plain, "{text}");
        }
        assert_eq!(Validation::of(Mode::Text, " {\"a\": 1}"), Validation::Json);
        let wrong = Validation::of(Mode::Text, "[1,\n2,]");
        assert!(matches!(wrong, Validation::NotJson(_)) && !wrong.is_json());
        assert_eq!(
            wrong.text(&EN).unwrap(),
            "Not JSON. Line 2, column 2: there is nothing after this comma; take it out."
        );
    }

    #[test]
    fn bytes_are_counted() {
        assert_eq!(Validation::of(Mode::Hex, ""), Validation::Bytes(0));
        assert_eq!(Validation::of(Mode::Hex, "00 ff").text(&EN).unwrap(), "binary, 2 bytes");
        assert_eq!(Validation::of(Mode::Base64, "Zg==").text(&ZH).unwrap(), "二进制，1 字节");
    }

    #[test]
    fn a_byte_that_is_being_typed_is_not_called_wrong() {
        for (mode, text) in
            [(Mode::Hex, "00 f"), (Mode::Hex, "0x"), (Mode::Base64, "Zm9vZ"), (Mode::Base64, "Zg=")]
        {
            assert!(matches!(Validation::of(mode, text), Validation::Unfinished(_)), "{text}");
        }
        for (mode, text) in [(Mode::Hex, "0 ff"), (Mode::Hex, "00 g"), (Mode::Base64, "Zm9v*")] {
            assert!(matches!(Validation::of(mode, text), Validation::Wrong(_)), "{text}");
        }
    }

    #[test]
    fn the_bad_character_is_named() {
        let text = |mode, text| Validation::of(mode, text).text(&EN).unwrap().to_string();
        assert_eq!(text(Mode::Hex, "00\nxy"), "Line 2, column 1: “x” is not a hexadecimal digit.");
        assert_eq!(
            text(Mode::Base64, "Zg\u{200b}"),
            "Line 1, column 3: “U+200B” is not in the alphabet of Base64."
        );
    }
}
