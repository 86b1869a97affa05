//! The messages sent and received, as many as are kept.

use std::collections::VecDeque;

use super::message::{Body, Entry, Way};
use super::pairing::Pairing;
use super::shared::Shared;

/// What an entry takes beside its payload, in bytes: it counts, or a million empty messages would cost nothing.
const OVERHEAD: usize = 64;

/// How much is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caps {
    /// Messages.
    pub messages: usize,
    /// Bytes of payload, and [`OVERHEAD`] for each message.
    pub bytes: usize,
}

impl Caps {
    /// So many messages, and so many MiB.
    pub fn new(messages: usize, mebibytes: usize) -> Self {
        Self { messages, bytes: mebibytes.saturating_mul(1 << 20) }
    }
}

/// How many messages there were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Sent since the log was last cleared.
    pub sent: usize,
    /// Received since then.
    pub received: usize,
    /// Of both, those that are no longer kept.
    pub let_go: usize,
}

/// The messages in order, the oldest first.
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
    /// A message was sent.
    pub fn sent(&mut self, body: Body, at_ms: f64) {
        self.pairing.sent(body.clone(), at_ms);
        self.counts.sent += 1;
        self.push(Way::Sent, at_ms, body, None);
    }

    /// A message was received. Gives its round trip in milliseconds, if it is an echo.
    pub fn received(&mut self, body: Body, at_ms: f64) -> Option<f64> {
        // The echo and its original share one body: half of the memory, and large ones are not kept twice.
        let (body, round_trip_ms) = match self.pairing.received(&body, at_ms) {
            Some((sent, round_trip_ms)) => (sent, Some(round_trip_ms)),
            None => (body, None),
        };
        self.counts.received += 1;
        self.push(Way::Received, at_ms, body, round_trip_ms);
        round_trip_ms
    }

    /// The connection has ended: what was not echoed will not be.
    pub fn ended(&mut self) {
        self.pairing.clear();
    }

    /// Takes all messages away. Their numbers are not used again.
    pub fn clear(&mut self) {
        self.entries = VecDeque::new();
        self.bytes = 0;
        self.counts = Counts::default();
        self.start_ms = None;
    }

    /// Takes all messages away, and these, the oldest first, in. They get numbers of this log.
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

    /// Keeps so much from now on.
    pub fn set_caps(&mut self, caps: Caps) {
        self.caps = caps;
        self.trim();
    }

    /// How many messages are kept.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether no message is kept.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many messages there were.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// When the first message was, kept or not, since the log was last cleared; in milliseconds since 1970.
    pub fn start_ms(&self) -> Option<f64> {
        self.start_ms
    }

    /// The number of the oldest message that is kept, or of the next one if there is none.
    pub fn first_id(&self) -> u64 {
        self.next - self.entries.len() as u64
    }

    /// The number that the next message gets.
    pub fn next_id(&self) -> u64 {
        self.next
    }

    /// The message of a number; none if it is not, or no longer, there.
    pub fn get(&self, id: u64) -> Option<&Entry> {
        let index = id.checked_sub(self.first_id())?;
        self.entries.get(usize::try_from(index).ok()?)
    }

    /// The messages from a number on, the oldest first.
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

    /// Lets the oldest go, but for the newest one, which is kept whatever its size.
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

/// The log of all states of a session.
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
