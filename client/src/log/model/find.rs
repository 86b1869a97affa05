//! Search for bytes in bytes, in linear time.

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

    /// True if the bytes contain the needle. An empty needle is contained in everything.
    pub fn is_in(&self, bytes: &[u8]) -> bool {
        let mut length = 0;
        self.needle.is_empty()
            || bytes.iter().any(|byte| {
                let byte = if self.folds { byte.to_ascii_lowercase() } else { *byte };
                length = grown(&self.needle, &self.borders, length, byte);
                length == self.needle.len()
            })
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
            ("", "", true),
            ("", "a", true),
            ("a", "", false),
            ("aab", "aaab", true),
            ("abab", "abaabab", true),
            ("abac", "ababab", false),
            ("A", "a", false),
        ] {
            assert_eq!(
                Finder::exact(needle.as_bytes()).is_in(bytes.as_bytes()),
                found,
                "{needle} in {bytes}"
            );
        }
        assert!(Finder::ignoring_case(b"OrDeR[").is_in(b"new oRdEr[1]"));
        assert!(!Finder::ignoring_case(b"[").is_in(b"{"), "these two differ as the cases of a letter do");
    }

    /// Byte by byte, this search would take 10^11 comparisons.
    #[test]
    fn a_long_text_that_nearly_matches_everywhere_takes_no_longer() {
        let (needle, text) = ("a".repeat(1 << 17) + "b", "a".repeat(1 << 20));
        assert!(!Finder::ignoring_case(needle.as_bytes()).is_in(text.as_bytes()));
        assert!(!Finder::exact(needle.as_bytes()).is_in(text.as_bytes()));
    }

    proptest! {
        #[test]
        fn the_same_is_found_as_by_comparing_everywhere(needle in "[abAB]{0,5}", text in "[abAB]{0,40}") {
            prop_assert_eq!(Finder::exact(needle.as_bytes()).is_in(text.as_bytes()), text.contains(&needle));
            let (lower, folded) = (needle.to_lowercase(), text.to_lowercase());
            let found = Finder::ignoring_case(needle.as_bytes()).is_in(text.as_bytes());
            prop_assert_eq!(found, folded.contains(&lower));
        }
    }
}
