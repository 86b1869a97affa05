//! The cursor of the list, and the keys of the filter's field that move it.

use yew::prelude::*;

use super::model::filter::{Filter, Needle};
use super::model::log::VersionedLog;
use super::model::log_view::LogView;
use super::model::search::Go;
use super::use_search::SearchHandle;
use crate::browser::page;
use crate::browser::use_live::Live;
use crate::ui::use_window::WindowHandle;

/// Returns the callback that moves the cursor.
pub fn cursor(
    log: &VersionedLog,
    state: &Live<LogView>,
    found: &SearchHandle,
    window: &WindowHandle,
) -> Callback<Go> {
    let (log, searching, state) = (log.clone(), found.state.clone(), state.clone());
    let (reveal, rows) = (window.reveal.clone(), found.rows);
    Callback::from(move |go| {
        let current = state.borrow().current;
        let to = searching.borrow().search.walk(&log.borrow(), rows, current, go);
        if let Some((row, id)) = to {
            state.change(|state| state.go_to(&log.borrow(), id));
            reveal.emit(row);
        }
    })
}

/// Returns the callback that removes the filter's text, or with true all of the filter, and gives the focus to the list.
///
/// The cursor goes to a hit before, so that this shows what is around it; but not away from an open message.
pub fn unfilter(log: &VersionedLog, state: &Live<LogView>, found: &SearchHandle) -> Callback<bool> {
    let (log, searching, state, rows) = (log.clone(), found.state.clone(), state.clone(), found.rows);
    Callback::from(move |all| {
        state.change(|state| {
            let (log, search) = (log.borrow(), &searching.borrow().search);
            let hit = search.walk(&log, rows, state.current, Go::By(0)).filter(|_| state.open.is_none());
            if let Some((_, id)) = hit {
                state.go_to(&log, id);
            }
            let filter = std::mem::take(&mut state.filter);
            state.filter = if all { Filter::default() } else { Filter { needle: Needle::Nothing, ..filter } };
        });
        page::empty_field("filter");
        page::focus("messages");
    })
}

/// Returns the callback for the keys of the filter's field. `has_text` is true if the filter has a text.
pub fn field_keys(
    go: &Callback<Go>,
    unfilter: &Callback<bool>,
    rows: usize,
    has_text: bool,
) -> Callback<KeyboardEvent> {
    let (go, unfilter) = (go.clone(), unfilter.clone());
    Callback::from(move |event: KeyboardEvent| {
        match event.key().as_str() {
            // The key belongs to the input method.
            _ if event.is_composing() => return,
            "Enter" | "ArrowDown" if rows > 0 => {
                go.emit(Go::Around);
                page::focus("messages");
            }
            "Escape" if has_text => unfilter.emit(false),
            _ => return,
        }
        event.prevent_default();
    })
}
