//! Position in a text as line and column, and the description of a fault there.

use yew::AttrValue;

use crate::texts::{Texts, fill};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Line, from 1. Lines end with `\n`, `\r\n` or `\r`.
    pub line: usize,
    /// Character within the line, from 1.
    pub column: usize,
}

impl Position {
    /// Returns the position of the character that begins at or behind this byte. Behind the end, it is the position after the
    /// last character.
    pub fn of(text: &str, at: usize) -> Self {
        let before = text.get(..text.ceil_char_boundary(at)).unwrap_or(text);
        let bytes = before.as_bytes();
        let ends = |index: usize| match bytes.get(index) {
            Some(b'\n') => true,
            Some(b'\r') => text.as_bytes().get(index + 1) != Some(&b'\n'),
            _ => false,
        };
        let (mut line, mut start) = (1, 0);
        for index in 0..bytes.len() {
            if ends(index) {
                line += 1;
                start = index + 1;
            }
        }
        Self { line, column: 1 + before.get(start..).map_or(0, |rest| rest.chars().count()) }
    }
}

/// Puts the position in front of a sentence.
pub fn placed(position: Position, what: &str, texts: &Texts) -> AttrValue {
    let (line, column) = (position.line.to_string(), position.column.to_string());
    fill(texts.composer.at, &[("line", &line), ("column", &column), ("what", what)]).into()
}

/// Returns a printable form of a character: the code point if the character is invisible.
pub fn shown(c: char) -> String {
    if c.is_control()
        || c.is_whitespace()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{feff}')
    {
        format!("U+{:04X}", u32::from(c))
    } else {
        c.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_characters_are_counted_from_1() {
        let text = "ab\nc🦀d\r\ne\rf";
        for (at, line, column) in [
            (0, 1, 1),
            (2, 1, 3),
            (3, 2, 1),
            (4, 2, 2),
            (5, 2, 3), // inside the crab: the next character
            (8, 2, 3),
            (9, 2, 4),
            (11, 3, 1),
            (13, 4, 1),
            (14, 4, 2),
            (99, 4, 2),
        ] {
            assert_eq!(Position::of(text, at), Position { line, column }, "{at}");
        }
    }
}
