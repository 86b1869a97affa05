//! The tools for the whole list, in the row of its tab.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::model::filter::{Filter, Needle};
use super::model::log::VersionedLog;
use super::model::log_view::LogView;
use crate::browser::use_live::Live;
use crate::connection::model::message::{Direction, Kind};
use crate::texts::LogTexts;
use crate::ui::icons::{CLEAR, Icon, PAUSE, RESUME, icon};

/// Shows the tools. `is_bad` is true if the filter's regular expression has a fault; `keys` handles the keys of its field.
pub fn toolbar(
    log: &VersionedLog,
    state: &Live<LogView>,
    is_bad: bool,
    keys: Callback<KeyboardEvent>,
    clear: Callback<MouseEvent>,
    texts: &LogTexts,
) -> Html {
    let (filter, is_paused) = (state.borrow().filter.clone(), state.borrow().paused_at.is_some());
    let change = state.callback(|state, filter| state.filter = filter);
    let paused_at = (!is_paused).then_some(log.borrow().next_id());
    let pause = state.callback(move |state, _| state.paused_at = paused_at);
    let typed = {
        let (filter, change) = (filter.clone(), change.clone());
        move |event: InputEvent| {
            let needle = Needle::parse(&event.target_unchecked_into::<HtmlInputElement>().value());
            change.emit(Filter { needle, ..filter.clone() });
        }
    };
    let (pausing, outline) = if is_paused { (texts.resume, RESUME) } else { (texts.pause, PAUSE) };

    html! {
        <>
            { choices(&filter, &change, texts) }
            <label for="filter" class="unseen">{ texts.filter }</label>
            <input
                id="filter"
                type="search"
                placeholder={texts.filter_hint}
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                aria-invalid={is_bad.then_some("true")}
                aria-describedby="filter-result"
                oninput={typed}
                onkeydown={keys}
            />
            { tool("pause", pausing, outline, is_paused, pause) }
            { tool("clear", texts.clear, CLEAR, false, clear) }
        </>
    }
}

/// Shows one group of buttons for direction, kind and events. A pressed button is released by another click, or by "all".
fn choices(filter: &Filter, change: &Callback<Filter>, texts: &LogTexts) -> Html {
    let choice = |id: &'static str, word: Html, name: &'static str, is_pressed: bool, next: Filter| {
        let onclick = change.reform(move |_| next.clone());
        html! {
            <button
                {id}
                type="button"
                aria-pressed={if is_pressed { "true" } else { "false" }}
                aria-label={name}
                title={name}
                {onclick}
            >
                { word }
            </button>
        }
    };
    let direction = |id, arrow: &'static str, name, direction: Direction| {
        let is_pressed = filter.direction == Some(direction);
        let next =
            Filter { direction: (!is_pressed).then_some(direction), only_events: false, ..filter.clone() };
        let word = html! { <span class="way" data-way={id} translate="no">{ arrow }</span> };
        let id = if direction == Direction::Sent { "filter-sent" } else { "filter-received" };
        choice(id, word, name, is_pressed, next)
    };
    let kind = |id, word: &'static str, kind: Kind| {
        let is_pressed = filter.kind == Some(kind);
        let next = Filter { kind: (!is_pressed).then_some(kind), only_events: false, ..filter.clone() };
        choice(id, html! { word }, word, is_pressed, next)
    };
    let is_events = filter.only_events;
    let events = Filter { only_events: !is_events, ..filter.all() };
    html! {
        <div class="choices" role="group" aria-label={texts.shown}>
            { choice("filter-all", html! { texts.all }, texts.all, filter.is_all(), filter.all()) }
            { direction("sent", "↑", texts.way_sent, Direction::Sent) }
            { direction("received", "↓", texts.way_received, Direction::Received) }
            { kind("filter-text", texts.text, Kind::Text) }
            { kind("filter-binary", texts.binary, Kind::Binary) }
            { choice("filter-events", html! { texts.events }, texts.events, is_events, events) }
        </div>
    }
}

/// Shows a button with an icon, and a word where there is room.
pub fn tool(
    id: &'static str,
    word: &'static str,
    outline: Icon,
    is_on: bool,
    onclick: Callback<MouseEvent>,
) -> Html {
    html! {
        <button
            {id}
            type="button"
            class="tool with-icon"
            data-on={is_on.then_some("")}
            title={word}
            {onclick}
        >
            { icon(outline) }<span class="word">{ word }</span>
        </button>
    }
}
