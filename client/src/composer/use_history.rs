//! The history of sent messages, kept in the browser's storage.

use yew::prelude::*;

use super::model::history::{Draft, History};
use crate::browser::storage::Stored;
use crate::browser::use_live::{Live, use_live};

const STORED: &str = "sent";

/// The history. Clones refer to the same history.
#[derive(Clone, PartialEq)]
pub struct HistoryHandle(Live<Stored<History>>);

impl HistoryHandle {
    /// Adds a sent message.
    pub fn push(&self, draft: Draft) {
        self.0.update(|stored| stored.change(|history| history.push(draft)));
    }

    /// Moves to the previous or next message. `field` is the present content of the field.
    pub fn step(&self, is_up: bool, field: &Draft) -> Option<Draft> {
        self.0.update(|stored| {
            let history = stored.unstored();
            if is_up { history.older(field) } else { history.newer(field) }
        })
    }

    /// Clears the history, also for other open pages.
    pub fn clear(&self) {
        self.0.update(|stored| stored.change(History::clear));
    }
}

/// Loads the history of the page.
#[hook]
pub fn use_history() -> HistoryHandle {
    HistoryHandle(use_live(|| Stored::new(STORED)))
}
