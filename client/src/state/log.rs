//! The log of sent and received messages, limited in number and size.

use std::collections::VecDeque;

use super::message::{Body, Entry, Way};
use super::pairing::Pairing;
use super::shared::Shared;

/// Memory of an entry beside its payload, in bytes. It counts toward the limit; otherwise a million empty messages would be free.
const OVERHEAD: usize = 64;

/// Limits of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caps {
    /// Maximum number of messages.
    pub messages: usize,
    /// Maximum sum of the payloads in bytes, with [`OVERHEAD`] added for each message.
    pub bytes: usize,
}

impl Caps {
    /// Creates limits from a number of messages and a size in MiB.
    pub fn new(messages: usize, mebibytes: usize) -> Self {
        Self { messages, bytes: mebibytes.saturating_mul(1 << 20) }
    }
}

/// Numbers of messages since the log was last cleared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Number of sent messages.
    pub sent: usize,
    /// Number of received messages.
    pub received: usize,
    /// Number of messages, sent or received, that were removed to keep to the limits.
    pub let_go: usize,
}

/// The messages in order, oldest first.
#[derive(Debug)]
pub struct Log {
    entries: VecDeque<Entry>,
    bytes: usize,
    caps: Caps,
    counts: Counts,
    pairing: Pairing,
    next: u64,
    start_ms: Option<f64>,
}

impl Default for Log {
    fn default() -> Self {
        let caps = Caps { messages: usize::MAX, bytes: usize::MAX };
        Self {
            entries: VecDeque::new(),
            bytes: 0,
            caps,
            counts: Counts::default(),
            pairing: Pairing::default(),
            next: 1,
            start_ms: None,
        }
    }
}

impl Log {
    /// Adds a sent message.
    pub fn sent(&mut self, body: Body, at_ms: f64) {
        self.pairing.sent(body.clone(), at_ms);
        self.counts.sent += 1;
        self.push(Way::Sent, at_ms, body, None);
    }

    /// Adds a received message. Returns its round trip in milliseconds if it is an echo.
    pub fn received(&mut self, body: Body, at_ms: f64) -> Option<f64> {
        // The echo shares the body of its original, which halves the memory.
        let (body, round_trip_ms) = match self.pairing.received(&body, at_ms) {
            Some((sent, round_trip_ms)) => (sent, Some(round_trip_ms)),
            None => (body, None),
        };
        self.counts.received += 1;
        self.push(Way::Received, at_ms, body, round_trip_ms);
        round_trip_ms
    }

    /// Ends the connection: messages without an echo will not receive one.
    pub fn ended(&mut self) {
        self.pairing.clear();
    }

    /// Removes all messages. Their numbers are not used again.
    pub fn clear(&mut self) {
        self.entries = VecDeque::new();
        self.bytes = 0;
        self.counts = Counts::default();
        self.start_ms = None;
    }

    /// Replaces all messages with these, oldest first. They receive new numbers.
    pub fn replace(&mut self, entries: Vec<Entry>) {
        self.clear();
        for Entry { way, at_ms, body, round_trip_ms, .. } in entries {
            match way {
                Way::Sent => self.counts.sent += 1,
                Way::Received => self.counts.received += 1,
            }
            self.push(way, at_ms, body, round_trip_ms);
        }
    }

    /// Changes the limits.
    pub fn set_caps(&mut self, caps: Caps) {
        self.caps = caps;
        self.trim();
    }

    /// Returns the number of messages in the log.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// True if the log is empty.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Returns the numbers of messages since the log was last cleared.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Returns the time of the first message since the log was last cleared, even if it was removed; in milliseconds since 1970.
    pub fn start_ms(&self) -> Option<f64> {
        self.start_ms
    }

    /// Returns the number of the oldest message in the log, or of the next one if the log is empty.
    pub fn first_id(&self) -> u64 {
        self.next - self.entries.len() as u64
    }

    /// Returns the number of the next message.
    pub fn next_id(&self) -> u64 {
        self.next
    }

    /// Returns the message with a number, or `None` if it is not in the log.
    pub fn get(&self, id: u64) -> Option<&Entry> {
        let index = id.checked_sub(self.first_id())?;
        self.entries.get(usize::try_from(index).ok()?)
    }

    /// Returns the messages from a number on, oldest first.
    pub fn from(&self, id: u64) -> impl Iterator<Item = &Entry> {
        let index = id.saturating_sub(self.first_id()).min(self.entries.len() as u64);
        self.entries.range(usize::try_from(index).unwrap_or(usize::MAX).min(self.entries.len())..)
    }

