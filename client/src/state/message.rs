//! A received message, as far as the page needs it.

use std::fmt::Write as _;
use std::rc::Rc;

use yew::AttrValue;

/// How many characters of a text are shown before the reader asks for the rest.
pub const SHOWN_CHARACTERS: usize = 2_000;

/// How many bytes of a binary message are shown.
pub const SHOWN_BYTES: usize = 32;

/// A message and its place in the order of arrival, counted from 0.
#[derive(Debug, Clone)]
pub struct Message {
    /// The place; no two messages of a session have the same.
    pub id: usize,
    /// What it carried.
    pub body: Body,
}

/// What a message carried.
#[derive(Debug, Clone)]
pub enum Body {
    /// A text that is shown as it is; it may be empty.
    Text(AttrValue),
    /// A text of more than [`SHOWN_CHARACTERS`].
    Long(Rc<LongText>),
    /// Bytes. Only what is shown of them is kept.
    Binary(Rc<Binary>),
}

/// A long text and its beginning.
#[derive(Debug)]
pub struct LongText {
    /// All of it.
    pub whole: AttrValue,
    /// The first [`SHOWN_CHARACTERS`].
    pub beginning: AttrValue,
    /// How many characters the whole has.
    pub characters: usize,
}

/// A binary message's length and its beginning.
#[derive(Debug)]
pub struct Binary {
    /// How many bytes the whole message has.
    pub bytes: usize,
    /// The first [`SHOWN_BYTES`] in hexadecimal, parted by spaces.
    pub beginning: AttrValue,
}

impl Body {
    /// A text message.
    pub fn text(text: String) -> Self {
        match text.char_indices().nth(SHOWN_CHARACTERS) {
            None => Self::Text(text.into()),
            Some((end, _)) => Self::Long(Rc::new(LongText {
                beginning: AttrValue::from(text[..end].to_owned()),
                characters: SHOWN_CHARACTERS + text[end..].chars().count(),
                whole: text.into(),
            })),
        }
    }

    /// A binary message.
    pub fn binary(bytes: &[u8]) -> Self {
        let mut beginning = String::with_capacity(SHOWN_BYTES * 3);
        for byte in bytes.iter().take(SHOWN_BYTES) {
            // Writing to a String cannot fail.
            let _ = write!(beginning, "{}{byte:02x}", if beginning.is_empty() { "" } else { " " });
        }
        Self::Binary(Rc::new(Binary { bytes: bytes.len(), beginning: beginning.into() }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn long(body: Body) -> Option<Rc<LongText>> {
        if let Body::Long(long) = body { Some(long) } else { None }
    }

    #[test]
    fn a_text_is_long_from_one_character_over_the_limit() {
        assert!(matches!(Body::text(String::new()), Body::Text(text) if text.is_empty()));
        assert!(long(Body::text("x".repeat(SHOWN_CHARACTERS))).is_none());
        let text = long(Body::text("x".repeat(SHOWN_CHARACTERS + 1))).unwrap();
        assert_eq!((text.characters, text.beginning.len(), text.whole.len()), (2_001, 2_000, 2_001));
    }

    #[test]
    fn characters_are_counted_and_never_cut_in_two() {
        assert!(long(Body::text("🦀".repeat(SHOWN_CHARACTERS))).is_none());
        let text = long(Body::text("🦀".repeat(SHOWN_CHARACTERS + 500))).unwrap();
        assert_eq!(text.characters, 2_500);
        assert_eq!(text.beginning, "🦀".repeat(SHOWN_CHARACTERS));
    }

    #[test]
    fn of_bytes_the_first_ones_are_shown() {
        let Body::Binary(short) = Body::binary(&[0, 0x0f, 0xff]) else { panic!("not binary") };
        assert_eq!((short.bytes, short.beginning.as_str()), (3, "00 0f ff"));
        let Body::Binary(empty) = Body::binary(&[]) else { panic!("not binary") };
        assert_eq!((empty.bytes, empty.beginning.as_str()), (0, ""));
        let Body::Binary(many) = Body::binary(&[0xab; 100]) else { panic!("not binary") };
        assert_eq!((many.bytes, many.beginning.len()), (100, 32 * 3 - 1));
    }
}
