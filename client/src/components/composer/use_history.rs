//! What was sent, kept by the browser.

use std::cell::RefCell;
use std::rc::Rc;

use yew::prelude::*;

use crate::state::history::{Draft, History};
use crate::storage::Stored;

const STORED: &str = "sent";

/// The history. A clone is the same.
#[derive(Clone)]
pub struct HistoryHandle(Rc<RefCell<Stored<History>>>);

impl PartialEq for HistoryHandle {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl HistoryHandle {
    /// Adds what was sent.
    pub fn push(&self, draft: Draft) {
        self.0.borrow_mut().change(|history| history.push(draft));
    }

    /// The message before or after, given what stands in the field.
    pub fn step(&self, is_up: bool, field: &Draft) -> Option<Draft> {
        let mut stored = self.0.borrow_mut();
        let history = stored.unstored();
        if is_up { history.older(field) } else { history.newer(field) }
    }

    /// Forgets all of it, in every page.
    pub fn clear(&self) {
        self.0.borrow_mut().change(History::clear);
    }
}

/// The history of the page.
#[hook]
pub fn use_history() -> HistoryHandle {
    HistoryHandle(use_mut_ref(|| Stored::new(STORED, History::parse, History::to_json)))
}
