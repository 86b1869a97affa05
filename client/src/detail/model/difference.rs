//! The differences of two messages, as the task `diff` returns them.

use super::hexdump;
use super::view::{View, fitting, shared_text};
use crate::common::json;
use crate::connection::model::message::{Body, Place};

/// Maximum length of a message that is compared, in bytes.
const MOST: usize = 2 << 20;

/// Maximum length of bytes that are compared as a dump, which is five times as long.
const MOST_DUMPED: usize = MOST / 5;

/// Maximum number of bytes shown of a line.
const LINE_BYTES: usize = 4_000;

/// The lines of both messages.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Difference {
    text: String,
    /// Start of each line, in bytes.
    starts: Vec<usize>,
    /// Number of lines that only the first message has, and only the second.
    pub only_in: [usize; 2],
}

#[derive(Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// `-` for a line of the first message, `+` for one of the second, a space for one of both.
    pub sign: char,
    pub text: &'a str,
    /// Changed places of the line.
    pub places: Vec<Place>,
}

impl Difference {
    pub fn read(text: String) -> Self {
        let mut difference = Self::default();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            difference.starts.push(start);
            start += line.len();
            difference.only_in[0] += usize::from(line.starts_with('-'));
            difference.only_in[1] += usize::from(line.starts_with('+'));
        }
        difference.text = text;
        difference
    }

    pub fn count(&self) -> usize {
        self.starts.len()
    }

    pub fn line(&self, index: usize) -> Option<Line<'_>> {
        let line = self.text.get(*self.starts.get(index)?..)?.lines().next()?;
        let (head, text) = line.split_once('\t')?;
        let sign = head.chars().next()?;
        let places = head.get(1..)?.split(',').filter_map(|place| {
            let (start, end) = place.split_once(':')?;
            Some(Place { start: start.parse().ok()?, end: end.parse().ok()? })
        });
        Some(Line { sign, places: places.collect(), text: text.get(..text.floor_char_boundary(LINE_BYTES))? })
    }
}

/// Returns the input of the task: JSON formatted if both messages are JSON, otherwise texts, and dumps if one is no text. Returns `None`
/// if a message is too long.
pub fn input(bodies: &[Body; 2]) -> Option<String> {
    let is_json = bodies.iter().all(|body| fitting(body).contains(&View::Json));
    let is_text = bodies.iter().all(|body| shared_text(body).is_some());
    let most = if is_text { MOST } else { MOST_DUMPED };
    let shown = |body: &Body| {
        let text = shared_text(body).filter(|_| is_text);
        text.map_or_else(
            || hexdump::dump(body.as_bytes(), hexdump::USUAL, most),
            |text| if is_json { json::pretty(&text).unwrap_or_default() } else { (*text).to_owned() },
        )
    };
    if bodies.iter().any(|body| body.bytes() > most) {
        return None;
    }
    let first = shown(&bodies[0]);
    Some(format!("{}\n{first}{}", first.len(), shown(&bodies[1])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_have_signs_and_places() {
        let difference = Difference::read(" \ta\n-4:9,10:11,\tthe quick\tx\n+\tb\n".into());
        assert_eq!((difference.count(), difference.only_in), (3, [1, 1]));
        let places = vec![Place { start: 4, end: 9 }, Place { start: 10, end: 11 }];
        assert_eq!(difference.line(1), Some(Line { sign: '-', text: "the quick\tx", places }));
        assert_eq!(difference.line(3), None);
        assert_eq!(Difference::read(String::new()).count(), 0);
    }

    #[test]
    fn messages_are_compared_as_what_both_are() {
        let of = |bodies| input(&bodies).unwrap();
        assert_eq!(of([Body::text("[1]"), Body::text("[2]")]), "7\n[\n  1\n][\n  2\n]");
        assert_eq!(of([Body::text("[1]"), Body::text("x")]), "3\n[1]x");
        assert!(of([Body::text("a"), Body::binary([0xff])]).starts_with("62\n00000000  61"));
        assert_eq!(input(&[Body::text("x".repeat(MOST + 1)), Body::text("")]), None);
        assert_eq!(input(&[Body::binary(vec![0xff; MOST]), Body::text("")]), None);
    }
}
