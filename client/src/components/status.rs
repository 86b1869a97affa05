//! The state of the connection, and the newest notice.

use yew::prelude::*;

use crate::components::translation::translatable;
use crate::state::authority::without_credentials;
use crate::state::notice::{Notice, Said};
use crate::state::phase::{Closed, Opened, Phase};
use crate::state::texts::Texts;
use crate::use_texts::use_texts;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct StatusProps {
    /// Phase of the connection.
    pub phase: Phase,
    /// URL of the connection; empty if there was none.
    pub endpoint: AttrValue,
    pub notice: Option<Notice>,
    /// Further contents, between the state and the notice.
    #[prop_or_default]
    pub children: Html,
}

/// The state in one line, its explanation, and the newest notice.
#[component]
pub fn Status(props: &StatusProps) -> Html {
    let texts = use_texts();
    let explanation = match &props.phase {
        Phase::Open(opened) => agreed(opened, texts),
        Phase::Closed(closed) => explain(closed, texts),
        _ => Html::default(),
    };

    translatable(html! {
        <section class="status" aria-label={texts.connection.state}>
            <div id="state" data-phase={props.phase.id()}>
                <p class="line">
                    <strong translate="no">{ props.phase.title(texts) }</strong>
                    if !props.endpoint.is_empty() {
                        { " " }<code>{ without_credentials(&props.endpoint) }</code>
                    }
                </p>
                { explanation }
            </div>
            { props.children.clone() }
            { notices(props.notice.as_ref(), texts) }
        </section>
    })
}

/// Shows the negotiated subprotocol and extensions, if there are any.
fn agreed(opened: &Opened, texts: &Texts) -> Html {
    let part = |what: &'static str, value: &AttrValue| {
        (!value.is_empty()).then(|| html! { <span>{ what }{ " " }<code>{ value }</code></span> })
    };
    let parts = [
        part(texts.connection.agreed_protocol, &opened.protocol),
        part(texts.connection.agreed_extensions, &opened.extensions),
    ];
    if parts.iter().all(Option::is_none) {
        return Html::default();
    }
    html! { <p class="explanation" id="agreed">{ for parts.into_iter().flatten() }</p> }
}

fn explain(closed: &Closed, texts: &Texts) -> Html {
    html! {
        <p class="explanation">
            { texts.close_codes.meaning(closed.code) }
            if let Some(story) = closed.story(texts) {
                { " " }{ story }
            }
            if let Some(advice) = closed.advice(texts) {
                { " " }{ advice }
            }
            if !closed.reason.is_empty() {
                { " " }{ texts.connection.reason }{ " " }<q dir="auto">{ &closed.reason }</q>
            }
        </p>
    }
}

/// Shows two live regions, which exist from the start: the event, and its remedy. Each new notice is a new node, so it is
/// announced and seen even if its text is the same as before.
fn notices(notice: Option<&Notice>, texts: &Texts) -> Html {
    let line = |text: fn(&Said, &Texts) -> Option<AttrValue>| {
        let notice = notice?;
        Some(html! { <p key={notice.number}>{ text(&notice.said, texts)? }</p> })
    };
    html! {
        <div class="notices">
            <div id="notice" role="status">{ line(|said, texts| Some(said.text(texts))) }</div>
            <div id="hint" role="status">{ line(Said::hint) }</div>
        </div>
    }
}
