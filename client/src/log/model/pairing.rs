//! Matching of echoes to the messages that were sent.

use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::connection::model::message::{Body, Kind};

/// Maximum number of messages without an echo. It bounds the memory when a server never echoes.
const WAITING: usize = 200_000;

/// Number of bytes at each end of a message that enter its key. The rest of a longer one is compared when the keys match.
const ENDS: usize = 1_024;

/// Maximum number of messages with the same key that are compared with a received one. Without it, a peer that answers each
/// message with another one of the same length and ends would cost time that grows with the square of their number.
const COMPARED: usize = 64;

/// Sent messages whose echo has not arrived.
///
/// An echo has the same content as its original; of several messages with this content it belongs to the oldest. Thus echoes are
/// found at once, in order or not, and a message that is not an echo does not disturb the others.
#[derive(Debug, Default)]
pub struct Pairing {
    /// Messages in the order of sending; `None` for those whose echo has arrived.
    waiting: VecDeque<Option<Sent>>,
    /// Place of the first element of `waiting`.
    first: u64,
    /// Places of the messages by key.
    places: HashMap<Key, VecDeque<u64>>,
}

#[derive(Debug)]
struct Sent {
    key: Key,
    body: Body,
    at_ms: f64,
}

/// Key of a message: true for text, length, and a hash of both ends.
type Key = (bool, usize, u64);

impl Pairing {
    /// Adds a sent message. The time is in milliseconds.
    pub fn sent(&mut self, body: Body, at_ms: f64) {
        if self.waiting.len() >= WAITING {
            self.forget_oldest();
        }
        let key = key(&body);
        let place = self.first + self.waiting.len() as u64;
        self.places.entry(key).or_default().push_back(place);
        self.waiting.push_back(Some(Sent { key, body, at_ms }));
    }

    /// Takes a received message and its time in milliseconds. If it is an echo, returns the original's body, which is equal and
    /// can replace the echo's, and the time since the original was sent.
    pub fn received(&mut self, body: &Body, at_ms: f64) -> Option<(Body, f64)> {
        if self.waiting.is_empty() {
            return None;
        }
        let key = key(body);
        let places = self.places.get(&key)?;
        let mut near = places.iter().take(COMPARED);
        let index = near.position(|place| self.at(*place).is_some_and(|sent| is_same(&sent.body, body)))?;
        let sent = self.take(&key, index)?;
        while self.waiting.front().is_some_and(Option::is_none) {
            self.waiting.pop_front();
            self.first += 1;
        }
        // Whole microseconds, as an exported log has them: an imported one must show the same digits.
        let round_trip_us = ((at_ms - sent.at_ms) * 1_000.0).round().max(0.0);
        Some((sent.body, round_trip_us / 1_000.0))
    }

    /// Ends the connection: no more echoes will arrive.
    pub fn clear(&mut self) {
        self.first += self.waiting.len() as u64;
        self.waiting.clear();
        self.places.clear();
    }

    fn index(&self, place: u64) -> Option<usize> {
        usize::try_from(place.checked_sub(self.first)?).ok()
    }

    fn at(&self, place: u64) -> Option<&Sent> {
        self.waiting.get(self.index(place)?)?.as_ref()
    }

    /// Removes one of the messages with this key.
    fn take(&mut self, key: &Key, index: usize) -> Option<Sent> {
        let places = self.places.get_mut(key)?;
        let place = places.remove(index)?;
        if places.is_empty() {
            self.places.remove(key);
        }
        let index = self.index(place)?;
        self.waiting.get_mut(index)?.take()
    }

    /// Removes the oldest message, which is also the oldest with its key.
    fn forget_oldest(&mut self) {
        if let Some(key) = self.at(self.first).map(|sent| sent.key) {
            self.take(&key, 0);
        }
        self.waiting.pop_front();
        self.first += 1;
    }
}

/// True if two bodies are equal. Compares eight bytes at a time: WebAssembly has no instruction for comparing memory, and 64 MiB
/// byte by byte would cause a noticeable delay.
fn is_same(a: &Body, b: &Body) -> bool {
    let ((a_words, a_rest), (b_words, b_rest)) =
        (a.as_bytes().as_chunks::<8>(), b.as_bytes().as_chunks::<8>());
    let is_same = |(a, b): (&[u8; 8], &[u8; 8])| u64::from_ne_bytes(*a) == u64::from_ne_bytes(*b);
    a.kind() == b.kind()
        && a.bytes() == b.bytes()
        && a_words.iter().zip(b_words).all(is_same)
        && a_rest == b_rest
}

