//! The visible rows of the log, and keyboard navigation.

use wasm_bindgen::JsCast as _;
use web_sys::Element;
use yew::prelude::*;

use super::model::log::VersionedLog;
use super::model::log_view::LogView;
use super::row::{Clock, Shown, row};
use super::use_search::SearchHandle;
use crate::browser::use_live::Live;
use crate::common::format::fixed;
use crate::texts::{LogTexts, Texts};
use crate::ui::use_window::WindowHandle;

pub struct List<'a> {
    pub log: &'a VersionedLog,
    pub state: &'a Live<LogView>,
    pub found: &'a SearchHandle,
    pub window: &'a WindowHandle,
    /// The scrolling element.
    pub view: NodeRef,
    pub clock: Clock,
    /// Contents below the rows, for a list without messages.
    pub below: Option<Html>,
}

/// Movement of the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Go {
    /// By this many rows downward; negative is upward.
    By(isize),
    First,
    Last,
}

/// Shows the headings of the columns. Screen readers skip them, because each row says the same.
pub fn head(texts: &LogTexts) -> Html {
    html! {
        <div class="columns" aria-hidden="true">
            <span class="way"></span>
            <span class="time">{ texts.column_time }</span>
            <span class="body">{ texts.column_message }</span>
            <span class="size">{ texts.column_size }</span>
            <span class="trip">{ texts.column_trip }</span>
        </div>
    }
}

/// Shows the list. The listbox itself has the focus, so that its rows may come and go.
pub fn list(list: List<'_>, texts: &Texts) -> Html {
    let (go, pick) = (list.go(), list.pick());
    let List { log, state, found, window, view, clock, below } = list;
    let (log, rows, state) = (log.borrow(), found.rows, state.borrow());
    let (current, open) = (state.current, state.open.as_ref().map(|entry| entry.id));
    let onkeydown = {
        let pick = pick.clone();
        let page = isize::try_from(window.page).unwrap_or(1);
        move |event: KeyboardEvent| {
            if event.ctrl_key() || event.meta_key() || event.alt_key() {
                return;
            }
            match event.key().as_str() {
                "ArrowDown" => go.emit(Go::By(1)),
                "ArrowUp" => go.emit(Go::By(-1)),
                "PageDown" => go.emit(Go::By(page)),
                "PageUp" => go.emit(Go::By(-page)),
                "Home" => go.emit(Go::First),
                "End" => go.emit(Go::Last),
                "Enter" | " " => current.iter().for_each(|id| pick.emit(*id)),
                _ => return,
            }
            event.prevent_default();
        }
    };
    let onclick = move |event: MouseEvent| {
        let row = event.target().and_then(|target| target.dyn_into::<Element>().ok()?.closest("li").ok()?);
        let id = row.and_then(|row| row.get_attribute("data-id")?.parse().ok());
        id.iter().for_each(|id| pick.emit(*id));
    };
    let ids = found.state.borrow().search.ids(&log, window.range.clone());
    let active = current.filter(|id| ids.contains(id)).map(|id| format!("row-{id}"));
    let shown = window.range.clone().zip(ids).filter_map(|(number, id)| {
        let (is_current, is_open) = (current == Some(id), open == Some(id));
        Some(row(&Shown { entry: log.get(id)?, row: number, rows, is_current, is_open, clock }, texts))
    });

    html! {
        // The list is excluded from translation: it contains payloads, times and sizes, and its rows change too fast.
        <div id="view" ref={view} onscroll={window.onscroll.clone()}>
            <ul
                id="messages"
                translate="no"
                role="listbox"
                tabindex="0"
                aria-labelledby="tab-messages"
                aria-describedby="log-keys"
                aria-activedescendant={active}
                ~style={format!("height: {}px; padding-top: {}px", fixed(window.height_px, 0), fixed(window.offset_px, 0))}
                {onkeydown}
                {onclick}
            >
                { for shown }
            </ul>
            if let Some(below) = below {
                <div class="below" ~style={format!("top: {}px", fixed(window.height_px, 0))}>{ below }</div>
            }
        </div>
    }
}

impl List<'_> {
    /// Moves the cursor.
    fn go(&self) -> Callback<Go> {
        let (log, searching, state) = (self.log.clone(), self.found.state.clone(), self.state.clone());
        let (reveal, rows) = (self.window.reveal.clone(), self.found.rows);
        Callback::from(move |go| {
            let Some(last) = rows.checked_sub(1) else { return };
            let current = state.borrow().current;
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
            state.change(|state| state.current = id);
            reveal.emit(row);
        })
    }

    /// Opens or closes the entry with a number.
    fn pick(&self) -> Callback<u64> {
        let log = self.log.clone();
        self.state.callback(move |state, id| {
            let is_open = state.open.as_ref().is_some_and(|entry| entry.id == id);
            state.current = Some(id);
            state.open = if is_open { None } else { log.borrow().get(id).cloned() };
        })
    }
}
