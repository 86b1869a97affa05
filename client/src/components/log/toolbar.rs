//! What can be done with the list as a whole.

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::state::filter::{Filter, Needle};
use crate::state::message::{Kind, Way};
use crate::state::texts::LogTexts;

/// What the toolbar shows and does.
pub struct Tools {
    /// The filter in use.
    pub filter: Filter,
    /// Takes another one.
    pub change: Callback<Filter>,
    /// What came of it: hits, progress, or a problem.
    pub result: Option<AttrValue>,
    /// Whether the regular expression does not do.
    pub is_bad: bool,
    /// Whether the list is held still.
    pub is_paused: bool,
    /// Holds it still, or lets it go on.
    pub pause: Callback<MouseEvent>,
    /// Empties it.
    pub clear: Callback<MouseEvent>,
}

/// Filter, pause and clear.
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

/// A choice of values, each with its word and whether it is chosen.
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