fn key(body: &Body) -> Key {
    let bytes = body.as_bytes();
    let mut hasher = DefaultHasher::new();
    let half = bytes.len().min(ENDS);
    bytes[..half].hash(&mut hasher);
    bytes[bytes.len().saturating_sub(ENDS).max(half)..].hash(&mut hasher);
    (body.kind() == Kind::Text, bytes.len(), hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn received(pairing: &mut Pairing, text: &str, at_ms: f64) -> Option<f64> {
        pairing.received(&Body::text(text), at_ms).map(|(_, round_trip)| round_trip)
    }

    #[test]
    fn echoes_are_paired_with_the_oldest_of_the_same_content() {
        for (case, sent, echoes) in [
            (
                "in order, and each once",
                [("a", 1.0), ("b", 2.0), ("a", 3.0)],
                [
                    ("a", 11.0, Some(10.0)),
                    ("b", 12.0, Some(10.0)),
                    ("a", 13.5, Some(10.5)),
                    ("a", 14.0, None),
                ],
            ),
            (
                "out of order, with a stranger, and a clock that was set",
                [("a", 1.0), ("b", 2.0), ("c", 3.0)],
                [("news", 4.0, None), ("c", 5.0, Some(2.0)), ("a", 6.0, Some(5.0)), ("b", 1.0, Some(0.0))],
            ),
        ] {
            let mut pairing = Pairing::default();
            sent.iter().for_each(|(text, at_ms)| pairing.sent(Body::text(*text), *at_ms));
            for (text, at_ms, round_trip) in echoes {
                assert_eq!(received(&mut pairing, text, at_ms), round_trip, "{case}: {text} at {at_ms}");
            }
            assert!(pairing.places.is_empty(), "{case}");
        }
    }

    #[test]
    fn a_binary_message_is_no_echo_of_a_text() {
        let mut pairing = Pairing::default();
        pairing.sent(Body::text("a"), 0.0);
        assert!(pairing.received(&Body::binary(*b"a"), 1.0).is_none());
        assert_eq!(received(&mut pairing, "a", 1.0), Some(1.0));
    }

    /// As with `{{uuid}}` in a text: what tells the messages apart may be far from both ends.
    #[test]
    fn unique_messages_are_paired_in_any_order() {
        let text = |n: u32| format!("{:900}{n:08}{:900}", "", "");
        let mut pairing = Pairing::default();
        (0..1_000).for_each(|n| pairing.sent(Body::text(text(n)), f64::from(n)));
        for n in (0..1_000).rev() {
            assert_eq!(received(&mut pairing, &text(n), 2_000.0), Some(2_000.0 - f64::from(n)), "{n}");
        }
    }

    #[test]
    fn the_whole_content_counts_and_not_its_ends_alone() {
        let mut pairing = Pairing::default();
        for (length, place) in [(10_000, 5_000), (10_001, 5_003), (3, 2), (8, 0), (15, 14)] {
            let mut bytes = vec![7; length];
            pairing.sent(Body::binary(bytes.clone()), 0.0);
            bytes[place] = 8;
            assert!(pairing.received(&Body::binary(bytes.clone()), 1.0).is_none());
            bytes[place] = 7;
            assert!(pairing.received(&Body::binary(bytes), 1.0).is_some());
        }
    }

    #[test]
    fn a_server_that_never_echoes_costs_no_memory_without_end() {
        let mut pairing = Pairing::default();
        for number in 0..WAITING + 10 {
            pairing.sent(Body::text(number.to_string()), 0.0);
        }
        assert_eq!((pairing.waiting.len(), pairing.places.len()), (WAITING, WAITING));
        assert_eq!(received(&mut pairing, "9", 1.0), None);
        assert_eq!(received(&mut pairing, "10", 1.0), Some(1.0));
        pairing.clear();
        assert!(pairing.waiting.is_empty() && pairing.places.is_empty());
    }

    /// Compared with all messages without an echo, this would be 4 × 10^8 comparisons.
    #[test]
    fn answers_that_are_nearly_echoes_take_no_time_that_grows_with_what_waits() {
        let body = |middle: &str| Body::text(format!("{0}{middle}{0}", "x".repeat(2 * ENDS)));
        let mut pairing = Pairing::default();
        for _ in 0..5_000 {
            pairing.sent(body("sent"), 0.0);
        }
        let other = body("back");
        assert!((0..5_000).all(|_| pairing.received(&other, 1.0).is_none()));
        assert!(pairing.received(&body("sent"), 1.0).is_some());
    }
}
