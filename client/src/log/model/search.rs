//! Incremental filtering: works in short steps, so that a log of a million messages does not block the page.

use std::collections::VecDeque;

use super::filter::{Filter, Judgement};
use super::log::Log;
use crate::connection::model::message::{Body, Entry, Place};

/// Maximum number of messages between two checks of the clock.
const SLICE: usize = 256;

/// Maximum number of bytes between two checks of the clock. The last message may exceed it.
const SLICE_BYTES: usize = 256 << 10;

/// Maximum number of texts in a batch. Their size is limited by [`SLICE_BYTES`], which the last text may exceed.
const BATCH: usize = 4_096;

/// Messages that pass a filter, as far as the search has progressed.
#[derive(Debug, Default)]
pub struct Search {
    filter: Filter,
    /// Messages, each with the place for which it passes.
    hits: VecDeque<(u64, Place)>,
    next: u64,
    /// Number of the oldest message in the log at the last step; 0 before the first step.
    first: u64,
    /// Messages in the order of the log while a batch is being matched in the worker: each message with the index of its text, or
    /// with its place if it passes without matching. The search waits until this is empty.
    asked: Vec<(u64, Result<Place, u32>)>,
}

/// Movement of the cursor over the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Go {
    /// By this many rows downward; negative is upward.
    By(isize),
    First,
    Last,
    /// To the next row; from the last one to the first.
    Around,
}

/// Texts to be matched with a regular expression: consecutive, in UTF-8.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    pub bytes: Vec<u8>,
    /// End of each text, in bytes.
    pub ends: Vec<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub more: bool,
    /// Number of the first rows that were removed, because the log removed their messages.
    pub gone: usize,
    /// Texts to match before the next step. The answer goes to [`Search::matched`].
    pub batch: Option<Batch>,
}

impl Search {
    pub fn new(filter: Filter) -> Self {
        Self { filter, ..Self::default() }
    }

    /// Examines messages until those up to `end` are done, `late` returns true, or a batch of texts is full.
    pub fn step(&mut self, log: &Log, end: u64, late: impl Fn() -> bool) -> Step {
        let gone = self.forget(log);
        if self.is_waiting() {
            return Step { more: true, gone, batch: None };
        }
        self.next = self.next.max(log.first_id());
        if self.filter.is_empty() {
            self.next = end;
        }
        let mut batch = Batch::default();
        let (mut looked, mut bytes) = (0, 0);
        for entry in log.from(self.next).take_while(|entry| entry.id < end) {
            match self.filter.judge(entry) {
                Judgement::Held => {}
                Judgement::Through(place) if self.asked.is_empty() => self.hits.push_back((entry.id, place)),
                Judgement::Through(place) => self.asked.push((entry.id, Ok(place))),
                Judgement::IfMatched(text) => self.asked.push((entry.id, Err(batch.push(&text)))),
            }
            self.next = entry.id + 1;
            (looked, bytes) = (looked + 1, bytes + entry.content.bytes());
            if batch.is_full() {
                break;
            }
            if looked == SLICE || bytes >= SLICE_BYTES {
                (looked, bytes) = (0, 0);
                if late() {
                    break;
                }
            }
        }
        let batch = self.is_waiting().then_some(batch);
        Step { more: self.next < end || batch.is_some(), gone, batch }
    }

    /// Takes the texts in the last batch that matched, in ascending order: for each its index, and the start and the end of its match
    /// in bytes.
    pub fn matched(&mut self, log: &Log, matches: &[u32]) {
        let mut matches = matches.as_chunks::<3>().0.iter().peekable();
        for (id, asked) in std::mem::take(&mut self.asked) {
            let place = asked.or_else(|index| {
                let [_, start, end] = matches.next_if(|[matched, ..]| *matched == index).ok_or(())?;
                Ok::<_, ()>(Place { start: *start, end: *end })
            });
            // The log may have removed the message in the meantime; it was never shown as a row.
            if let (Ok(place), Some(entry)) = (place, log.get(id)) {
                self.hits.push_back((id, if asked.is_ok() { place } else { in_payload(entry, place) }));
            }
        }
    }

    /// True if a batch is being matched in the worker.
    pub fn is_waiting(&self) -> bool {
        !self.asked.is_empty()
    }

    /// Removes the messages that the log has removed. Returns the number of removed rows.
    fn forget(&mut self, log: &Log) -> usize {
        let first = log.first_id();
        let before = std::mem::replace(&mut self.first, first);
        let hits = self.hits.partition_point(|(id, _)| *id < first);
        self.hits.drain(..hits);
        match before {
            0 => 0,
            _ if self.filter.is_empty() => to_usize(first - before),
            _ => hits,
        }
    }

