//! Automatic reconnection: its setting, its countdown, and the reason if there is none.

use web_sys::{Element, HtmlInputElement};
use yew::prelude::*;

use super::model::backoff::{Stage, Waiting};
use crate::browser::page;
use crate::texts::fill;
use crate::ui::controls::quiet;
use crate::ui::translation::translatable;
use crate::ui::use_texts::use_texts;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct ReconnectFieldProps {
    /// True if automatic reconnection is on.
    pub on: bool,
    /// Changes the setting.
    pub set: Callback<bool>,
}

/// The check box.
#[component]
pub fn ReconnectField(props: &ReconnectFieldProps) -> Html {
    let texts = &use_texts().links;
    let onchange =
        props.set.reform(|event: Event| event.target_unchecked_into::<HtmlInputElement>().checked());
    translatable(html! {
        <div class="check">
            <input id="reconnect" type="checkbox" checked={props.on} aria-describedby="reconnect-note" {onchange} />
            <label for="reconnect">{ texts.reconnect }</label>
            <p class="note" id="reconnect-note">{ texts.reconnect_note }</p>
        </div>
    })
}

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct ReconnectingProps {
    /// Stage of the reconnection.
    pub stage: Stage,
    /// Skips the delay.
    pub now: Callback<()>,
    /// Stops the attempts.
    pub stop: Callback<()>,
}

/// The countdown to the next attempt, or the reason if there is none. Screen readers announce it once per attempt, and not every
/// second.
#[component]
pub fn Reconnecting(props: &ReconnectingProps) -> Html {
    let texts = use_texts();
    let announced = match props.stage {
        Stage::Waiting(Waiting { wait, .. }) => wait.text(wait.delay_ms.div_ceil(1_000), texts),
        Stage::Halted(halt) => halt.text(texts).unwrap_or_default(),
        Stage::Resting | Stage::Trying(_) => String::new(),
    };
    let shown = match props.stage {
        Stage::Waiting(waiting) => Some(waiting.wait.text(waiting.countdown().seconds, texts)),
        Stage::Trying(attempt) => Some(fill(texts.links.reconnecting, &[("attempt", &attempt.to_string())])),
        Stage::Resting | Stage::Halted(_) => None,
    };
    let is_waiting = matches!(props.stage, Stage::Waiting(_));
    // The focused button is about to disappear, so the focus moves to the connect link, which stays.
    let row = use_node_ref();
    let takes_focus_along = shown.is_none() && row.cast::<Element>().is_some_and(|row| page::has_focus(&row));
    use_effect_with(takes_focus_along, |takes_focus_along| {
        if *takes_focus_along {
            page::focus("connect");
        }
    });

    translatable(html! {
        <>
            if let Some(shown) = shown {
                <p id="reconnecting" ref={row}>
                    <span>{ shown }</span>
                    <button id="reconnect-now" type="button" class="quiet" aria-disabled={(!is_waiting).then_some("true")} onclick={props.now.reform(|_| ())}>
                        { texts.links.now }
                    </button>
                    { quiet("stop-reconnect", texts.links.stop, props.stop.reform(|_| ())) }
                </p>
            }
            // The reason for a halt is visible here; a countdown is visible above, and here only announced.
            <p id="reconnect-news" role="status" class="facts" data-unseen={(!matches!(props.stage, Stage::Halted(_))).then_some("")}>{ announced }</p>
        </>
    })
}
