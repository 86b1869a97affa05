//! The state of the connection, and what the page tells in passing.

use yew::prelude::*;

use crate::state::notice::Notice;
use crate::state::phase::{Closed, Opened, Phase};

/// What the status shows.
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct StatusProps {
    /// Where the connection is in its life.
    pub phase: Phase,
    /// The connection's URL; empty if there was no connection.
    pub endpoint: AttrValue,
    /// The newest notice.
    pub notice: Option<Notice>,
}

/// The state in one line, its explanation, and the newest notice.
#[component]
pub fn Status(props: &StatusProps) -> Html {
    let explanation = match &props.phase {
        Phase::Open(opened) => agreed(opened),
        Phase::Closed(closed) => explain(closed),
        _ => Html::default(),
    };

    html! {
        <section class="status" aria-label="State">
            <div id="state" data-phase={props.phase.id()}>
                <p class="line">
                    <strong>{ props.phase.title() }</strong>
                    if !props.endpoint.is_empty() {
                        { " " }<code>{ &props.endpoint }</code>
                    }
                </p>
                { explanation }
            </div>
            <Notices notice={props.notice.clone()} />
        </section>
    }
}

/// What was negotiated; nothing if nothing was.
fn agreed(opened: &Opened) -> Html {
    let part = |what: &str, value: &AttrValue| {
        (!value.is_empty()).then(|| html! { <span>{ what }{ " " }<code>{ value }</code></span> })
    };
    let parts = [part("subprotocol", &opened.protocol), part("extensions", &opened.extensions)];
    if parts.iter().all(Option::is_none) {
        return Html::default();
    }
    html! { <p class="explanation" id="agreed">{ for parts.into_iter().flatten() }</p> }
}

fn explain(closed: &Closed) -> Html {
    html! {
        <p class="explanation">
            { closed.code.meaning() }
            if let Some(story) = closed.story() {
                { " " }{ story }
            }
            if let Some(advice) = closed.advice() {
                { " " }{ advice }
            }
            if !closed.reason.is_empty() {
                { " Reason: " }<q dir="auto">{ &closed.reason }</q>
            }
        </p>
    }
}

#[derive(PartialEq, Properties)]
struct NoticesProps {
    notice: Option<Notice>,
}

/// Two live regions, there from the start: what happened, and what to do. A new notice is a new node, so it is announced
/// and seen even if its text is that of the one before.
#[component]
fn Notices(props: &NoticesProps) -> Html {
    let notice = props.notice.as_ref();
    html! {
        <div class="notices">
            <div id="notice" role="status">
                { for notice.map(|notice| html! { <p key={notice.number}>{ &notice.text }</p> }) }
            </div>
            <div id="hint" role="status">
                { for notice.and_then(|notice| Some(html! { <p key={notice.number}>{ notice.hint.as_ref()? }</p> })) }
            </div>
        </div>
    }
}
