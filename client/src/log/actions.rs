//! Actions on the list of the log.

use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use super::list::Go;
use super::model::filter::Filter;
use super::model::log::VersionedLog;
use super::model::log_view::LogView;
use super::use_search::SearchHandle;
use crate::browser::use_live::Live;
use crate::ui::use_window::WindowHandle;

/// Actions of the user.
pub struct Actions {
    /// Changes the filter.
    pub filter: Callback<Filter>,
    /// Pauses or resumes the list.
    pub pause: Callback<MouseEvent>,
    /// Resets the view for other entries.
    pub reset: Callback<()>,
    /// Closes the open entry.
    pub close: Callback<()>,
    /// Moves the cursor.
    pub go: Callback<Go>,
    /// Opens or closes an entry.
    pub pick: Callback<u64>,
}

impl Actions {
    /// Creates the actions for the rows of this render.
    pub fn new(
        log: &VersionedLog,
        view_state: &Live<LogView>,
        found: &SearchHandle,
        window: &WindowHandle,
        list: &NodeRef,
    ) -> Self {
        Self {
            filter: view_state.callback(|view_state, filter| view_state.filter = filter),
            pause: {
                let next = log.borrow().next_id();
                view_state.callback(move |view_state, _| {
                    view_state.paused_at = if view_state.paused_at.is_some() { None } else { Some(next) };
                })
            },
            reset: view_state.callback(|view_state, ()| view_state.reset()),
            close: {
                let (close, list) =
                    (view_state.callback(|view_state, ()| view_state.open = None), list.clone());
                Callback::from(move |()| {
                    close.emit(());
                    focus(&list);
                })
            },
            go: go(log, view_state, found, window),
            pick: {
                let log = log.clone();
                view_state.callback(move |view_state, id| {
                    let is_open = view_state.open.as_ref().is_some_and(|entry| entry.id == id);
                    view_state.current = Some(id);
                    view_state.open = if is_open { None } else { log.borrow().get(id).cloned() };
                })
            },
        }
    }
}

fn go(
    log: &VersionedLog,
    view_state: &Live<LogView>,
    found: &SearchHandle,
    window: &WindowHandle,
) -> Callback<Go> {
    let (log, searching, view_state) = (log.clone(), found.state.clone(), view_state.clone());
    let (reveal, rows) = (window.reveal.clone(), found.rows);
    Callback::from(move |go| {
        let Some(last) = rows.checked_sub(1) else { return };
        let current = view_state.borrow().current;
        let (row, id) = {
            let (log, searching) = (log.borrow(), searching.borrow());
            let search = &searching.search;
            let row = match (go, current) {
                (Go::First, _) => 0,
                (Go::Last, _) | (Go::By(_), None) => last,
                (Go::By(by), Some(id)) => search.row_of(&log, id).saturating_add_signed(by).min(last),
            };
            (row, search.ids(&log, row..row + 1).first().copied())
        };
        view_state.change(|view_state| view_state.current = id);
        reveal.emit(row);
    })
}

/// Moves the focus to the list; its rows never have it.
fn focus(view: &NodeRef) {
    let list = view.cast::<Element>().and_then(|view| view.query_selector("#messages").ok().flatten());
    if let Some(list) = list.and_then(|list| list.dyn_into::<HtmlElement>().ok()) {
        // Fails only for an element that cannot take the focus.
        let _ = list.focus();
    }
}
