//! Hits of a typed text in the bytes that a view shows.

use std::ops::Range;

use crate::connection::model::message::Place;
use crate::log::model::filter::hex;
use crate::log::model::find::Finder;

/// Maximum number of hits. More would be of no use to a reader, and slow to mark.
pub const MOST: usize = 10_000;

/// Number of bytes that are searched between two looks at the clock.
const SLICE: usize = 64 * 1024;

/// The hits found so far, in order and without overlaps, and the current one.
#[derive(Debug, Default)]
pub struct Hits {
    finders: Vec<Finder>,
    /// Length of the longest needle.
    longest: usize,
    /// All hits that begin before this byte are found.
    from: usize,
    places: Vec<Place>,
    current: usize,
}

impl Hits {
    /// Prepares a search for spellings of a text, regardless of the case of ASCII letters. `is_hex` also searches for the bytes
    /// that the first spelling stands for in hexadecimal.
    pub fn new(spellings: &[String], is_hex: bool) -> Self {
        let mut hits = Self::default();
        for spelling in spellings.iter().filter(|spelling| !spelling.is_empty()) {
            hits.longest = hits.longest.max(spelling.len());
            let finder = Finder::ignoring_case(spelling.as_bytes());
            if !hits.finders.contains(&finder) {
                hits.finders.push(finder);
            }
        }
        let bytes = spellings.first().filter(|_| is_hex).and_then(|typed| hex(typed));
        hits.finders.extend(bytes.as_deref().map(Finder::exact));
        hits
    }

    /// Searches on until `is_late` or the end. `bytes` must be the same at each step.
    pub fn step(&mut self, bytes: &[u8], mut is_late: impl FnMut() -> bool) {
        while self.is_searching(bytes.len()) && !is_late() {
            let end = (self.from + SLICE).min(bytes.len());
            let slice = bytes.get(..(end + self.longest).min(bytes.len())).unwrap_or(bytes);
            let mut from = self.from;
            let next = |finder: &Finder, from: usize| {
                let place = finder.find(slice.get(from..)?)?;
                let (start, behind) = (from + place.start as usize, from + place.end as usize);
                (start < end).then_some((start, behind))
            };
            let mut nexts: Vec<_> = self.finders.iter().map(|finder| next(finder, from)).collect();
            while let Some((start, behind)) =
                nexts.iter().flatten().min().copied().filter(|_| !self.is_full())
            {
                // The casts are lossless: a page has less than 4 GiB of memory.
                self.places.push(Place { start: start as u32, end: behind as u32 });
                from = behind;
                for (finder, place) in self.finders.iter().zip(&mut nexts) {
                    if place.is_some_and(|(start, _)| start < from) {
                        *place = next(finder, from);
                    }
                }
            }
            // A hit may reach over the end of the slice.
            let end = end.max(from);
            self.from = end;
        }
    }

    /// True if there may be hits that are not found yet. `len` is the number of bytes.
    pub fn is_searching(&self, len: usize) -> bool {
        !self.finders.is_empty() && self.from < len && !self.is_full()
    }

    /// True if the search ended at the limit.
    pub fn is_full(&self) -> bool {
        self.places.len() >= MOST
    }

    pub fn count(&self) -> usize {
        self.places.len()
    }

    /// Index of the current hit.
    pub fn current(&self) -> usize {
        self.current
    }

    /// Place of the current hit, if there is a hit.
    pub fn place(&self) -> Option<Place> {
        self.places.get(self.current).copied()
    }

    /// Makes the next hit the current one, or the one before; behind the last one comes the first.
    pub fn go(&mut self, is_back: bool) {
        let last = self.places.len().saturating_sub(1);
        self.current = match (is_back, self.current) {
            (true, 0) => last,
            (true, current) => current - 1,
            (false, current) if current >= last => 0,
            (false, current) => current + 1,
        };
    }

    /// Returns the hits that have a byte in the range.
    pub fn within(&self, range: Range<usize>) -> &[Place] {
        let first = self.places.partition_point(|place| place.end as usize <= range.start);
        let behind = self.places.partition_point(|place| (place.start as usize) < range.end);
        self.places.get(first..behind).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(typed: &[&str], is_hex: bool, bytes: &[u8]) -> Vec<(u32, u32)> {
        let mut hits = Hits::new(&typed.iter().map(|&typed| typed.to_owned()).collect::<Vec<_>>(), is_hex);
        hits.step(bytes, || false);
        assert!(!hits.is_searching(bytes.len()));
        hits.places.iter().map(|place| (place.start, place.end)).collect()
    }

    #[test]
    fn hits_are_found_in_order_and_without_overlaps() {
        assert_eq!(places(&["aa"], false, b"aaAaa-aa"), [(0, 2), (2, 4), (6, 8)]);
        assert_eq!(places(&[""], false, b"abc"), []);
        assert_eq!(places(&["x"], false, b""), []);
        let bytes = "ÜBER über Über".as_bytes();
        assert_eq!(places(&["über", "über", "ÜBER"], false, bytes), [(0, 5), (6, 11), (12, 17)]);
    }

    #[test]
    fn bytes_are_found_by_their_digits_too() {
        assert_eq!(places(&["81 fe"], true, b"\x00\x81\xfe 81 FE"), [(1, 3), (4, 9)]);
        assert_eq!(places(&["81 fe"], false, b"\x00\x81\xfe"), []);
        assert_eq!(places(&["8"], true, b"\x08"), [], "a digit is no byte");
    }

    #[test]
    fn a_hit_over_the_end_of_a_slice_is_found_once() {
        let mut bytes = vec![b'x'; 3 * SLICE];
        for end in [SLICE, 2 * SLICE] {
            bytes[end - 2..end + 2].copy_from_slice(b"abab");
        }
        let (one, two) = (SLICE as u32, 2 * SLICE as u32);
        assert_eq!(places(&["abab"], false, &bytes), [(one - 2, one + 2), (two - 2, two + 2)]);
        assert_eq!(places(&["AB"], false, &bytes).len(), 4);
    }

    #[test]
    fn the_search_goes_in_steps_and_has_a_limit() {
        let bytes = vec![b'a'; 1 << 20];
        let mut hits = Hits::new(&["a".to_owned()], false);
        let mut looks = 0;
        hits.step(&bytes, || {
            looks += 1;
            looks > 1
        });
        assert_eq!((hits.count(), hits.is_full()), (MOST, true));
        let rare = [vec![b'x'; 1 << 20], vec![b'a']].concat();
        let mut hits = Hits::new(&["a".to_owned()], false);
        hits.step(&rare, || true);
        assert!(hits.is_searching(rare.len()) && hits.count() == 0);
        hits.step(&rare, || false);
        assert_eq!((hits.is_searching(rare.len()), hits.count()), (false, 1));
    }

    #[test]
    fn the_current_hit_goes_around() {
        let mut hits = Hits::new(&["a".to_owned()], false);
        assert_eq!(hits.place(), None);
        hits.go(true);
        hits.go(false);
        hits.step(b"a-a-a", || false);
        let mut go = |is_back| {
            hits.go(is_back);
            hits.place().unwrap().start
        };
        assert_eq!([go(false), go(false), go(false), go(true), go(true)], [2, 4, 0, 4, 2]);
        assert_eq!(hits.within(1..3).len(), 1);
        assert_eq!(hits.within(0..5).len(), 3);
        assert_eq!(hits.within(1..2).len(), 0);
    }
}