    /// True if the filter is empty, so that every message is a row.
    pub fn is_all(&self) -> bool {
        self.filter.is_empty()
    }

    /// Returns the number of rows for the messages up to `end`.
    pub fn rows(&self, log: &Log, end: u64) -> usize {
        if self.filter.is_empty() { to_usize(end.saturating_sub(log.first_id())) } else { self.hits.len() }
    }

    /// Returns the message of a row, and the place for which it passes.
    pub fn row(&self, log: &Log, row: usize) -> Option<(u64, Place)> {
        if self.filter.is_empty() {
            let id = log.first_id() + row as u64;
            (id < log.next_id()).then(|| (id, Place::default()))
        } else {
            self.hits.get(row).copied()
        }
    }

    /// Returns copies of the messages that are rows, with their shown numbers.
    pub fn entries(&self, log: &Log) -> Vec<Entry> {
        let numbered = |entry: &Entry| Entry { id: log.number(entry.id), ..entry.clone() };
        if self.filter.is_empty() {
            log.from(0).map(numbered).collect()
        } else {
            self.hits.iter().filter_map(|(id, _)| log.get(*id)).map(numbered).collect()
        }
    }

    /// Returns the row of a message, or the row that it would have.
    pub fn row_of(&self, log: &Log, id: u64) -> usize {
        if self.filter.is_empty() {
            to_usize(id.saturating_sub(log.first_id()))
        } else {
            self.hits.partition_point(|(hit, _)| *hit < id)
        }
    }

    /// Returns the row to which the cursor moves from a message, with the message there; `None` without rows. A cursor that is on no
    /// message moves to the last row. One on a message that the filter hides is between two rows.
    pub fn walk(&self, log: &Log, rows: usize, from: Option<u64>, go: Go) -> Option<(usize, u64)> {
        let last = rows.checked_sub(1)?;
        let at = |row: usize| self.row(log, row).map(|(id, _)| id);
        let row = match (go, from) {
            (Go::First, _) => 0,
            (Go::Last, _) | (_, None) => last,
            (Go::By(by), Some(id)) => {
                let row = self.row_of(log, id);
                let is_between = at(row) != Some(id);
                row.saturating_add_signed(if is_between && by > 0 { by - 1 } else { by }).min(last)
            }
            (Go::Around, Some(id)) => {
                self.walk(log, rows, from, Go::By(1)).map_or(0, |(row, next)| if next > id { row } else { 0 })
            }
        };
        Some((row, at(row)?))
    }

    /// True if there is a row before a message, and behind it.
    pub fn has_beside(&self, log: &Log, rows: usize, id: u64) -> [bool; 2] {
        let to = |by| self.walk(log, rows, Some(id), Go::By(by)).map_or(id, |(_, to)| to);
        [to(-1) < id, to(1) > id]
    }

    /// Returns the progress over the messages up to `end`, in percent.
    pub fn percent(&self, log: &Log, end: u64) -> u64 {
        let (first, all) = (log.first_id(), end.saturating_sub(log.first_id()));
        let next = self.asked.first().map_or(self.next, |(id, _)| *id);
        (next.saturating_sub(first) * 100).checked_div(all).unwrap_or(100).min(100)
    }
}

impl Batch {
    /// Adds a text and returns its index.
    fn push(&mut self, text: &str) -> u32 {
        let index = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        self.bytes.extend_from_slice(text.as_bytes());
        // The size fits: a page has less than 4 GiB of memory.
        self.ends.push(u32::try_from(self.bytes.len()).unwrap_or(u32::MAX));
        index
    }

    fn is_full(&self) -> bool {
        self.ends.len() >= BATCH || self.bytes.len() >= SLICE_BYTES
    }
}

/// Converts a place in the text that the filter matches to one in the payload. An event has none; that text of a binary message is
/// its row.
fn in_payload(entry: &Entry, Place { start, end }: Place) -> Place {
    match entry.message().map(|message| &message.body) {
        None => Place::default(),
        Some(Body::Text(_)) => Place { start, end },
        Some(Body::Binary(_)) => Place { start: start / 3, end: end.div_ceil(3) },
    }
}

