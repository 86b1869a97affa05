//! Which message received is the echo of which message sent.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::message::{Body, Kind};

/// How many messages may wait for their echo. A server that never echoes must not cost memory without end.
const WAITING: usize = 200_000;

/// How much of each end of a message goes into its key. The rest is compared when the keys are the same.
const ENDS: usize = 256;

/// The messages sent whose echo has not come yet.
///
/// An echo has the content of the message; of several with the same content the oldest is meant. So echoes in order are
/// found at once, echoes out of order too, and what is no echo takes nobody's place.
#[derive(Debug, Default)]
pub struct Pairing {
    /// By the order in which they were sent.
    waiting: BTreeMap<u64, (Key, Body, f64)>,
    /// The places in that order, for each content.
    places: HashMap<Key, VecDeque<u64>>,
    next: u64,
}

/// Kind, length, and a hash of both ends.
type Key = (bool, usize, u64);

impl Pairing {
    /// A message was sent at a time in milliseconds.
    pub fn sent(&mut self, body: Body, at_ms: f64) {
        if self.waiting.len() >= WAITING {
            self.forget_oldest();
        }
        let key = key(&body);
        self.places.entry(key).or_default().push_back(self.next);
        self.waiting.insert(self.next, (key, body, at_ms));
        self.next += 1;
    }

    /// A message was received at a time in milliseconds. Gives the time since its original was sent, if it is an echo, and
    /// the original's body, which is the same and can stand for the echo's.
    pub fn received(&mut self, body: &Body, at_ms: f64) -> Option<(Body, f64)> {
        if self.waiting.is_empty() {
            return None;
        }
        let key = key(body);
        let places = self.places.get_mut(&key)?;
        let waiting = &self.waiting;
        let index =
            places.iter().position(|place| waiting.get(place).is_some_and(|(_, sent, _)| sent == body))?;
        let place = places.remove(index)?;
        if places.is_empty() {
            self.places.remove(&key);
        }
        let (_, sent, sent_at_ms) = self.waiting.remove(&place)?;
        Some((sent, (at_ms - sent_at_ms).max(0.0)))
    }

    /// The connection has ended: no echo of what was sent will come.
    pub fn clear(&mut self) {
        self.waiting.clear();
        self.places.clear();
    }

    fn forget_oldest(&mut self) {
        let Some((place, (key, ..))) = self.waiting.pop_first() else { return };
        if let Some(places) = self.places.get_mut(&key) {
            places.retain(|other| *other != place);
            if places.is_empty() {
                self.places.remove(&key);
            }
        }
    }
}

fn key(body: &Body) -> Key {
    let bytes = body.as_bytes();
    let mut hasher = DefaultHasher::new();
    bytes[..bytes.len().min(ENDS)].hash(&mut hasher);
    bytes[bytes.len().saturating_sub(ENDS)..].hash(&mut hasher);
    (body.kind() == Kind::Text, bytes.len(), hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn received(pairing: &mut Pairing, text: &str, at_ms: f64) -> Option<f64> {
        pairing.received(&Body::text(text), at_ms).map(|(_, round_trip)| round_trip)
    }

    #[test]
    fn echoes_in_order_are_paired_in_order() {
        let mut pairing = Pairing::default();
        for (text, at) in [("a", 1.0), ("b", 2.0), ("a", 3.0)] {
            pairing.sent(Body::text(text), at);
        }
        assert_eq!(received(&mut pairing, "a", 11.0), Some(10.0), "the older one of the same content");
        assert_eq!(received(&mut pairing, "b", 12.0), Some(10.0));
        assert_eq!(received(&mut pairing, "a", 13.5), Some(10.5));
        assert_eq!(received(&mut pairing, "a", 14.0), None, "each is paired once");
        assert!(pairing.places.is_empty());
    }

    #[test]
    fn echoes_out_of_order_and_strangers_are_told_apart() {
        let mut pairing = Pairing::default();
        for (text, at) in [("a", 1.0), ("b", 2.0), ("c", 3.0)] {
            pairing.sent(Body::text(text), at);
        }
        assert_eq!(received(&mut pairing, "news", 4.0), None);
        assert_eq!(received(&mut pairing, "c", 5.0), Some(2.0));
        assert_eq!(received(&mut pairing, "a", 6.0), Some(5.0));
        assert_eq!(
            received(&mut pairing, "b", 1.0),
            Some(0.0),
            "a clock that was set gives no negative times"
        );
    }

    #[test]
    fn a_binary_message_is_no_echo_of_a_text() {
        let mut pairing = Pairing::default();
        pairing.sent(Body::text("a"), 0.0);
        assert!(pairing.received(&Body::binary(*b"a"), 1.0).is_none());
        assert_eq!(received(&mut pairing, "a", 1.0), Some(1.0));
    }

    #[test]
    fn the_whole_content_counts_and_not_its_ends_alone() {
        let mut pairing = Pairing::default();
        let mut bytes = vec![7; 10_000];
        pairing.sent(Body::binary(bytes.clone()), 0.0);
        bytes[5_000] = 8;
        assert!(pairing.received(&Body::binary(bytes.clone()), 1.0).is_none());
        bytes[5_000] = 7;
        assert!(pairing.received(&Body::binary(bytes), 1.0).is_some());
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
}