    fn push(&mut self, way: Way, at_ms: f64, body: Body, round_trip_ms: Option<f64>) {
        self.bytes = self.bytes.saturating_add(cost(&body));
        self.start_ms.get_or_insert(at_ms);
        self.entries.push_back(Entry { id: self.next, way, at_ms, body, round_trip_ms });
        self.next += 1;
        self.trim();
    }

    /// Removes the oldest messages until the limits are met. The newest one stays, whatever its size.
    fn trim(&mut self) {
        while self.entries.len() > 1
            && (self.entries.len() > self.caps.messages || self.bytes > self.caps.bytes)
        {
            if let Some(oldest) = self.entries.pop_front() {
                self.bytes = self.bytes.saturating_sub(cost(&oldest.body));
                self.counts.let_go += 1;
            }
        }
    }
}

fn cost(body: &Body) -> usize {
    body.bytes().saturating_add(OVERHEAD)
}

/// The log of a session, shared by its successive states.
pub type SharedLog = Shared<Log>;

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(messages: usize) -> Log {
        let mut log = Log::default();
        for number in 0..messages {
            log.received(Body::text(number.to_string()), 0.0);
        }
        log
    }

    fn ids(log: &Log) -> Vec<u64> {
        log.from(0).map(|entry| entry.id).collect()
    }

    #[test]
    fn messages_keep_their_order_and_number() {
        let mut log = filled(3);
        log.sent(Body::text("x"), 5.0);
        assert_eq!((ids(&log), log.first_id(), log.next_id()), (vec![1, 2, 3, 4], 1, 5));
        assert_eq!(log.get(4).map(|entry| entry.way), Some(Way::Sent));
        assert_eq!((log.get(0), log.get(5)), (None, None));
        assert_eq!(log.from(3).map(|entry| entry.id).collect::<Vec<_>>(), [3, 4]);
        assert_eq!((log.from(5).count(), log.from(u64::MAX).count()), (0, 0));
        assert_eq!(log.counts(), Counts { sent: 1, received: 3, let_go: 0 });
    }

    #[test]
    fn an_echo_has_a_round_trip_and_shares_the_body_of_its_original() {
        let mut log = Log::default();
        log.sent(Body::text("a"), 10.0);
        assert_eq!(log.received(Body::text("a"), 12.5), Some(2.5));
        let bodies: Vec<_> = log.from(0).map(|entry| entry.body.as_bytes().as_ptr()).collect();
        assert_eq!(bodies[0], bodies[1]);
        log.sent(Body::text("b"), 13.0);
        log.ended();
        assert_eq!(log.received(Body::text("b"), 14.0), None, "of another connection");
    }

    #[test]
    fn the_oldest_are_let_go_and_counted() {
        let mut log = filled(10);
        log.set_caps(Caps { messages: 4, bytes: usize::MAX });
        assert_eq!((ids(&log), log.counts().let_go), (vec![7, 8, 9, 10], 6));
        log.received(Body::text("x"), 7.0);
        assert_eq!(log.start_ms(), Some(0.0), "the first one is gone, and times are since it");
        assert_eq!(
            (ids(&log), log.counts()),
            (vec![8, 9, 10, 11], Counts { sent: 0, received: 11, let_go: 7 })
        );
        assert_eq!(log.get(7), None);
    }

    #[test]
    fn bytes_are_limited_too_and_the_newest_always_stays() {
        let mut log = Log::default();
        log.set_caps(Caps { messages: 100, bytes: 1_000 });
        for _ in 0..20 {
            log.received(Body::binary(vec![0; 100 - OVERHEAD]), 0.0);
        }
        assert_eq!((log.len(), log.bytes), (10, 1_000));
        log.received(Body::binary(vec![0; 5_000]), 0.0);
        assert_eq!((log.len(), log.counts().let_go), (1, 20));
    }

    #[test]
    fn a_cleared_log_starts_counting_anew_but_not_its_numbers() {
        let mut log = filled(3);
        log.clear();
        assert!(log.is_empty() && log.counts() == Counts::default() && log.first_id() == 4);
        log.received(Body::text("x"), 9.0);
        assert_eq!((ids(&log), log.start_ms()), (vec![4], Some(9.0)));
    }

    #[test]
    fn a_replaced_log_has_the_other_messages_under_its_own_numbers() {
        let mut other = filled(3);
        other.sent(Body::text("x"), 5.0);
        let entries: Vec<Entry> = other.from(2).cloned().collect();
        let mut log = filled(2);
        log.set_caps(Caps { messages: 2, bytes: usize::MAX });
        log.replace(entries.clone());
        assert_eq!((ids(&log), log.counts()), (vec![4, 5], Counts { sent: 1, received: 2, let_go: 1 }));
        assert!(log.from(0).zip(&entries[1..]).all(|(kept, given)| kept.body == given.body));
    }
}