fn to_usize(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::model::message::Body;
    use crate::log::model::filter::Needle;
    use crate::log::model::log::LogLimits;

    fn log(messages: usize) -> Log {
        let mut log = Log::default();
        for number in 0..messages {
            log.received(Body::text(if number % 10 == 3 { "hit" } else { "miss" }), 0.0);
        }
        log
    }

    fn search() -> Search {
        Search::new(Filter { needle: Needle::parse("hit"), ..Filter::default() })
    }

    fn ids(search: &Search, log: &Log, rows: std::ops::Range<usize>) -> Vec<u64> {
        rows.filter_map(|row| search.row(log, row)).map(|(id, _)| id).collect()
    }

    fn whole(search: &mut Search, log: &Log) {
        while search.step(log, log.next_id(), || true).more {}
    }

    #[test]
    fn without_a_filter_every_message_is_a_row_at_once() {
        let log = log(1_000);
        let mut all = Search::default();
        assert!(!all.step(&log, log.next_id(), || true).more);
        assert_eq!((all.rows(&log, log.next_id()), ids(&all, &log, 998..1_005)), (1_000, vec![999, 1_000]));
        assert_eq!((all.row_of(&log, 1), all.percent(&log, log.next_id())), (0, 100));
        assert_eq!(all.rows(&log, 501), 500, "up to where the list is held still");
    }

    #[test]
    fn a_search_goes_on_from_where_it_was() {
        let mut log = log(1_000);
        let mut search = search();
        assert!(search.step(&log, log.next_id(), || true).more, "late after the first slice");
        assert_eq!((search.hits.len(), search.percent(&log, log.next_id())), (26, 25));
        whole(&mut search, &log);
        assert_eq!((search.rows(&log, 0), search.percent(&log, log.next_id())), (100, 100));
        log.received(Body::text("HIT"), 0.0);
        whole(&mut search, &log);
        assert_eq!((search.rows(&log, 0), ids(&search, &log, 99..200)), (101, vec![994, 1_001]));
        assert_eq!((search.row_of(&log, 994), search.row_of(&log, 995)), (99, 100));
    }

    #[test]
    fn what_the_log_let_go_is_no_hit_anymore() {
        let mut log = log(1_000);
        let mut search = search();
        whole(&mut search, &log);
        let mut all = Search::default();
        whole(&mut all, &log);
        log.set_limits(LogLimits { messages: 100, bytes: usize::MAX });
        let end = log.next_id();
        assert_eq!(search.step(&log, end, || true), Step { more: false, gone: 90, batch: None });
        assert_eq!((search.rows(&log, end), ids(&search, &log, 0..1)), (10, vec![904]));
        assert_eq!(all.step(&log, end, || true), Step { more: false, gone: 900, batch: None });
        assert_eq!((all.rows(&log, end), ids(&all, &log, 0..1)), (100, vec![901]));
    }

    #[test]
    fn the_cursor_walks_over_the_rows_of_the_filter() {
        let log = log(40);
        let mut search = search();
        whole(&mut search, &log);
        for (case, from, go, to) in [
            ("onward", Some(4), Go::By(1), (1, 14)),
            ("back", Some(14), Go::By(-1), (0, 4)),
            ("by a page, as far as there are rows", Some(14), Go::By(9), (3, 34)),
            ("no further than the first", Some(4), Go::By(-1), (0, 4)),
            ("from a hidden message to the next one", Some(5), Go::By(1), (1, 14)),
            ("from a hidden message back", Some(5), Go::By(-1), (0, 4)),
            ("from nowhere to the newest", None, Go::By(1), (3, 34)),
            ("to the next hit", Some(4), Go::Around, (1, 14)),
            ("from the last hit to the first", Some(34), Go::Around, (0, 4)),
            ("from behind the last hit to the first", Some(36), Go::Around, (0, 4)),
            ("to the hit behind a hidden message", Some(5), Go::By(0), (1, 14)),
            ("to the oldest", Some(34), Go::First, (0, 4)),
            ("to the newest", Some(4), Go::Last, (3, 34)),
        ] {
            assert_eq!(search.walk(&log, 4, from, go), Some(to), "{case}");
        }
        for (id, beside) in [
            (1, [false, true]),
            (4, [false, true]),
            (5, [true, true]),
            (34, [true, false]),
            (40, [true, false]),
        ] {
            assert_eq!(search.has_beside(&log, 4, id), beside, "{id}");
        }
        assert_eq!(search.walk(&log, 0, Some(4), Go::First), None);
        let all = Search::default();
        assert_eq!(all.walk(&log, 40, Some(40), Go::By(-2)), Some((37, 38)));
        assert_eq!(all.has_beside(&log, 30, 30), [true, false], "the list is held still after 30");
    }

    #[test]
    fn the_entries_are_those_of_the_rows_under_their_shown_numbers() {
        let mut log = log(5);
        log.clear();
        for text in ["hit", "miss", "hit"] {
            log.received(Body::text(text), 0.0);
        }
        let mut search = search();
        whole(&mut search, &log);
        let numbers =
            |search: &Search| -> Vec<u64> { search.entries(&log).iter().map(|entry| entry.id).collect() };
        assert_eq!((numbers(&search), numbers(&Search::default())), (vec![1, 3], vec![1, 2, 3]));
    }

    fn pattern() -> Search {
        Search::new(Filter { needle: Needle::parse("/hit/"), ..Filter::default() })
    }

    fn texts(batch: &Batch) -> Vec<&str> {
        let starts = std::iter::once(0).chain(batch.ends.iter().map(|end| *end as usize));
        let whole = std::str::from_utf8(&batch.bytes).unwrap();
        starts.zip(&batch.ends).map(|(start, end)| &whole[start..*end as usize]).collect()
    }

    #[test]
    fn a_regular_expression_is_matched_elsewhere_and_the_search_waits_for_it() {
        let mut log = Log::default();
        for body in [Body::text("hit"), Body::text(""), Body::binary([0xab, 0xcd]), Body::text("é")] {
            log.received(body, 0.0);
        }
        let mut search = pattern();
        let step = search.step(&log, log.next_id(), || true);
        assert_eq!(texts(&step.batch.unwrap()), ["hit", "", "ab cd", "é"]);
        assert_eq!((step.more, search.percent(&log, log.next_id()), search.rows(&log, 0)), (true, 0, 0));
        let waiting = Step { more: true, gone: 0, batch: None };
        assert_eq!(search.step(&log, log.next_id(), || false), waiting);
        search.matched(&log, &[0, 1, 2, 2, 1, 4, 3, 0, 2, 9, 0, 0]);
        let place = |start, end| Place { start, end };
        let rows: Vec<_> = (0..9).filter_map(|row| search.row(&log, row)).collect();
        assert_eq!(rows, [(1, place(1, 2)), (3, place(0, 2)), (4, place(0, 2))]);
        assert_eq!(search.step(&log, log.next_id(), || false), Step { more: false, gone: 0, batch: None });
        assert_eq!(search.percent(&log, log.next_id()), 100);
        search.matched(&log, &[0, 0, 0]);
        assert_eq!(search.rows(&log, 0), 3, "an answer that nobody waits for changes nothing");
    }

    #[test]
    fn what_is_sure_stays_in_order_with_what_is_matched() {
        let mut log = Log::default();
        for body in
            [Body::binary("é".as_bytes()), Body::text("1"), Body::binary("é".as_bytes()), Body::text("2")]
        {
            log.received(body, 0.0);
        }
        let mut search = Search::new(Filter { needle: Needle::parse("é"), ..Filter::default() });
        let step = search.step(&log, log.next_id(), || false);
        assert_eq!(texts(&step.batch.unwrap()), ["1", "2"]);
        search.matched(&log, &[1, 0, 1]);
        assert_eq!(ids(&search, &log, 0..9), [1, 3, 4]);
    }

    #[test]
    fn what_the_log_lets_go_while_it_is_matched_is_no_hit() {
        let mut log = log(10);
        let mut search = pattern();
        assert!(search.step(&log, log.next_id(), || false).batch.is_some());
        log.set_limits(LogLimits { messages: 5, bytes: usize::MAX });
        search.matched(&log, &[0, 0, 3, 4, 0, 3, 5, 0, 3, 9, 0, 3]);
        assert_eq!(search.step(&log, log.next_id(), || false), Step { more: false, gone: 0, batch: None });
        assert_eq!(ids(&search, &log, 0..9), [6, 10]);
    }

    /// Checks the number of messages between two checks of the clock, and the size of a batch.
    #[test]
    fn a_step_and_a_batch_are_limited_by_messages_and_by_bytes() {
        let mut large = Log::default();
        for _ in 0..100 {
            large.received(Body::text("x".repeat(SLICE_BYTES / 4)), 0.0);
        }
        let step = pattern().step(&large, large.next_id(), || false);
        assert_eq!(step.batch.unwrap().ends.len(), 4);
        let mut text = search();
        text.step(&large, large.next_id(), || true);
        assert_eq!(text.next, 5, "late after four messages");

        let small = log(BATCH + 1);
        let step = pattern().step(&small, small.next_id(), || false);
        assert_eq!(step.batch.unwrap().ends.len(), BATCH);
        assert!(step.more);
    }
}
