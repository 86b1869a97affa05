//! Filter of the log: selects messages by direction, kind and content.

use std::borrow::Cow;

use super::find::Finder;
use super::message::{Body, Entry, Kind, Way};

/// Criteria of the filter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Direction, unless `None`.
    pub way: Option<Way>,
    /// Kind, unless `None`.
    pub kind: Option<Kind>,
    /// Content.
    pub needle: Needle,
}

/// Content to search for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Needle {
    #[default]
    Nothing,
    /// A text, regardless of case. In binary messages it matches its own bytes, and the bytes that it represents in hexadecimal.
    Text(Text),
    /// A regular expression of JavaScript. It matches binary messages by the text of their rows.
    Pattern {
        /// The part between the slashes.
        source: String,
        /// The part behind the slashes.
        flags: String,
    },
}

/// A text to search for, with its search tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    lower: String,
    finder: Finder,
    hex: Option<Finder>,
}

/// Result of the filter for a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement<'a> {
    /// The message passes.
    Through,
    /// The message is filtered out.
    Held,
    /// The message passes if the regular expression of [`Needle::pattern`] matches this text.
    IfMatched(Cow<'a, str>),
}

impl Needle {
    /// Reads the search field: `/…/` and `/…/i` are regular expressions, anything else is text.
    pub fn parse(typed: &str) -> Self {
        if typed.is_empty() {
            return Self::Nothing;
        }
        let pattern = typed.strip_prefix('/').and_then(|rest| rest.rsplit_once('/'));
        match pattern {
            Some((source, flags))
                if !source.is_empty() && flags.chars().all(|flag| flag.is_ascii_lowercase()) =>
            {
                Self::Pattern { source: source.to_owned(), flags: flags.to_owned() }
            }
            _ => Self::Text(Text {
                lower: typed.to_ascii_lowercase(),
                finder: Finder::ignoring_case(typed.as_bytes()),
                hex: hex(typed).map(|bytes| Finder::exact(&bytes)),
            }),
        }
    }
}

impl Needle {
    /// Returns the source and the flags of the regular expression that [`Filter::judge`] needs, if it needs one.
    ///
    /// A text outside ASCII also becomes a regular expression: the browser already has the tables of upper and lower case.
    pub fn pattern(&self) -> Option<(String, String)> {
        match self {
            // The flags `g` and `y` are removed: they make an expression remember its last position.
            Self::Pattern { source, flags } => Some((source.clone(), flags.replace(['g', 'y'], ""))),
            Self::Text(text) if !text.lower.is_ascii() => {
                let mut source = String::with_capacity(text.lower.len());
                for c in text.lower.chars() {
                    if matches!(
                        c,
                        '\\' | '^'
                            | '$'
                            | '.'
                            | '*'
                            | '+'
                            | '?'
                            | '('
                            | ')'
                            | '['
                            | ']'
                            | '{'
                            | '}'
                            | '|'
                            | '/'
                    ) {
                        source.push('\\');
                    }
                    source.push(c);
                }
                Some((source, "iu".to_owned()))
            }
            Self::Nothing | Self::Text(_) => None,
        }
    }
}

impl Filter {
    /// True if every message passes.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Applies the filter to a message.
    pub fn judge<'a>(&self, entry: &'a Entry) -> Judgement<'a> {
        if self.way.is_some_and(|way| way != entry.way)
            || self.kind.is_some_and(|kind| kind != entry.body.kind())
        {
            return Judgement::Held;
        }
        let is_found = match (&self.needle, &entry.body) {
            (Needle::Nothing, _) => true,
            (Needle::Text(needle), Body::Text(text)) if needle.lower.is_ascii() => {
                needle.finder.is_in(text.as_bytes())
            }
            (Needle::Text(needle), Body::Binary(bytes)) => {
                needle.finder.is_in(bytes) || needle.hex.as_ref().is_some_and(|hex| hex.is_in(bytes))
            }
            (Needle::Text(_) | Needle::Pattern { .. }, Body::Text(text)) => {
                return Judgement::IfMatched(Cow::Borrowed(text));
            }
            (Needle::Pattern { .. }, Body::Binary(_)) => {
                return Judgement::IfMatched(Cow::Owned(entry.body.row()));
            }
        };
        if is_found { Judgement::Through } else { Judgement::Held }
    }
}

