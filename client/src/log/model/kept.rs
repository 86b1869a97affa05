//! The part of the log that is kept over a reload: texts of the file format, each of some entries, with a limit for all.

use super::jsonl::Writer;
use super::log::Log;
use crate::connection::model::message::Entry;

/// Maximum sum of the texts, in bytes. Browsers give a page much more.
const MOST: usize = 64 << 20;

/// Length of a text, in bytes; one line may exceed it. A shorter one is written anew with the entries that follow.
const LENGTH: usize = 256 << 10;

/// Number of texts that are written at once, so that little time passes.
const AT_ONCE: usize = 16;

/// The texts that are stored.
#[derive(Debug, Default)]
pub struct Kept {
    texts: Vec<Text>,
    /// Identifier of the first entry that is not stored.
    next: u64,
    /// Number of the last text.
    number: u32,
    /// [`Log::generation`] at the last step.
    generation: u32,
}

#[derive(Debug)]
struct Text {
    number: u32,
    /// Identifiers of the first entry, and of the one behind the last.
    ids: (u64, u64),
    bytes: usize,
}

/// Changes of what is stored, in this order.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// Texts with smaller numbers are to be removed.
    pub below: Option<u32>,
    /// Texts to store, with their numbers. They replace those with the same number.
    pub write: Vec<(u32, String)>,
}

impl Kept {
    /// Takes over the texts that were stored before a reload: for each its number, its length in bytes, and the number of its entries,
    /// which are the first ones of the log, from this identifier on.
    pub fn recovered(&mut self, log: &Log, first: u64, texts: impl IntoIterator<Item = (u32, usize, usize)>) {
        self.next = first;
        self.generation = log.generation();
        for (number, bytes, entries) in texts {
            let ids = (self.next, self.next + entries as u64);
            self.texts.push(Text { number, ids, bytes });
            (self.next, self.number) = (ids.1, number);
        }
    }

    /// Returns the changes that bring what is stored up to the log, or nearer to it.
    pub fn step(&mut self, log: &Log) -> Step {
        let mut step = Step::default();
        if self.generation != log.generation() {
            // Cleared, replaced, or brought back.
            self.generation = log.generation();
            self.texts.clear();
            self.next = 0;
            step.below = Some(self.number + 1);
        }
        if self.texts.is_empty() {
            self.next = self.next.max(beginning_of_end(log));
        }
        self.next = self.next.max(log.first_id());
        if self.next < log.next_id()
            && let Some(short) = self.texts.pop_if(|text| text.bytes < LENGTH)
        {
            self.next = short.ids.0.max(log.first_id());
            self.number = short.number - 1;
        }
        for _ in 0..AT_ONCE {
            let Some(text) = Writer::new(log.from(self.next).cloned(), LENGTH)
                .next()
                .filter(|_| self.next < log.next_id())
            else {
                break;
            };
            self.number += 1;
            // The first line is not an entry.
            let entries = text.bytes().filter(|byte| *byte == b'\n').count() - 1;
            let ids = (self.next, self.next + entries as u64);
            self.next = ids.1;
            self.texts.push(Text { number: self.number, ids, bytes: text.len() });
            step.write.push((self.number, text));
        }
        let mut all: usize = self.texts.iter().map(|text| text.bytes).sum();
        let is_over =
            |text: &Text, all| self.number > text.number && (all > MOST || text.ids.1 <= log.first_id());
        let mut gone = 0;
        while let Some(old) = self.texts.get(gone).filter(|text| is_over(text, all)) {
            all -= old.bytes;
            step.below = Some(old.number + 1);
            gone += 1;
        }
        self.texts.drain(..gone);
        step
    }
}

