//! What was sent, kept by the browser.

use std::cell::RefCell;
use std::rc::Rc;

use yew::prelude::*;

use crate::state::history::{Draft, History};
use crate::storage;

const STORED: &str = "sent";

/// The history. A clone is the same.
#[derive(Clone)]
pub struct HistoryHandle(Rc<RefCell<History>>);

impl PartialEq for HistoryHandle {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl HistoryHandle {
    /// Adds what was sent.
    pub fn push(&self, draft: Draft) {
        if self.0.borrow_mut().push(draft) {
            self.store();
        }
    }

    /// The message before or after, given what stands in the field.
    pub fn step(&self, is_up: bool, field: &Draft) -> Option<Draft> {
        let mut history = self.0.borrow_mut();
        if is_up { history.older(field) } else { history.newer(field) }
    }

    /// Forgets all of it.
    pub fn clear(&self) {
        self.0.borrow_mut().clear();
        self.store();
    }

    fn store(&self) {
        // Where the browser keeps nothing, the history lasts as long as the page.
        storage::write(STORED, &self.0.borrow().to_json());
    }
}

/// The history of the page.
#[hook]
pub fn use_history() -> HistoryHandle {
    let history =
        use_mut_ref(|| storage::read(STORED).map_or_else(History::default, |stored| History::parse(&stored)));
    HistoryHandle(history)
}
