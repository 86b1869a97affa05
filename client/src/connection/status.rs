//! The state of the connection in one line, its details, and the newest notice.

use std::rc::Rc;

use ws_echo_shared::CloseCode;
use yew::prelude::*;

use super::model::authority::without_credentials;
use super::model::event::ConnectionEvent;
use super::model::phase::{Closed, Opened, Phase};
use crate::browser::page;
use crate::session::model::notice::{Notice, Said};
use crate::session::use_session::Callbacks;
use crate::texts::{Texts, fill};
use crate::ui::controls::handling;
use crate::ui::icons::{DETAILS, icon};
use crate::ui::overlay::popover;
use crate::ui::translation::translatable;
use crate::ui::use_texts::use_texts;

#[derive(Clone, PartialEq, Properties)]
pub struct StatusProps {
    pub phase: Phase,
    /// URL of the connection; empty if there was none.
    pub endpoint: AttrValue,
    pub notice: Option<Notice>,
    /// URL to try instead of one to which the page could not connect.
    pub suggested: Option<AttrValue>,
    pub can: Rc<Callbacks>,
    /// Further contents of the line.
    pub children: Html,
}

/// One line that never wraps, so that the page stays still. A popover has all of it.
#[component]
pub fn Status(props: &StatusProps) -> Html {
    let texts = use_texts();
    let is_failure = matches!(&props.phase, Phase::Closed(closed) if closed.is_failure());
    let facts = match &props.phase {
        Phase::Open(opened) => html! { <p id="agreed" class="facts">{ agreed(opened, texts) }</p> },
        Phase::Closed(closed) => html! { <p class="facts">{ summary(closed, texts) }</p> },
        _ => Html::default(),
    };

    // The visible parts are cut where they have no room.
    let end = props.notice.as_ref().and_then(|notice| {
        let (Said::Ended, Phase::Closed(closed)) = (&notice.said, &props.phase) else { return None };
        let end = ConnectionEvent::closed(&props.endpoint, closed.clone());
        Some(html! { <p key={notice.number}>{ end.searched(texts) }</p> })
    });

    translatable(html! {
        <section id="state" class="state" data-phase={props.phase.id()} data-bad={is_failure.then_some("")} aria-label={texts.connection.state}>
            <strong translate="no">{ props.phase.title(texts) }</strong>
            { notices(props.notice.as_ref(), texts) }
            <div id="close-news" class="unseen" role="status">{ for end }</div>
            { props.children.clone() }
            if let Some(url) = &props.suggested {
                <button id="try-other" type="button" class="quiet" translate="no" onclick={try_other(&props.can, url)}>
                    { fill(texts.connection.try_other, &[("url", &without_credentials(url))]) }
                </button>
            }
            { facts }
            <button
                id="show-state"
                type="button"
                class="tool"
                popovertarget="state-details"
                aria-label={texts.connection.details}
            >
                { icon(DETAILS) }
            </button>
            { popover("state-details", texts.connection.details, texts, details(props, texts)) }
        </section>
    })
}

fn try_other(can: &Rc<Callbacks>, url: &AttrValue) -> Callback<MouseEvent> {
    handling(&(can.clone(), url.clone()), |(can, url), _| {
        // The button disappears.
        page::focus("connect");
        can.edit_url.emit(url.clone());
        can.connect_to.emit(url.clone());
    })
}

fn details(props: &StatusProps, texts: &Texts) -> Html {
    html! {
        <>
            <p class="line">
                <b translate="no">{ props.phase.title(texts) }</b>
                if !props.endpoint.is_empty() {
                    { " " }<code>{ without_credentials(&props.endpoint) }</code>
                }
            </p>
            { match &props.phase {
                Phase::Open(opened) => html! { <p class="facts">{ agreed(opened, texts) }</p> },
                Phase::Closed(closed) => explain(closed, texts),
                _ => Html::default(),
            } }
            if let Some(hint) = props.notice.as_ref().and_then(|notice| notice.said.hint(texts)) {
                <p>{ hint }</p>
            }
        </>
    }
}

fn agreed(opened: &Opened, texts: &Texts) -> Html {
    let part = |what: &'static str, value: &AttrValue| {
        (!value.is_empty()).then(|| html! { <span>{ what }{ " " }<code>{ value }</code></span> })
    };
    let parts = [
        part(texts.connection.agreed_protocol, &opened.protocol),
        part(texts.connection.agreed_extensions, &opened.extensions),
    ];
    html! { <>{ for parts.into_iter().flatten() }</> }
}

/// Shows the reason of an end, and the most useful sentence about it: advice, or the side that closed.
fn summary(closed: &Closed, texts: &Texts) -> Html {
    let advice = closed.advice(texts).map(AttrValue::Static);
    let sentence = advice.or_else(|| closed.story(texts)).unwrap_or_default();
    html! {
        <>
            if !closed.reason.is_empty() {
                <q dir="auto">{ &closed.reason }</q>{ " " }
            }
            { sentence }
        </>
    }
}

/// Shows the meaning of the close code, the course of the connection, the advice, and the reason.
pub fn explain(closed: &Closed, texts: &Texts) -> Html {
    html! {
        <p class="explanation">
            // The code alone says that a connection was lost, but there was none.
            if closed.open_ms.is_some() || closed.code != CloseCode::ABNORMAL {
                { texts.close_codes.meaning(closed.code) }
            }
            if let Some(story) = closed.story(texts) {
                { " " }{ story }
            }
            if let Some(advice) = closed.advice(texts) {
                { " " }{ advice }
            }
            // The title has no code then.
            if closed.open_ms.is_none() && closed.is_failure() {
                { " " }<code>{ closed.code.to_string() }</code>
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
        <>
            <div id="notice" role="status">{ line(|said, texts| Some(said.text(texts))) }</div>
            <div id="hint" role="status">{ line(Said::hint) }</div>
        </>
    }
}
