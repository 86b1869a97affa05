//! The visible rows of the log, and keyboard navigation.

use wasm_bindgen::JsCast as _;
use web_sys::Element;
use yew::prelude::*;

use super::model::filter::Needle;
use super::model::log::VersionedLog;
use super::model::log_view::LogView;
use super::model::search::Go;
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
    /// Moves the cursor.
    pub go: Callback<Go>,
    /// Removes the text of the filter.
    pub unfilter: Callback<bool>,
    /// Acts on the entry under the cursor by a key.
    pub act: Callback<String>,
    /// The scrolling element.
    pub view: NodeRef,
    pub clock: Clock,
    /// Contents below the rows, for a list without messages.
    pub below: Option<Html>,
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
    let List { log, state, found, window, go, unfilter, act, view, clock, below } = list;
    let pick = {
        let log = log.clone();
        state.callback(move |state, id| state.pick(&log.borrow(), id))
    };
    let close = state.clone();
    let has_needle = state.borrow().filter.needle != Needle::Nothing;
    let (log, rows, state) = (log.borrow(), found.rows, state.borrow());
    let (current, open) = (state.current, state.open.as_ref().map(|entry| entry.id));
    let onkeydown = {
        let pick = pick.clone();
        let is_open = open.is_some();
        // Without a cursor, Enter opens the newest row, to which the arrow keys would move.
        let newest = found.state.borrow().search.walk(&log, rows, None, Go::Last).map(|(_, id)| id);
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
                "Escape" if is_open => close.change(|state| state.open = None),
                "Escape" if has_needle => unfilter.emit(false),
                key @ ("c" | "e" | "r" | "p") if !event.repeat() => act.emit(key.to_owned()),
                "Enter" | " " => current.or(newest).iter().for_each(|id| pick.emit(*id)),
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
    let search = &found.state.borrow().search;
    let mut active = None;
    let shown = window.range.clone().filter_map(|at| {
        let (id, place) = search.row(&log, at)?;
        let (is_current, is_open) = (current == Some(id), open == Some(id));
        let above = at.checked_sub(1).and_then(|at| log.get(search.row(&log, at)?.0));
        let above_ms = above.map(|entry| entry.at_ms);
        if is_current {
            active = Some(format!("row-{id}"));
        }
        Some(row(
            &Shown {
                entry: log.get(id)?,
                number: log.number(id),
                row: at,
                rows,
                is_current,
                is_open,
                is_pinned: state.is_pinned(id),
                place,
                clock,
                above_ms,
            },
            texts,
        ))
    });
    let shown: Vec<Html> = shown.collect();

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
