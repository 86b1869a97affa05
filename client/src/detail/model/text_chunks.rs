//! Partial display of a long text: its beginning, and more on demand.

use std::ops::Range;

/// Approximate size of a part, in bytes. A browser lays out a part in a few milliseconds, even if it is a single line.
pub const PART: usize = 32 * 1024;

pub const FIRST: usize = 64 * 1024;

/// Distance from the end of a part, in bytes, within which a line end is searched for.
const BACK: usize = PART / 4;

/// Maximum length of a grapheme cluster that a cut respects, in characters.
const CLUSTER: usize = 32;

/// Division of the shown text into parts.
///
/// Each part is an element of its own, so that the browser lays out only the visible ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextChunks {
    /// End of each part, in bytes. Empty for an empty text.
    ends: Vec<usize>,
    len: usize,
}

impl TextChunks {
    /// Divides the beginning of a text: the whole text if it has at most [`FIRST`] bytes.
    pub fn of(text: &str) -> Self {
        let mut parts = Self { ends: Vec::new(), len: text.len() };
        parts.extend(text, FIRST);
        parts
    }

    /// Doubles the shown length. `text` must be the text that was given to [`Self::of`].
    pub fn more(&mut self, text: &str) {
        self.extend(text, self.shown().saturating_mul(2));
    }

    /// Doubles the shown length until it has this byte.
    pub fn show(&mut self, text: &str, end: usize) {
        while self.shown() < end.min(self.len) {
            self.more(text);
        }
    }

    pub fn shown(&self) -> usize {
        self.ends.last().copied().unwrap_or_default()
    }

    pub fn hidden(&self) -> usize {
        self.len.saturating_sub(self.shown())
    }

    /// Returns the ranges of the parts, in order and without gaps.
    pub fn ranges(&self) -> impl Iterator<Item = Range<usize>> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| start..*end)
    }

    fn extend(&mut self, text: &str, shown: usize) {
        while self.shown() < shown.min(text.len()) {
            let end = cut(text, self.shown());
            self.ends.push(end);
        }
    }
}

/// Returns the end of the part that starts at `start`: behind a line end if one is near, otherwise between two characters.
fn cut(text: &str, start: usize) -> usize {
    let Some(end) = start.checked_add(PART).filter(|end| *end < text.len()) else { return text.len() };
    let near = text.as_bytes().get(end - BACK..end).unwrap_or_default();
    if let Some(line) = near.iter().rposition(|byte| *byte == b'\n') {
        return end - BACK + line + 1;
    }
    let end = text.floor_char_boundary(end);
    let before = text.get(start..end).unwrap_or_default();
    // A cut inside a grapheme cluster would show other characters.
    let mut next = text.get(end..).and_then(|rest| rest.chars().next()).unwrap_or(' ');
    for (index, c) in before.char_indices().rev().take(CLUSTER) {
        if !belongs_to_the_one_before(next) && c != ZERO_WIDTH_JOINER && !(is_flag(c) && is_flag(next)) {
            return start + index + c.len_utf8();
        }
        next = c;
    }
    end
}

const ZERO_WIDTH_JOINER: char = '\u{200d}';

/// True for marks and modifiers (UAX 29, rules GB9 and GB9a), to the precision of whole blocks.
const fn belongs_to_the_one_before(c: char) -> bool {
    matches!(c,
        ZERO_WIDTH_JOINER
        | '\n'
        | '\u{0300}'..='\u{036f}'
        | '\u{0591}'..='\u{05c7}'
        | '\u{064b}'..='\u{065f}'
        | '\u{0900}'..='\u{0903}'
        | '\u{093a}'..='\u{094f}'
        | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{1f3fb}'..='\u{1f3ff}'
        | '\u{e0020}'..='\u{e007f}')
}

const fn is_flag(c: char) -> bool {
    matches!(c, '\u{1f1e6}'..='\u{1f1ff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the texts of the parts when everything is shown.
    fn all(text: &str) -> Vec<&str> {
        let mut parts = TextChunks::of(text);
        while parts.hidden() > 0 {
            let before = parts.shown();
            parts.more(text);
            assert!(parts.shown() > before, "each step shows more");
        }
        parts.ranges().map(|range| &text[range]).collect()
    }

    #[test]
    fn a_short_text_is_one_part() {
        assert_eq!(all(""), [""; 0]);
        assert_eq!(all("short"), ["short"]);
        let text = "x".repeat(PART);
        assert_eq!(TextChunks::of(&text).ranges().count(), 1);
    }

    #[test]
    fn a_long_text_is_shown_in_steps_that_double() {
        let text = "0123456789abcde\n".repeat(1 << 20);
        let mut parts = TextChunks::of(&text);
        assert_eq!((parts.shown(), parts.hidden()), (FIRST, text.len() - FIRST));
        parts.more(&text);
        assert_eq!(parts.shown(), 2 * FIRST);
        for _ in 0..7 {
            parts.more(&text);
        }
        assert_eq!((parts.shown(), parts.hidden()), (text.len(), 0));
        assert_eq!(all(&text).concat(), text);
    }

    #[test]
    fn parts_end_behind_lines_where_they_can() {
        let text = format!("{}\n{}", "x".repeat(PART - 1000), "y".repeat(PART));
        let parts = all(&text);
        assert!(parts[0].ends_with("x\n") && parts[1].starts_with('y'));
        let crlf = format!("{}\r\n{}", "x".repeat(PART - 1), "y".repeat(2 * PART));
        assert!(all(&crlf).iter().all(|part| !part.starts_with('\n')));
    }

    #[test]
    fn no_character_is_cut() {
        for (unit, lead) in
            [("🦀", 1), ("é", 1), ("e\u{301}", 2), ("👩‍👩‍👧‍👦", 3), ("👍🏽", 5), ("🇨🇳", 3), ("❤\u{fe0f}", 2)]
        {
            let text = format!("{}{}", "x".repeat(lead), unit.repeat(3 * PART / unit.len()));
            let parts = all(&text);
            assert_eq!(parts.concat(), text);
            // Pairs of flag halves can only be found by counting from the start, which a single part does not allow.
            let whole = parts.iter().skip(1).all(|part| part.starts_with(unit)) || unit == "🇨🇳";
            assert!(whole, "{unit}");
        }
    }

    #[test]
    fn a_text_of_marks_alone_has_an_end_too() {
        let text = "\u{301}".repeat(2 * PART);
        assert_eq!(all(&text).concat(), text);
    }
}
