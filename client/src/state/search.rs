//! A filter at work: step by step, so that a page with a million messages never stands still.

use std::collections::VecDeque;
use std::ops::Range;

use super::filter::Filter;
use super::log::Log;

/// How many messages are looked at between two looks at the clock.
const SLICE: usize = 256;

/// Which messages a filter lets through, as far as it has looked.
#[derive(Debug, Default)]
pub struct Search {
    filter: Filter,
    hits: VecDeque<u64>,
    next: u64,
    /// The oldest message that there was at the last step; 0 before the first.
    first: u64,
}

/// What came of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Whether there is more to do.
    pub more: bool,
    /// How many of the first rows are gone, because the log let their messages go.
    pub gone: usize,
}

impl Search {
    /// A search that has not begun.
    pub fn new(filter: Filter) -> Self {
        Self { filter, ..Self::default() }
    }

    /// Looks at messages until all of them up to `end` are looked at, or until `late`.
    pub fn step(
        &mut self,
        log: &Log,
        end: u64,
        pattern: &dyn Fn(&str) -> bool,
        late: impl Fn() -> bool,
    ) -> Step {
        let gone = self.forget(log);
        self.next = self.next.max(log.first_id());
        if self.filter.is_empty() {
            self.next = end;
        }
        while self.next < end {
            for entry in log.from(self.next).take(SLICE).take_while(|entry| entry.id < end) {
                if self.filter.lets_through(entry, pattern) {
                    self.hits.push_back(entry.id);
                }
            }
            self.next = (self.next + SLICE as u64).min(end);
            if late() {
                break;
            }
        }
        Step { more: self.next < end, gone }
    }

    /// Lets go of what the log has let go; gives the number of rows.
    fn forget(&mut self, log: &Log) -> usize {
        let first = log.first_id();
        let before = std::mem::replace(&mut self.first, first);
        let hits = self.hits.partition_point(|id| *id < first);
        self.hits.drain(..hits);
        match before {
            0 => 0,
            _ if self.filter.is_empty() => to_usize(first - before),
            _ => hits,
        }
    }

    /// Whether every message is a row.
    pub fn is_all(&self) -> bool {
        self.filter.is_empty()
    }

    /// How many rows there are to show, of the messages up to `end`.
    pub fn rows(&self, log: &Log, end: u64) -> usize {
        if self.filter.is_empty() { to_usize(end.saturating_sub(log.first_id())) } else { self.hits.len() }
    }

    /// The numbers of the messages in some rows. Rows that are not there are left out.
    pub fn ids(&self, log: &Log, rows: Range<usize>) -> Vec<u64> {
        if self.filter.is_empty() {
            let first = log.first_id();
            rows.map(|row| first + row as u64).filter(|id| *id < log.next_id()).collect()
        } else {
            rows.filter_map(|row| self.hits.get(row).copied()).collect()
        }
    }

    /// The row of a message, or the one where it would be.
    pub fn row_of(&self, log: &Log, id: u64) -> usize {
        if self.filter.is_empty() {
            to_usize(id.saturating_sub(log.first_id()))
        } else {
            self.hits.partition_point(|hit| *hit < id)
        }
    }

    /// How much of the messages up to `end` is looked at, in percent.
    pub fn percent(&self, log: &Log, end: u64) -> u64 {
        let (first, all) = (log.first_id(), end.saturating_sub(log.first_id()));
        (self.next.saturating_sub(first) * 100).checked_div(all).unwrap_or(100).min(100)
    }
}

fn to_usize(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::filter::Needle;
    use crate::state::log::Caps;
    use crate::state::message::Body;

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

    fn whole(search: &mut Search, log: &Log) {
        while search.step(log, log.next_id(), &|_| true, || true).more {}
    }

    #[test]
    fn without_a_filter_every_message_is_a_row_at_once() {
        let log = log(1_000);
        let mut all = Search::default();
        assert!(!all.step(&log, log.next_id(), &|_| true, || true).more);
        assert_eq!((all.rows(&log, log.next_id()), all.ids(&log, 998..1_005)), (1_000, vec![999, 1_000]));
        assert_eq!((all.row_of(&log, 1), all.percent(&log, log.next_id())), (0, 100));
        assert_eq!(all.rows(&log, 501), 500, "up to where the list is held still");
    }

    #[test]
    fn a_search_goes_on_from_where_it_was() {
        let mut log = log(1_000);
        let mut search = search();
        assert!(search.step(&log, log.next_id(), &|_| true, || true).more, "late after the first slice");
        assert_eq!((search.hits.len(), search.percent(&log, log.next_id())), (26, 25));
        whole(&mut search, &log);
        assert_eq!((search.rows(&log, 0), search.percent(&log, log.next_id())), (100, 100));
        log.received(Body::text("HIT"), 0.0);
        whole(&mut search, &log);
        assert_eq!((search.rows(&log, 0), search.ids(&log, 99..200)), (101, vec![994, 1_001]));
        assert_eq!((search.row_of(&log, 994), search.row_of(&log, 995)), (99, 100));
    }

    #[test]
    fn what_the_log_let_go_is_no_hit_anymore() {
        let mut log = log(1_000);
        let mut search = search();
        whole(&mut search, &log);
        let mut all = Search::default();
        whole(&mut all, &log);
        log.set_caps(Caps { messages: 100, bytes: usize::MAX });
        let end = log.next_id();
        assert_eq!(search.step(&log, end, &|_| true, || true), Step { more: false, gone: 90 });
        assert_eq!((search.rows(&log, end), search.ids(&log, 0..1)), (10, vec![904]));
        assert_eq!(all.step(&log, end, &|_| true, || true), Step { more: false, gone: 900 });
        assert_eq!((all.rows(&log, end), all.ids(&log, 0..1)), (100, vec![901]));
    }
}
