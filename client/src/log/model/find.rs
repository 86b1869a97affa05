//! Search for bytes in bytes, in linear time.

use crate::connection::model::message::Place;

/// A byte string to search for, with its table (the algorithm of Knuth, Morris and Pratt).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finder {
    needle: Vec<u8>,
    /// For each position of the needle, the length of the longest proper prefix that also ends there.
    borders: Vec<usize>,
    /// True if ASCII letters match in both cases. The needle is in lower case then.
    folds: bool,
}

impl Finder {
    /// Builds a finder that matches the exact bytes.
    pub fn exact(needle: &[u8]) -> Self {
        Self::new(needle.to_vec(), false)
    }

    /// Builds a finder that ignores the case of ASCII letters.
    pub fn ignoring_case(needle: &[u8]) -> Self {
        Self::new(needle.to_ascii_lowercase(), true)
    }

    fn new(needle: Vec<u8>, folds: bool) -> Self {
        let mut borders = Vec::with_capacity(needle.len());
        let mut length = 0;
        for (at, byte) in needle.iter().enumerate() {
            if at > 0 {
                length = grown(&needle, &borders, length, *byte);
            }
            borders.push(length);
        }
        Self { needle, borders, folds }
    }

    /// Returns the first place of the needle in the bytes, if they contain it. An empty needle is contained in everything.
    pub fn find(&self, bytes: &[u8]) -> Option<Place> {
        if self.needle.is_empty() {
            return Some(Place::default());
        }
        let mut length = 0;
        let last = bytes.iter().position(|byte| {
            let byte = if self.folds { byte.to_ascii_lowercase() } else { *byte };
            length = grown(&self.needle, &self.borders, length, byte);
            length == self.needle.len()
        })?;
        // The casts are lossless: a page has less than 4 GiB of memory.
        Some(Place { start: (last + 1 - length) as u32, end: (last + 1) as u32 })
    }
}

/// Returns the length of the matched prefix after one more byte. `length`, the length before it, is less than the needle's.
fn grown(needle: &[u8], borders: &[usize], mut length: usize, byte: u8) -> usize {
    loop {
        if needle.get(length) == Some(&byte) {
            return length + 1;
        }
        match length.checked_sub(1).and_then(|last| borders.get(last)) {
            Some(border) => length = *border,
            None => return 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn bytes_are_found_where_they_are() {
        for (needle, bytes, found) in [
            ("", "", Some((0, 0))),
            ("", "a", Some((0, 0))),
            ("a", "", None),
            ("aab", "aaab", Some((1, 4))),
            ("abab", "abaabab", Some((3, 7))),
            ("abac", "ababab", None),
            ("A", "a", None),
        ] {
            assert_eq!(
                Finder::exact(needle.as_bytes()).find(bytes.as_bytes()),
                found.map(|(start, end)| Place { start, end }),
                "{needle} in {bytes}"
            );
        }
        assert_eq!(Finder::ignoring_case(b"OrDeR[").find(b"new oRdEr[1]"), Some(Place { start: 4, end: 10 }));
        assert_eq!(
            Finder::ignoring_case(b"[").find(b"{"),
            None,
            "these two differ as the cases of a letter do"
        );
    }

    /// Byte by byte, this search would take 10^11 comparisons.
    #[test]
    fn a_long_text_that_nearly_matches_everywhere_takes_no_longer() {
        let (needle, text) = ("a".repeat(1 << 17) + "b", "a".repeat(1 << 20));
        assert_eq!(Finder::ignoring_case(needle.as_bytes()).find(text.as_bytes()), None);
        assert_eq!(Finder::exact(needle.as_bytes()).find(text.as_bytes()), None);
    }

    proptest! {
        #[test]
        fn the_same_is_found_as_by_comparing_everywhere(needle in "[abAB]{0,5}", text in "[abAB]{0,40}") {
            let find = |finder: Finder| finder.find(text.as_bytes()).map(|place| place.start as usize);
            prop_assert_eq!(find(Finder::exact(needle.as_bytes())), text.find(&needle));
            let (lower, folded) = (needle.to_lowercase(), text.to_lowercase());
            prop_assert_eq!(find(Finder::ignoring_case(needle.as_bytes())), folded.find(&lower));
        }
    }
}
