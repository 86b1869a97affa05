//! Payloads: binary data that cannot be compressed, text that is not only ASCII, and JSON that compresses as usual.
//! Equal numbers give equal bytes and different numbers different bytes, so that an echo for another connection is detected.

use std::fmt::Write;

/// Generator of pseudo-random numbers (xorshift64).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(number: u64) -> Self {
        Self((number + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[(self.next() >> 33) as usize % words.len()]
    }
}

/// Returns `length` bytes of all values.
pub(crate) fn binary(length: usize, number: u64) -> Vec<u8> {
    let mut random = Random::new(number);
    let mut bytes: Vec<u8> = (0..length.div_ceil(8)).flat_map(|_| random.next().to_le_bytes()).collect();
    bytes.truncate(length);
    bytes
}

/// Returns `length` bytes of UTF-8. About one character in ten is not ASCII.
pub(crate) fn text(length: usize, number: u64) -> Vec<u8> {
    let words = [
        "the ", "quick ", "brown ", "fox ", "jumps ", "over ", "zwölf ", "große ", "眠い ", "犬 ", "🦀 ",
        "çà ", "et là ",
    ];
    let mut random = Random::new(number);
    let mut text = String::with_capacity(length + 8);
    while text.len() < length {
        text.push_str(random.pick(&words));
    }
    fitted(text, length)
}

/// Returns one JSON object of `length` bytes (at least 64), similar to those of a price feed or a chat.
pub(crate) fn json(length: usize, number: u64) -> Vec<u8> {
    let users = ["alice", "bob", "chloé", "dmitri", "erin", "faythe"];
    let kinds = ["message", "presence", "price", "order", "notice"];
    let mut random = Random::new(number);
    let mut text = format!("{{\"id\":{number},\"items\":[");
    loop {
        let mut item = String::new();
        // Writing to a String cannot fail.
        let _ = write!(
            item,
            "{{\"seq\":{},\"type\":\"{}\",\"user\":\"{}\",\"amount\":{}.{:02},\"read\":{}}},",
            random.next() % 100_000,
            random.pick(&kinds),
            random.pick(&users),
            random.next() % 10_000,
            random.next() % 100,
            random.next().is_multiple_of(2),
        );
        if text.len() + item.len() + "],\"note\":\"\"}".len() > length {
            break;
        }
        text.push_str(&item);
    }
    if text.ends_with(',') {
        text.pop();
    }
    text.push_str("],\"note\":\"");
    let rest = length - text.len() - "\"}".len();
    text.extend((0..rest).map(|index| char::from(b'a' + (index % 26) as u8)));
    text.push_str("\"}");
    text.into_bytes()
}

/// Cuts `text` at the last character that ends within `length` bytes, and fills it up with dots.
fn fitted(mut text: String, length: usize) -> Vec<u8> {
    text.truncate(text.floor_char_boundary(length));
    let mut bytes = text.into_bytes();
    bytes.resize(length, b'.');
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_exact_and_text_is_utf8() {
        for length in [0, 1, 2, 3, 64, 125, 126, 1000, 65_536] {
            assert_eq!(binary(length, 7).len(), length);
            let text = text(length, 7);
            assert_eq!(text.len(), length);
            assert!(std::str::from_utf8(&text).is_ok());
        }
        for length in [64, 100, 1024, 5000] {
            for number in [0, 9, 12_345] {
                let json = json(length, number);
                assert_eq!(json.len(), length);
                serde_json::from_slice::<serde_json::Value>(&json).expect("is JSON");
            }
        }
    }

    #[test]
    fn another_number_gives_other_bytes() {
        assert_eq!(binary(64, 1), binary(64, 1));
        assert_ne!(binary(64, 1), binary(64, 2));
        assert_ne!(text(64, 1), text(64, 2));
        assert_ne!(json(1024, 1), json(1024, 2));
    }
}