/// Returns the identifier from which on the entries are no longer than the limit.
fn beginning_of_end(log: &Log) -> u64 {
    let mut bytes = 0;
    let fits = |entry: &&Entry| {
        bytes += entry.content.bytes();
        bytes <= MOST
    };
    log.backward().take_while(fits).last().map_or(log.next_id(), |entry| entry.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::model::message::Body;
    use crate::log::model::jsonl::Reader;
    use crate::log::model::log::LogLimits;

    /// Stored texts, by number.
    #[derive(Default)]
    struct Store(std::collections::BTreeMap<u32, String>);

    impl Store {
        fn apply(&mut self, step: Step) {
            self.0.retain(|number, _| step.below.is_none_or(|below| *number >= below));
            self.0.extend(step.write);
        }

        fn entries(&self) -> Vec<Entry> {
            let mut reader = Reader::default();
            self.0.values().for_each(|text| reader.feed(text.as_bytes()).unwrap());
            reader.finish().unwrap_or_default()
        }
    }

    fn settled(kept: &mut Kept, store: &mut Store, log: &Log) {
        loop {
            let step = kept.step(log);
            let is_done = step == Step::default();
            store.apply(step);
            if is_done {
                let (stored, held) = (store.entries(), log.from(0).map(|entry| &entry.content));
                assert!(
                    stored
                        .iter()
                        .map(|entry| &entry.content)
                        .rev()
                        .zip(held.collect::<Vec<_>>().iter().rev())
                        .all(|(a, b)| a == *b)
                );
                return;
            }
        }
    }

    fn text(length: usize) -> Body {
        Body::text("x".repeat(length))
    }

    #[test]
    fn what_is_stored_follows_the_log() {
        let (mut kept, mut store, mut log) = (Kept::default(), Store::default(), Log::default());
        settled(&mut kept, &mut store, &log);
        assert!(store.0.is_empty());
        for number in 0..300 {
            log.sent(Body::text(format!("{number} {}", "x".repeat(2_000))), 1.0);
            if number % 7 == 0 {
                settled(&mut kept, &mut store, &log);
                assert_eq!(store.entries().len(), log.len());
            }
        }
        assert_eq!(store.0.len(), 3, "one short text at the end");
        log.clear();
        settled(&mut kept, &mut store, &log);
        assert!(store.0.is_empty(), "cleared");
        log.sent(text(1), 1.0);
        settled(&mut kept, &mut store, &log);
        log.restore();
        settled(&mut kept, &mut store, &log);
        assert_eq!(store.entries().len(), 301, "brought back");
        settled(&mut kept, &mut store, &log);
    }

    #[test]
    fn entries_that_the_log_removed_go_with_their_text() {
        let (mut kept, mut store, mut log) = (Kept::default(), Store::default(), Log::default());
        log.set_limits(LogLimits { messages: 10, bytes: usize::MAX });
        for _ in 0..100 {
            log.sent(text(100 << 10), 1.0);
            settled(&mut kept, &mut store, &log);
        }
        assert!((10..16).contains(&store.entries().len()), "{}", store.entries().len());
    }

    #[test]
    fn the_newest_are_kept_where_all_are_too_many() {
        let (mut kept, mut store, mut log) = (Kept::default(), Store::default(), Log::default());
        for _ in 0..80 {
            log.sent(text(1 << 20), 1.0);
        }
        settled(&mut kept, &mut store, &log);
        let stored: usize = store.0.values().map(String::len).sum();
        assert!((MOST - (2 << 20)..=MOST).contains(&stored), "{stored}");
    }

    #[test]
    fn after_a_reload_it_goes_on() {
        let (mut kept, mut store, mut log) = (Kept::default(), Store::default(), Log::default());
        (0..20).for_each(|_| log.sent(text(50 << 10), 1.0));
        settled(&mut kept, &mut store, &log);
        let recovered = store.entries();
        let texts: Vec<_> =
            store.0.iter().map(|(number, text)| (*number, text.len(), text.lines().count() - 1)).collect();

        let (mut kept, mut log) = (Kept::default(), Log::default());
        log.sent(text(7), 2.0);
        let first = log.next_id();
        log.recover(recovered);
        assert_eq!((log.len(), log.counts().sent), (21, 21));
        kept.recovered(&log, first, texts);
        settled(&mut kept, &mut store, &log);
        assert_eq!(store.entries().len(), 21);
    }
}
