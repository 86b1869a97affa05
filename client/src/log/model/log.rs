//! The log: messages and events of the connection, limited in number and size.

use std::collections::VecDeque;
use std::rc::Rc;

use super::pairing::Pairing;
use crate::common::versioned::Versioned;
use crate::connection::model::event::ConnectionEvent;
use crate::connection::model::message::{Body, Content, Direction, Entry, Message};

/// Memory of an entry beside its payload or its texts, in bytes. It counts toward the limit; otherwise a million empty messages would be free.
const OVERHEAD: usize = 64;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogLimits {
    pub messages: usize,
    /// Maximum sum of the payloads and of the events' texts in bytes, with [`OVERHEAD`] added for each entry.
    pub bytes: usize,
}

impl LogLimits {
    /// Creates limits from a number of entries and a size in MiB.
    pub fn new(messages: usize, mebibytes: usize) -> Self {
        Self { messages, bytes: mebibytes.saturating_mul(1 << 20) }
    }
}

/// Numbers of messages since the log was last cleared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub sent: usize,
    pub received: usize,
    /// Number of messages, sent or received, that were removed to keep to the limits.
    pub evicted: usize,
}

/// The entries in order, oldest first.
#[derive(Debug)]
pub struct Log {
    entries: VecDeque<Entry>,
    bytes: usize,
    limits: LogLimits,
    counts: Counts,
    pairing: Pairing,
    next: u64,
    /// Identifier of the newest entry that was removed when the log was last cleared.
    cleared: u64,
    /// Number of times that all entries were removed, replaced or brought back.
    generation: u32,
    start_ms: Option<f64>,
    /// The entries before the log was last cleared, as long as that can be undone.
    before: Option<Before>,
}

#[derive(Debug)]
struct Before {
    entries: VecDeque<Entry>,
    counts: Counts,
    /// Shown number of the first entry.
    number: u64,
    start_ms: Option<f64>,
}

impl Default for Log {
    fn default() -> Self {
        let limits = LogLimits { messages: usize::MAX, bytes: usize::MAX };
        Self {
            entries: VecDeque::new(),
            bytes: 0,
            limits,
            counts: Counts::default(),
            pairing: Pairing::default(),
            next: 1,
            cleared: 0,
            generation: 0,
            start_ms: None,
            before: None,
        }
    }
}

impl Log {
    pub fn sent(&mut self, body: Body, at_ms: f64) {
        self.pairing.sent(body.clone(), at_ms);
        self.counts.sent += 1;
        self.push(at_ms, Content::Message(Message { direction: Direction::Sent, body, round_trip_ms: None }));
    }

    /// Adds a received message. Returns its round trip in milliseconds if it is an echo.
    pub fn received(&mut self, body: Body, at_ms: f64) -> Option<f64> {
        // The echo shares the body of its original, which halves the memory.
        let (body, round_trip_ms) = match self.pairing.received(&body, at_ms) {
            Some((sent, round_trip_ms)) => (sent, Some(round_trip_ms)),
            None => (body, None),
        };
        self.counts.received += 1;
        self.push(at_ms, Content::Message(Message { direction: Direction::Received, body, round_trip_ms }));
        round_trip_ms
    }

    pub fn noted(&mut self, event: ConnectionEvent, at_ms: f64) {
        self.push(at_ms, Content::Event(Rc::new(event)));
    }

    /// Ends the connection: messages without an echo will not receive one.
    pub fn ended(&mut self) {
        self.pairing.clear();
    }

    /// Removes all entries. Their identifiers are not used again; [`number`](Self::number) begins anew. [`restore`](Self::restore)
    /// brings them back, until new entries reach the limits or [`forget`](Self::forget) is called.
    pub fn clear(&mut self) {
        let number = self.number(self.first_id());
        let (entries, counts) = (std::mem::take(&mut self.entries), std::mem::take(&mut self.counts));
        let start_ms = self.start_ms.take();
        self.before = (!entries.is_empty()).then_some(Before { entries, counts, number, start_ms });
        self.bytes = 0;
        self.cleared = self.next - 1;
        self.generation += 1;
    }

    /// Puts the entries that were cleared back in front of those that came since. All receive new identifiers.
    pub fn restore(&mut self) {
        let Some(before) = self.before.take() else { return };
        let since = std::mem::take(&mut self.entries);
        self.bytes = 0;
        self.cleared = self.next - before.number;
        self.generation += 1;
        self.start_ms = before.start_ms;
        self.counts.sent += before.counts.sent;
        self.counts.received += before.counts.received;
        self.counts.evicted += before.counts.evicted;
        for entry in before.entries.into_iter().chain(since) {
            self.push(entry.at_ms, entry.content);
        }
    }

