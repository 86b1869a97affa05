//! What can be done with the list as a whole.

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::state::filter::{Filter, Needle};
use crate::state::message::{Kind, Way};
use crate::use_texts::use_texts;

/// What the toolbar shows and does.
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct ToolbarProps {
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
    pub pause: Callback<()>,
    /// Empties it.
    pub clear: Callback<()>,
    /// More tools.
    #[prop_or_default]
    pub children: Html,
}

/// Filter, pause and clear.
#[component]
pub fn Toolbar(props: &ToolbarProps) -> Html {
    let texts = &use_texts().log;
    let typed = {
        let filter = props.filter.clone();
        props.change.reform(move |event: InputEvent| {
            let typed = event.target_unchecked_into::<HtmlInputElement>().value();
            Filter { needle: Needle::parse(&typed), ..filter.clone() }
        })
    };
    let way = {
        let filter = props.filter.clone();
        props.change.reform(move |event: Event| Filter { way: way(&chosen(&event)), ..filter.clone() })
    };
    let kind = {
        let filter = props.filter.clone();
        props.change.reform(move |event: Event| Filter { kind: kind(&chosen(&event)), ..filter.clone() })
    };

    let (ways, kinds) = (props.filter.way, props.filter.kind);

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
                aria-invalid={props.is_bad.then_some("true")}
                aria-describedby="filter-result"
                oninput={typed}
            />
            <label for="filter-way" class="unseen">{ texts.way }</label>
            <select id="filter-way" onchange={way}>
                <option value="" selected={ways.is_none()}>{ texts.any_way }</option>
                <option value="sent" selected={ways == Some(Way::Sent)}>{ texts.way_sent }</option>
                <option value="received" selected={ways == Some(Way::Received)}>{ texts.way_received }</option>
            </select>
            <label for="filter-kind" class="unseen">{ texts.kind }</label>
            <select id="filter-kind" onchange={kind}>
                <option value="" selected={kinds.is_none()}>{ texts.any_kind }</option>
                <option value="text" selected={kinds == Some(Kind::Text)}>{ texts.text }</option>
                <option value="binary" selected={kinds == Some(Kind::Binary)}>{ texts.binary }</option>
            </select>
            <button
                id="pause"
                type="button"
                class="quiet"
                aria-pressed={if props.is_paused { "true" } else { "false" }}
                onclick={props.pause.reform(|_| ())}
            >
                { if props.is_paused { texts.resume } else { texts.pause } }
            </button>
            <button id="clear" type="button" class="quiet" onclick={props.clear.reform(|_| ())}>{ texts.clear }</button>
            { props.children.clone() }
            <p id="filter-result" role="status">{ for props.result.clone() }</p>
        </div>
    }
}

fn chosen(event: &Event) -> String {
    event.target_unchecked_into::<HtmlSelectElement>().value()
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
