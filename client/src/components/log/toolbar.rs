//! The tools for the whole list.

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::state::filter::{Filter, Needle};
use crate::state::message::{Kind, Way};
use crate::state::texts::LogTexts;

/// Contents and actions of the toolbar.
pub struct Tools {
    /// The present filter.
    pub filter: Filter,
    /// Called with a new filter.
    pub change: Callback<Filter>,
    /// Result of the filter: number of matches, progress, or fault.
    pub result: Option<AttrValue>,
    /// True if the regular expression has a fault.
    pub is_bad: bool,
    /// True if the list is paused.
    pub is_paused: bool,
    /// Pauses or resumes the list.
    pub pause: Callback<MouseEvent>,
    /// Empties the log.
    pub clear: Callback<MouseEvent>,
}

/// Shows the filter, the pause button and the clear button.
pub fn toolbar(tools: Tools, texts: &LogTexts) -> Html {
    let Tools { filter, change, result, is_bad, is_paused, pause, clear } = tools;
    let changed = |set: fn(&mut Filter, String)| {
        let (filter, change) = (filter.clone(), change.clone());
        move |typed: String| {
            let mut filter = filter.clone();
            set(&mut filter, typed);
            change.emit(filter);
        }
    };
    let typed = {
        let changed = changed(|filter, typed| filter.needle = Needle::parse(&typed));
        move |event: InputEvent| changed(event.target_unchecked_into::<HtmlInputElement>().value())
    };
    let way = choose(changed(|filter, chosen| filter.way = way(&chosen)));
    let kind = choose(changed(|filter, chosen| filter.kind = kind(&chosen)));
    let ways = [
        ("", texts.any_way, filter.way.is_none()),
        ("sent", texts.way_sent, filter.way == Some(Way::Sent)),
        ("received", texts.way_received, filter.way == Some(Way::Received)),
    ];
    let kinds = [
        ("", texts.any_kind, filter.kind.is_none()),
        ("text", texts.text, filter.kind == Some(Kind::Text)),
        ("binary", texts.binary, filter.kind == Some(Kind::Binary)),
    ];

    html! {
        <div class="toolbar">
            <label for="filter" class="unseen">{ texts.filter }</label>
            <input
                id="filter"
                type="text"
                placeholder={texts.filter_hint}
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                aria-invalid={is_bad.then_some("true")}
                aria-describedby="filter-result"
                oninput={typed}
            />
            { selection("filter-way", texts.way, way, ways) }
            { selection("filter-kind", texts.kind, kind, kinds) }
            <button
                id="pause"
                type="button"
                class="quiet"
                aria-pressed={if is_paused { "true" } else { "false" }}
                onclick={pause}
            >
                { if is_paused { texts.resume } else { texts.pause } }
            </button>
            <button id="clear" type="button" class="quiet" onclick={clear}>{ texts.clear }</button>
            <p id="filter-result" role="status" translate={(!is_bad).then_some("no")}>{ for result }</p>
        </div>
    }
}

/// Shows a choice of values, each with its label and selection.
fn selection(
    id: &'static str,
    label: &'static str,
    onchange: Callback<Event>,
    options: [(&'static str, &'static str, bool); 3],
) -> Html {
    html! {
        <>
            <label for={id} class="unseen">{ label }</label>
            <select {id} {onchange}>
                { for options.map(|(value, word, selected)| html! { <option {value} {selected}>{ word }</option> }) }
            </select>
        </>
    }
}

fn choose(chosen: impl Fn(String) + 'static) -> Callback<Event> {
    Callback::from(move |event: Event| chosen(event.target_unchecked_into::<HtmlSelectElement>().value()))
}

fn way(value: &str) -> Option<Way> {
    match value {
        "sent" => Some(Way::Sent),
        "received" => Some(Way::Received),
        _ => None,
    }
}

fn kind(value: &str) -> Option<Kind> {
    match value {
        "text" => Some(Kind::Text),
        "binary" => Some(Kind::Binary),
        _ => None,
    }
}
