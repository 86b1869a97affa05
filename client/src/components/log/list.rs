//! The rows in sight, and how to move among them.

use wasm_bindgen::JsCast as _;
use web_sys::Element;
use yew::prelude::*;

use super::row::{Clock, Shown, row};
use super::use_window::WindowHandle;
use crate::state::format::fixed;
use crate::state::message::Entry;
use crate::state::texts::LogTexts;

/// What the list shows and does.
pub struct List {
    /// The element that scrolls.
    pub view: NodeRef,
    /// The messages in sight, each with its row.
    pub shown: Vec<(usize, Entry)>,
    /// How many rows there are.
    pub rows: usize,
    /// Where they lie.
    pub window: WindowHandle,
    /// The message that the cursor is on.
    pub current: Option<u64>,
    /// The message that is open.
    pub open: Option<u64>,
    /// How times are shown.
    pub clock: Clock,
    /// Takes the row to go to.
    pub go: Callback<Go>,
    /// Takes the number of the message to open.
    pub pick: Callback<u64>,
}

/// Where the cursor is to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Go {
    /// So many rows down, or up.
    By(isize),
    /// To the first row.
    First,
    /// To the last row.
    Last,
}

/// A listbox with the focus on itself, so that rows may come and go under it.
pub fn list(list: List, texts: &LogTexts) -> Html {
    let List { view, shown, rows, window, current, open, clock, go, pick } = list;
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
        // The list is not to be translated: it has payloads, times and sizes, and rows come and go too fast.
        <div id="view" ref={view} onscroll={window.onscroll}>
            if rows == 0 {
                <p>{ texts.nothing }</p>
            }
            <ul
                id="messages"
                translate="no"
                role="listbox"
                tabindex="0"
                aria-labelledby="log-title"
                aria-describedby="log-keys"
                aria-activedescendant={active}
                ~style={format!("height: {}px; padding-top: {}px", fixed(window.height_px, 0), fixed(window.offset_px, 0))}
                {onkeydown}
                {onclick}
            >
                { for made }
            </ul>
        </div>
    }
}
