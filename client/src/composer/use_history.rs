//! The history of sent messages, kept in the browser's storage.

use std::cell::RefCell;
use std::rc::Rc;

use yew::prelude::*;

use super::model::history::{Draft, History};
use crate::browser::storage::Stored;

const STORED: &str = "sent";

/// The history. Clones refer to the same history.
#[derive(Clone)]
pub struct HistoryHandle(Rc<RefCell<Stored<History>>>);

impl PartialEq for HistoryHandle {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl HistoryHandle {
    /// Adds a sent message.
    pub fn push(&self, draft: Draft) {
        self.0.borrow_mut().change(|history| history.push(draft));
    }

    /// Moves to the previous or next message. `field` is the present content of the field.
    pub fn step(&self, is_up: bool, field: &Draft) -> Option<Draft> {
        let mut stored = self.0.borrow_mut();
        let history = stored.unstored();
        if is_up { history.older(field) } else { history.newer(field) }
    }

    /// Clears the history, also for other open pages.
    pub fn clear(&self) {
        self.0.borrow_mut().change(History::clear);
    }
}

/// Loads the history of the page.
#[hook]
pub fn use_history() -> HistoryHandle {
    HistoryHandle(use_mut_ref(|| Stored::new(STORED)))
}
