//! The user's view of the log: filter, pause, cursor and open entry.

use super::filter::Filter;
use super::log::Log;
use crate::connection::model::message::Entry;

#[derive(Default)]
pub struct LogView {
    pub filter: Filter,
    /// Identifier of the first entry that is not shown while the list is paused.
    pub paused_at: Option<u64>,
    /// Identifier of the entry under the cursor.
    pub current: Option<u64>,
    /// Identifier of the first entry that came since the list was last at its end.
    pub seen: u64,
    /// The open entry.
    pub open: Option<Entry>,
    /// Pinned messages, two at most, the older one first.
    pub pins: Vec<Entry>,
    /// True if the pinned messages are shown beside each other.
    pub is_comparing: bool,
}

impl LogView {
    /// Moves the cursor to an entry. If an entry is open, this one is open instead.
    pub fn go_to(&mut self, log: &Log, id: u64) {
        self.current = Some(id);
        if self.open.is_some() {
            self.open = log.get(id).cloned();
        }
    }

    /// Moves the cursor to an entry, and opens it, or closes it if it is open.
    pub fn pick(&mut self, log: &Log, id: u64) {
        let is_open = self.open.as_ref().is_some_and(|entry| entry.id == id);
        self.current = Some(id);
        self.open = if is_open { None } else { log.get(id).cloned() };
    }

    /// Pins a message, in the place of the older of two, or unpins it. Two are compared. Returns true if it is pinned now.
    pub fn pin(&mut self, entry: &Entry) -> bool {
        let is_pinned = self.is_pinned(entry.id);
        if is_pinned {
            self.pins.retain(|pinned| pinned.id != entry.id);
        } else {
            if self.pins.len() > 1 {
                self.pins.remove(0);
            }
            self.pins.push(entry.clone());
        }
        self.is_comparing = self.pins.len() > 1;
        !is_pinned
    }

    pub fn is_pinned(&self, id: u64) -> bool {
        self.pins.iter().any(|pinned| pinned.id == id)
    }

    /// Resets the view for other entries, except for the filter.
    pub fn reset(&mut self) {
        *self = Self { filter: std::mem::take(&mut self.filter), ..Self::default() };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::model::message::Body;

    #[test]
    fn the_open_entry_follows_the_cursor() {
        let mut log = Log::default();
        for text in ["a", "b", "c"] {
            log.received(Body::text(text), 0.0);
        }
        let mut view = LogView::default();
        let state = |view: &LogView| (view.current, view.open.as_ref().map(|entry| entry.id));
        view.go_to(&log, 1);
        assert_eq!(state(&view), (Some(1), None), "a move opens nothing");
        view.pick(&log, 2);
        view.go_to(&log, 3);
        assert_eq!(state(&view), (Some(3), Some(3)));
        view.pick(&log, 3);
        assert_eq!(state(&view), (Some(3), None));
    }
}
