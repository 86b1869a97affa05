//! The visible rows of the log, and keyboard navigation.

use wasm_bindgen::JsCast as _;
use web_sys::Element;
use yew::prelude::*;

use super::row::{Clock, Shown, row};
use crate::common::format::fixed;
use crate::connection::model::message::Entry;
use crate::texts::{LogTexts, Texts};
use crate::ui::use_window::WindowHandle;

/// Contents and actions of the list.
pub struct List {
    /// The scrolling element.
    pub view: NodeRef,
    /// Entries to render, each with the index of its row.
    pub shown: Vec<(usize, Entry)>,
    /// Number of rows.
    pub rows: usize,
    /// Position of the rows.
    pub window: WindowHandle,
    /// Number of the entry under the cursor.
    pub current: Option<u64>,
    /// Number of the open entry.
    pub open: Option<u64>,
    /// Format of the times.
    pub clock: Clock,
    /// Called to move the cursor.
    pub go: Callback<Go>,
    /// Called with the number of the entry to open.
    pub pick: Callback<u64>,
    /// Contents below the rows, for a list without messages.
    pub below: Option<Html>,
}

/// Movement of the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Go {
    /// By this many rows downward; negative is upward.
    By(isize),
    /// To the first row.
    First,
    /// To the last row.
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
pub fn list(list: List, texts: &Texts) -> Html {
    let List { view, shown, rows, window, current, open, clock, go, pick, below } = list;
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
    let is_shown = |id: &u64| shown.iter().any(|(_, entry)| entry.id == *id);
    let active = current.filter(is_shown).map(|id| format!("row-{id}"));
    let made = shown.iter().map(|(number, entry)| {
        let shown = Shown {
            entry,
            row: *number,
            rows,
            is_current: current == Some(entry.id),
            is_open: open == Some(entry.id),
            clock,
        };
        row(&shown, texts)
    });

    html! {
        // The list is excluded from translation: it contains payloads, times and sizes, and its rows change too fast.
        <div id="view" ref={view} onscroll={window.onscroll}>
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
                { for made }
            </ul>
            if let Some(below) = below {
                <div class="below" ~style={format!("top: {}px", fixed(window.height_px, 0))}>{ below }</div>
            }
        </div>
    }
}
