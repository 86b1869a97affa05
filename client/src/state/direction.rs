//! Base direction of a text.

/// The base direction of a text, in the terms of HTML's `dir`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Direction {
    #[default]
    Ltr,
    Rtl,
}

impl Direction {
    /// Returns the value for a `dir` attribute.
    pub const fn dir(self) -> &'static str {
        match self {
            Self::Ltr => "ltr",
            Self::Rtl => "rtl",
        }
    }

    /// Returns the direction of the first letter (rules P2 and P3 of the Unicode Bidirectional Algorithm, to the precision of
    /// whole blocks), or left to right if there is no letter.
    pub fn of(text: &str) -> Self {
        match text.chars().find(|c| is_strong(*c)) {
            Some(c) if is_rtl(c) => Self::Rtl,
            _ => Self::Ltr,
        }
    }
}

/// True for a letter or a directional mark, to the precision of whole blocks: Unicode's tables would be a hundredth of the page.
const fn is_strong(c: char) -> bool {
    match c {
        '\0'..='\u{7f}' => c.is_ascii_alphabetic(),
        '\u{200e}' | '\u{200f}' => true,
        // Symbols of Latin-1; punctuation, arrows, mathematics and dingbats; Chinese punctuation; variation selectors; emoji.
        '\u{80}'..='\u{bf}'
        | '\u{d7}'
        | '\u{f7}'
        | '\u{2000}'..='\u{2bff}'
        | '\u{3000}'..='\u{3020}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{1f000}'..='\u{1faff}' => false,
        _ => true,
    }
}

/// True for the right-to-left mark, the blocks from Hebrew to Arabic Extended-A, the presentation forms, and the right-to-left
/// scripts beyond the basic plane.
const fn is_rtl(c: char) -> bool {
    matches!(c,
        '\u{200f}'
        | '\u{0590}'..='\u{08ff}'
        | '\u{fb1d}'..='\u{fdff}'
        | '\u{fe70}'..='\u{fefe}'
        | '\u{10800}'..='\u{10fff}'
        | '\u{1e800}'..='\u{1efff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_letter_decides() {
        for (text, direction) in [
            ("", Direction::Ltr),
            ("123 🦀 !", Direction::Ltr),
            ("hello שלום", Direction::Ltr),
            ("שלום hello", Direction::Rtl),
            ("12. مرحبا", Direction::Rtl),
            ("{\"a\": \"ש\"}", Direction::Ltr),
            ("«ש»", Direction::Rtl),
            ("世界", Direction::Ltr),
            ("\u{200f}abc", Direction::Rtl),
            ("\u{200e}ש", Direction::Ltr),
        ] {
            assert_eq!(Direction::of(text), direction, "{text:?}");
        }
    }
}
