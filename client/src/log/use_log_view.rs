//! The user's view of the list: filter, pause, cursor and open entry.

use std::cell::{Ref, RefCell};
use std::rc::Rc;

use yew::prelude::*;

use super::model::filter::Filter;
use crate::connection::model::message::Entry;

/// State of the list's view.
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

/// The view's state, with a handle that renders its changes.
#[derive(Clone)]
pub struct LogViewHandle {
    view_state: Rc<RefCell<LogView>>,
    update: UseForceUpdateHandle,
}

impl LogViewHandle {
    /// Borrows the state for reading.
    pub fn borrow(&self) -> Ref<'_, LogView> {
        self.view_state.borrow()
    }

    /// Changes the state and renders it.
    pub fn change(&self, change: impl FnOnce(&mut LogView)) {
        change(&mut self.view_state.borrow_mut());
        self.update.force_update();
    }

    /// Resets the state for other entries, except for the filter.
    pub fn clear(&self) {
        self.change(|view_state| {
            *view_state = LogView { filter: std::mem::take(&mut view_state.filter), ..LogView::default() }
        });
    }
}

/// Creates the initial state.
#[hook]
pub fn use_log_view() -> LogViewHandle {
    LogViewHandle { view_state: use_mut_ref(LogView::default), update: use_force_update() }
}
