//! A search for bytes in bytes, in time that grows with their lengths and not with their product.

/// What is looked for, prepared (the algorithm of Knuth, Morris and Pratt).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finder {
    needle: Vec<u8>,
    /// For each byte of the needle, the length of the longest beginning of the needle that also ends there, itself left out.
    borders: Vec<usize>,
    /// Whether a letter of ASCII stands for both of its cases. The needle is in lower case then.
    folds: bool,
}

impl Finder {
    /// Finds the bytes as they are.
    pub fn exact(needle: &[u8]) -> Self {
        Self::new(needle.to_vec(), false)
    }

    /// Finds the bytes, whatever the case of the letters of ASCII in them.
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

    /// Whether the bytes contain what is looked for. Nothing is contained in everything.
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

/// How much of the needle's beginning is found with one more byte. `length` is how much was found before it, and less than all.
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

    /// Byte by byte, this would be 10^11 comparisons.
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
