//! Filter of the log: selects messages by direction, kind and content, or events.

use std::borrow::Cow;

use super::find::Finder;
use crate::connection::model::message::{Body, Content, Direction, Entry, Kind, Place};
use crate::texts::language::Language;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Direction, unless `None`. Events have none.
    pub direction: Option<Direction>,
    /// Kind, unless `None`. Events have none.
    pub kind: Option<Kind>,
    /// True if only events pass.
    pub only_events: bool,
    pub needle: Needle,
    /// Language of the events' sentences, in which `needle` is searched.
    pub language: Language,
}

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

/// Result of the filter for an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement<'a> {
    /// The entry passes, because of this place of its payload.
    Through(Place),
    Held,
    /// The entry passes if the regular expression of [`Needle::pattern`] matches this text.
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
                    if r"\^$.*+?()[]{}|/".contains(c) {
                        source.push('\\');
                    }
                    source.push(c);
                }
                Some((source, "iu".to_owned()))
            }
            Self::Nothing | Self::Text(_) => None,
        }
    }

    fn judge<'a>(&self, text: Cow<'a, str>) -> Judgement<'a> {
        match self {
            Self::Text(needle) if needle.lower.is_ascii() => {
                Judgement::of(needle.finder.find(text.as_bytes()))
            }
            _ => Judgement::IfMatched(text),
        }
    }
}

impl Filter {
    /// True if every entry passes.
    pub fn is_empty(&self) -> bool {
        self.is_all() && self.needle == Needle::Nothing
    }

    /// True if messages of every direction and kind pass, and events too.
    pub const fn is_all(&self) -> bool {
        self.direction.is_none() && self.kind.is_none() && !self.only_events
    }

    /// Returns the filter with the same content, for messages of every direction and kind, and for events.
    #[must_use]
    pub fn all(&self) -> Self {
        Self { needle: self.needle.clone(), language: self.language, ..Self::default() }
    }

    pub fn judge<'a>(&self, entry: &'a Entry) -> Judgement<'a> {
        let message = match &entry.content {
            Content::Message(message) => message,
            Content::Event(_) if self.direction.is_some() || self.kind.is_some() => return Judgement::Held,
            Content::Event(_) if self.needle == Needle::Nothing => {
                return Judgement::Through(Place::default());
            }
            Content::Event(event) => {
                return match self.needle.judge(Cow::Owned(event.searched(self.language.texts()))) {
                    // An event has no payload.
                    Judgement::Through(_) => Judgement::Through(Place::default()),
                    judgement => judgement,
                };
            }
        };
        if self.only_events
            || self.direction.is_some_and(|direction| direction != message.direction)
            || self.kind.is_some_and(|kind| kind != message.body.kind())
        {
            return Judgement::Held;
        }
        match (&self.needle, &message.body) {
            (Needle::Nothing, _) => Judgement::Through(Place::default()),
            (needle, Body::Text(text)) => needle.judge(Cow::Borrowed(text)),
            (Needle::Text(needle), Body::Binary(bytes)) => {
                let found = needle.finder.find(bytes);
                Judgement::of(found.or_else(|| needle.hex.as_ref()?.find(bytes)))
            }
            (Needle::Pattern { .. }, Body::Binary(_)) => Judgement::IfMatched(Cow::Owned(message.body.row())),
        }
    }
}

impl Judgement<'_> {
    fn of(found: Option<Place>) -> Self {
        found.map_or(Self::Held, Self::Through)
    }
}

/// Cuts the middle of a browser's error about an expression, which repeats the expression and has its reason at the end.
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
pub fn hex(typed: &str) -> Option<Vec<u8>> {
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
    use crate::connection::model::event::ConnectionEvent;
    use crate::connection::model::message::Message;

    fn entry(direction: Direction, body: Body) -> Entry {
        let content = Content::Message(Message { direction, body, round_trip_ms: None });
        Entry { id: 1, at_ms: 0.0, content }
    }

    fn through(typed: &str, body: Body) -> bool {
        let filter = Filter { needle: Needle::parse(typed), ..Filter::default() };
        match filter.judge(&entry(Direction::Sent, body)) {
            Judgement::IfMatched(text) => text.starts_with("match"),
            judgement => matches!(judgement, Judgement::Through(_)),
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
    fn the_place_of_a_hit_is_that_of_its_bytes() {
        let place = |typed: &str, body| {
            let filter = Filter { needle: Needle::parse(typed), ..Filter::default() };
            match filter.judge(&entry(Direction::Sent, body)) {
                Judgement::Through(Place { start, end }) => Some((start, end)),
                _ => None,
            }
        };
        assert_eq!(place("ORDER", Body::text("é order")), Some((3, 8)));
        assert_eq!(place("hello", Body::binary(b"\x00\x01Hello\xff".to_vec())), Some((2, 7)));
        assert_eq!(place("6f ff", Body::binary(b"\x00\x01Hello\xff".to_vec())), Some((6, 8)));
        assert_eq!(place("", Body::text("all")), Some((0, 0)));
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
        let filter =
            Filter { direction: Some(Direction::Sent), kind: Some(Kind::Binary), ..Filter::default() };
        let lets =
            |direction, body| filter.judge(&entry(direction, body)) == Judgement::Through(Place::default());
        assert!(lets(Direction::Sent, Body::binary([])));
        assert!(!lets(Direction::Received, Body::binary([])) && !lets(Direction::Sent, Body::text("")));
        assert!(Filter::default().is_empty() && !filter.is_empty());
    }

    #[test]
    fn events_are_chosen_and_searched_by_their_sentence() {
        let event = ConnectionEvent::NotSent { reason: "no memory".into() };
        let event = Entry { id: 1, at_ms: 0.0, content: Content::Event(event.into()) };
        let lets =
            |filter: &Filter, entry: &Entry| filter.judge(entry) == Judgement::Through(Place::default());
        let events = Filter { only_events: true, ..Filter::default() };
        assert!(lets(&events, &event) && !lets(&events, &entry(Direction::Sent, Body::text(""))));
        for hides in [
            Filter { direction: Some(Direction::Sent), ..Filter::default() },
            Filter { kind: Some(Kind::Text), ..Filter::default() },
        ] {
            assert!(!lets(&hides, &event) && !hides.is_empty());
        }
        for (typed, language, found) in [
            ("NOT SENT", Language::English, true),
            ("memory", Language::Chinese, true),
            ("not sent", Language::Chinese, false),
        ] {
            let filter = Filter { needle: Needle::parse(typed), language, ..events.clone() };
            assert_eq!(lets(&filter, &event), found, "{typed}");
        }
        let filter = Filter { needle: Needle::parse("/^not/"), ..Filter::default() };
        assert_eq!(filter.judge(&event), Judgement::IfMatched("not sent: no memory".into()));
    }
}