    /// Puts the entries that were in the log before a reload in front of all.
    pub fn recover(&mut self, mut entries: Vec<Entry>) {
        entries.extend(self.entries.drain(..));
        self.replace(entries);
    }

    /// Makes the last [`clear`](Self::clear) final.
    pub fn forget(&mut self) {
        self.before = None;
    }

    /// Returns a number that changes when all entries are removed, replaced or brought back.
    pub fn generation(&self) -> u32 {
        self.generation
    }

    /// Returns a number of the last [`clear`](Self::clear) if it can be undone.
    pub fn undoable(&self) -> Option<u64> {
        self.before.is_some().then_some(self.cleared)
    }

    /// Replaces all entries with these, oldest first. They receive new identifiers, and numbers from 1 on.
    pub fn replace(&mut self, entries: Vec<Entry>) {
        self.clear();
        self.forget();
        for entry in entries {
            match entry.message().map(|message| message.direction) {
                Some(Direction::Sent) => self.counts.sent += 1,
                Some(Direction::Received) => self.counts.received += 1,
                None => {}
            }
            self.push(entry.at_ms, entry.content);
        }
    }

    pub fn set_limits(&mut self, limits: LogLimits) {
        self.limits = limits;
        self.trim();
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// True if the log has messages, and not only events.
    pub fn has_messages(&self) -> bool {
        let Counts { sent, received, evicted } = self.counts;
        sent + received > evicted
    }

    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Returns the time of the first entry since the log was last cleared, even if it was removed; in milliseconds since 1970.
    pub fn start_ms(&self) -> Option<f64> {
        self.start_ms
    }

    /// Returns the identifier of the oldest entry in the log, or of the next one if the log is empty.
    pub fn first_id(&self) -> u64 {
        self.next - self.entries.len() as u64
    }

    pub fn next_id(&self) -> u64 {
        self.next
    }

    /// Returns the number under which an entry is shown and exported: 1 for the first one since the log was last cleared, as the counts.
    pub fn number(&self, id: u64) -> u64 {
        id.saturating_sub(self.cleared)
    }

    /// Returns an entry, or `None` if it is not in the log.
    pub fn get(&self, id: u64) -> Option<&Entry> {
        let index = id.checked_sub(self.first_id())?;
        self.entries.get(usize::try_from(index).ok()?)
    }

    /// Returns the entries from an identifier on, oldest first.
    pub fn from(&self, id: u64) -> impl Iterator<Item = &Entry> {
        let index = id.saturating_sub(self.first_id()).min(self.entries.len() as u64);
        self.entries.range(usize::try_from(index).unwrap_or(usize::MAX).min(self.entries.len())..)
    }

    /// Returns the entries, newest first.
    pub fn backward(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().rev()
    }

    fn push(&mut self, at_ms: f64, content: Content) {
        self.bytes = self.bytes.saturating_add(cost(&content));
        self.start_ms.get_or_insert(at_ms);
        self.entries.push_back(Entry { id: self.next, at_ms, content });
        self.next += 1;
        self.trim();
    }

    /// Removes the oldest entries until the limits are met. The newest one stays, whatever its size.
    fn trim(&mut self) {
        while self.entries.len() > 1
            && (self.entries.len() > self.limits.messages || self.bytes > self.limits.bytes)
        {
            if let Some(oldest) = self.entries.pop_front() {
                self.bytes = self.bytes.saturating_sub(cost(&oldest.content));
                self.counts.evicted += usize::from(oldest.message().is_some());
                self.before = None;
            }
        }
    }
}

fn cost(content: &Content) -> usize {
    content.bytes().saturating_add(OVERHEAD)
}

/// The log of a session, shared by its successive states.
pub type VersionedLog = Versioned<Log>;

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
        assert_eq!(
            log.get(4).and_then(Entry::message).map(|message| message.direction),
            Some(Direction::Sent)
        );
        assert_eq!((log.get(0), log.get(5)), (None, None));
        assert_eq!(log.from(3).map(|entry| entry.id).collect::<Vec<_>>(), [3, 4]);
        assert_eq!((log.from(5).count(), log.from(u64::MAX).count()), (0, 0));
        assert_eq!(log.counts(), Counts { sent: 1, received: 3, evicted: 0 });
    }

    #[test]
    fn an_echo_has_a_round_trip_and_shares_the_body_of_its_original() {
        let mut log = Log::default();
        log.sent(Body::text("a"), 10.0);
        assert_eq!(log.received(Body::text("a"), 12.5), Some(2.5));
        let bodies: Vec<_> =
            log.from(0).filter_map(Entry::message).map(|message| message.body.as_bytes().as_ptr()).collect();
        assert_eq!(bodies[0], bodies[1]);
        log.sent(Body::text("b"), 13.0);
        log.ended();
        assert_eq!(log.received(Body::text("b"), 14.0), None, "of another connection");
    }

    #[test]
    fn the_oldest_are_let_go_and_counted() {
        let mut log = filled(10);
        log.set_limits(LogLimits { messages: 4, bytes: usize::MAX });
        assert_eq!((ids(&log), log.counts().evicted), (vec![7, 8, 9, 10], 6));
        log.received(Body::text("x"), 7.0);
        assert_eq!(log.start_ms(), Some(0.0), "the first one is gone, and times are since it");
        assert_eq!(
            (ids(&log), log.counts()),
            (vec![8, 9, 10, 11], Counts { sent: 0, received: 11, evicted: 7 })
        );
        assert_eq!(log.get(7), None);
    }

    #[test]
    fn bytes_are_limited_too_and_the_newest_always_stays() {
        let mut log = Log::default();
        log.set_limits(LogLimits { messages: 100, bytes: 1_000 });
        for _ in 0..20 {
            log.received(Body::binary(vec![0; 100 - OVERHEAD]), 0.0);
        }
        assert_eq!((log.len(), log.bytes), (10, 1_000));
        log.received(Body::binary(vec![0; 5_000]), 0.0);
        assert_eq!((log.len(), log.counts().evicted), (1, 20));
    }

    #[test]
    fn a_cleared_log_starts_anew_and_uses_no_identifier_again() {
        let mut log = filled(3);
        log.clear();
        assert!(log.is_empty() && log.counts() == Counts::default() && log.first_id() == 4);
        log.received(Body::text("x"), 9.0);
        assert_eq!((ids(&log), log.number(4), log.start_ms()), (vec![4], 1, Some(9.0)));
    }

    #[test]
    fn a_clear_can_be_undone_until_new_entries_reach_the_limit() {
        let numbers = |log: &Log| log.from(0).map(|entry| log.number(entry.id)).collect::<Vec<_>>();
        let limits = LogLimits { messages: 4, bytes: usize::MAX };
        let mut log = filled(5);
        log.set_limits(limits);
        log.clear();
        log.sent(Body::text("new"), 9.0);
        assert!(log.undoable().is_some());
        log.restore();
        assert_eq!(log.undoable(), None);
        assert_eq!(log.counts(), Counts { sent: 1, received: 5, evicted: 2 });
        assert_eq!((log.len(), numbers(&log), log.start_ms()), (4, vec![3, 4, 5, 6], Some(0.0)));
        assert!(ids(&log)[0] > 6, "no identifier is used again");

        log.clear();
        (0..5).for_each(|_| log.sent(Body::text("new"), 9.0));
        assert_eq!(log.undoable(), None, "new entries were removed");
        log.clear();
        log.clear();
        assert_eq!(log.undoable(), None, "there was nothing to bring back");
        log.sent(Body::text("new"), 9.0);
        log.clear();
        log.forget();
        log.restore();
        assert!(log.is_empty());
    }

    #[test]
    fn a_replaced_log_has_the_other_messages_under_its_own_numbers() {
        let mut other = filled(3);
        other.sent(Body::text("x"), 5.0);
        let entries: Vec<Entry> = other.from(2).cloned().collect();
        let mut log = filled(2);
        log.set_limits(LogLimits { messages: 2, bytes: usize::MAX });
        log.replace(entries.clone());
        assert_eq!((ids(&log), log.counts()), (vec![4, 5], Counts { sent: 1, received: 2, evicted: 1 }));
        assert!(log.from(0).zip(&entries[1..]).all(|(kept, given)| kept.content == given.content));
    }

    #[test]
    fn events_are_entries_and_no_messages() {
        let event = || ConnectionEvent::NotSent { reason: "no".into() };
        let mut log = Log::default();
        log.noted(event(), 3.0);
        assert_eq!((log.len(), log.has_messages(), log.start_ms()), (1, false, Some(3.0)));
        log.sent(Body::text("a"), 4.0);
        log.noted(event(), 5.0);
        assert_eq!(log.received(Body::text("a"), 6.5), Some(2.5), "an event between does not matter");
        assert_eq!(log.counts(), Counts { sent: 1, received: 1, evicted: 0 });
        let entries: Vec<Entry> = log.from(0).cloned().collect();

        log.set_limits(LogLimits { messages: 1, bytes: usize::MAX });
        assert_eq!(log.counts().evicted, 1, "of three entries, one was a message");
        log.noted(event(), 7.0);
        assert_eq!((log.len(), log.counts().evicted, log.has_messages()), (1, 2, false));

        log.set_limits(LogLimits::new(10, 1));
        log.replace(entries.clone());
        assert_eq!((log.len(), log.counts()), (4, Counts { sent: 1, received: 1, evicted: 0 }));
        assert!(log.from(0).zip(&entries).all(|(kept, given)| kept.content == given.content));
    }
}
