//! UTF-8 that comes in pieces (RFC 3629; RFC 6455 section 8.1 requires it).

/// Checks a text piece by piece. A character may be split between pieces.
#[derive(Debug, Default)]
pub(super) struct Utf8 {
    /// Bytes of a character whose rest has not come yet.
    split: [u8; 4],
    split_len: u8,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct NotUtf8;

impl Utf8 {
    /// Checks the next piece. Fails at the first byte behind which no continuation could make the text valid.
    pub(super) fn push(&mut self, mut piece: &[u8]) -> Result<(), NotUtf8> {
        while self.split_len > 0 {
            let [next, rest @ ..] = piece else { return Ok(()) };
            self.split[usize::from(self.split_len)] = *next;
            self.split_len += 1;
            piece = rest;
            match std::str::from_utf8(&self.split[..usize::from(self.split_len)]) {
                Ok(_) => self.split_len = 0,
                // `error_len` is none as long as the bytes are the beginning of some character.
                Err(error) if error.error_len().is_none() => {}
                Err(_) => return Err(NotUtf8),
            }
        }
        if let Err(error) = simdutf8::compat::from_utf8(piece) {
            if error.error_len().is_some() {
                return Err(NotUtf8);
            }
            let split = &piece[error.valid_up_to()..];
            self.split[..split.len()].copy_from_slice(split);
            self.split_len = split.len() as u8;
        }
        Ok(())
    }

    /// Ends the text. Fails if it ends within a character.
    pub(super) fn finish(&mut self) -> Result<(), NotUtf8> {
        if std::mem::take(&mut self.split_len) == 0 { Ok(()) } else { Err(NotUtf8) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pieces: &[&[u8]]) -> Result<(), NotUtf8> {
        let mut utf8 = Utf8::default();
        for piece in pieces {
            utf8.push(piece)?;
        }
        utf8.finish()
    }

    #[test]
    fn any_split_of_a_valid_text_is_valid() {
        let text = "κόσμε \u{7f}\u{80}\u{7ff}\u{800}\u{ffff}\u{10000}\u{10ffff} 🦀".as_bytes();
        for at in 0..=text.len() {
            for then in at..=text.len() {
                assert_eq!(check(&[&text[..at], &text[at..then], &text[then..]]), Ok(()), "{at} {then}");
            }
        }
        assert_eq!(check(&text.chunks(1).collect::<Vec<_>>()), Ok(()));
    }

    #[test]
    fn a_bad_byte_is_found_in_any_split() {
        for bad in [
            &b"\xce\xba\xed\xa0\x80edited"[..], // a surrogate
            b"\xf4\x90\x80\x80",                // above U+10FFFF
            b"\xc0\xaf",                        // overlong
            b"\xe0\x80\xaf",
            b"\x80",
            b"\xff",
            b"ab\xe2\x82z",
        ] {
            for at in 0..=bad.len() {
                assert_eq!(check(&[&bad[..at], &bad[at..]]), Err(NotUtf8), "{bad:x?} at {at}");
            }
        }
    }

    #[test]
    fn it_fails_at_the_byte_and_not_at_the_end() {
        let mut utf8 = Utf8::default();
        assert_eq!(utf8.push(b"\xf4"), Ok(()));
        assert_eq!(utf8.push(b"\x90"), Err(NotUtf8));
    }

    #[test]
    fn a_text_may_not_end_within_a_character() {
        assert_eq!(check(&[b"\xf0\x9f\xa6"]), Err(NotUtf8));
        assert_eq!(check(&[b"\xf0\x9f", b"\xa6"]), Err(NotUtf8));
    }
}
