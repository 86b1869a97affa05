//! The user's view of the log: filter, pause, cursor and open entry.

use super::filter::Filter;
use crate::connection::model::message::Entry;

#[derive(Default)]
pub struct LogView {
    pub filter: Filter,
    /// Number of the first entry that is not shown while the list is paused.
    pub paused_at: Option<u64>,
    /// Number of the entry under the cursor.
    pub current: Option<u64>,
    /// The open entry.
    pub open: Option<Entry>,
}

impl LogView {
    /// Resets the view for other entries, except for the filter.
    pub fn reset(&mut self) {
        *self = Self { filter: std::mem::take(&mut self.filter), ..Self::default() };
    }
}