/// Shortens a browser's error about an expression to fit a line. The error repeats the expression and has its reason at the end,
/// so the middle is cut.
pub fn short(reason: &str) -> String {
    const MOST: usize = 200;
    const END: usize = 80;
    let characters = reason.chars().count();
    if characters <= MOST {
        return reason.to_owned();
    }
    let (start, end) = (reason.chars().take(MOST - END), reason.chars().skip(characters - END));
    start.chain(std::iter::once('…')).chain(end).collect()
}

/// Returns the bytes that a text represents in hexadecimal, with or without spaces.
fn hex(typed: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = typed.bytes().filter(|byte| *byte != b' ').collect();
    let pairs = digits.chunks_exact(2);
    if digits.is_empty() || !pairs.remainder().is_empty() {
        return None;
    }
    pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(way: Way, body: Body) -> Entry {
        Entry { id: 1, way, at_ms: 0.0, body, round_trip_ms: None }
    }

    fn through(typed: &str, body: Body) -> bool {
        let filter = Filter { needle: Needle::parse(typed), ..Filter::default() };
        match filter.judge(&entry(Way::Sent, body)) {
            Judgement::IfMatched(text) => text.starts_with("match"),
            judgement => judgement == Judgement::Through,
        }
    }

    #[test]
    fn a_text_is_found_whatever_its_case() {
        for (typed, text, found) in [
            ("", "anything", true),
            ("order", "new ORDER 7", true),
            ("ORDER", "new order 7", true),
            ("order", "orde", false),
            ("7", "new order 7", true),
            ("[", "an array [1]", true),
            ("a", "", false),
        ] {
            assert_eq!(through(typed, Body::text(text)), found, "{typed:?} in {text:?}");
        }
    }

    #[test]
    fn bytes_are_found_as_text_and_in_hexadecimal() {
        let bytes = || Body::binary(b"\x00\x01Hello\xff".to_vec());
        for (typed, found) in [
            ("hello", true),
            ("00 01", true),
            ("0001", true),
            ("FF", true),
            ("01 02", false),
            ("0", false),
            ("48656c", true),
        ] {
            assert_eq!(through(typed, bytes()), found, "{typed:?}");
        }
    }

    #[test]
    fn slashes_make_a_regular_expression() {
        let pattern =
            |source: &str, flags: &str| Needle::Pattern { source: source.into(), flags: flags.into() };
        assert_eq!(Needle::parse("/a.c/"), pattern("a.c", ""));
        assert_eq!(Needle::parse("/a/b/i"), pattern("a/b", "i"));
        assert!(matches!(Needle::parse("/"), Needle::Text(_)));
        assert!(matches!(Needle::parse("//"), Needle::Text(_)));
        assert!(matches!(Needle::parse("/a path/To"), Needle::Text(_)));
        assert_eq!(pattern("a", "giy").pattern(), Some(("a".into(), "i".into())));
        assert_eq!(Needle::parse("grüß (世界)?").pattern(), Some((r"grüß \(世界\)\?".into(), "iu".into())));
        assert_eq!((Needle::parse("text").pattern(), Needle::parse("").pattern()), (None, None));
        assert!(through("/x/", Body::text("matches")) && !through("/x/", Body::text("does not")));
    }

    #[test]
    fn a_long_reason_keeps_its_start_and_its_end() {
        assert_eq!(short("Nothing to repeat"), "Nothing to repeat");
        let long = short(&format!("Invalid: /{}/: Stack overflow", "é(".repeat(20_000)));
        assert!(
            long.chars().count() < 210
                && long.starts_with("Invalid: /é(")
                && long.ends_with("/: Stack overflow"),
            "{long}"
        );
    }

    #[test]
    fn way_and_kind_are_looked_at_first() {
        let filter = Filter { way: Some(Way::Sent), kind: Some(Kind::Binary), needle: Needle::Nothing };
        let lets = |way, body| filter.judge(&entry(way, body)) == Judgement::Through;
        assert!(lets(Way::Sent, Body::binary([])));
        assert!(!lets(Way::Received, Body::binary([])) && !lets(Way::Sent, Body::text("")));
        assert!(Filter::default().is_empty() && !filter.is_empty());
    }
}
