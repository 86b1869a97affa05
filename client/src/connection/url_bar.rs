//! The URL field, and the link that connects.

use std::rc::Rc;

use yew::prelude::*;

use super::model::phase::Phase;
use super::model::url_problem::UrlProblem;
use super::recent;
use crate::session::use_session::Callbacks;
use crate::texts::Texts;
use crate::ui::controls::{giving, handling, typed};
use crate::ui::translation::translatable;
use crate::ui::use_texts::use_texts;

#[derive(Clone, PartialEq, Properties)]
pub struct EndpointProps {
    pub url: AttrValue,
    pub problem: Option<UrlProblem>,
    /// Phase of the connection, which decides the action of the link.
    pub phase: Phase,
    pub can: Rc<Callbacks>,
    /// The list of recent URLs and its button, inside the field.
    pub children: Html,
}

/// The URL field with the link that connects, and the URL's fault over the page below. Its parent places them.
#[component]
pub fn Endpoint(props: &EndpointProps) -> Html {
    let texts = use_texts();
    let oninput = props.can.edit_url.reform(|event: InputEvent| typed(&event).into());
    let onkeydown = handling(&props.can.connect, |connect, event: KeyboardEvent| {
        // Enter also ends the composition of a word in an input method.
        if event.key() == "Enter" && !event.is_composing() {
            event.prevent_default();
            connect.emit(());
        }
    });

    translatable(html! {
        <section class="endpoint" aria-label={texts.connection.region}>
            <label for="url" class="unseen">{ texts.connection.url }</label>
            <div class="url">
                <input
                    id="url"
                    type="text"
                    list={recent::LIST}
                    inputmode="url"
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    value={props.url.clone()}
                    aria-invalid={props.problem.is_some().then_some("true")}
                    aria-describedby={props.problem.is_some().then_some("url-problem")}
                    {oninput}
                    {onkeydown}
                />
                { props.children.clone() }
            </div>
            { connect_link(&props.phase, &props.can.toggle, texts) }
            <div class="problem" role="alert">
                if let Some(problem) = &props.problem {
                    { describe(problem, &props.can.edit_url, texts) }
                }
            </div>
        </section>
    })
}

fn connect_link(phase: &Phase, toggle: &Callback<()>, texts: &Texts) -> Html {
    let onclick = handling(toggle, |toggle, event: MouseEvent| {
        event.prevent_default();
        // The second click of a double click would revert the first.
        if event.detail() < 2 {
            toggle.emit(());
        }
    });
    let onkeydown = handling(toggle, |toggle, event: KeyboardEvent| {
        if event.key() == " " {
            event.prevent_default();
            if !event.repeat() {
                toggle.emit(());
            }
        }
    });
    let connects = phase.can_connect();
    let waits = !connects && !phase.can_disconnect();

    html! {
        <a
            id="connect"
            href="#connect"
            role="button"
            data-primary={connects.then_some("")}
            aria-disabled={waits.then_some("true")}
            data-busy={(waits || *phase == Phase::Connecting).then_some("")}
            {onclick}
            {onkeydown}
        >
            { if connects { texts.connection.connect } else { texts.connection.disconnect } }
        </a>
    }
}

fn describe(problem: &UrlProblem, edit: &Callback<AttrValue>, texts: &Texts) -> Html {
    let suggestion = problem.suggestion.as_ref().map(|url| {
        let onclick = giving(edit, url);
        html! { <p>{ texts.connection.did_you_mean }{ " " }<button type="button" translate="no" {onclick}>{ url }</button>{ texts.connection.question_mark }</p> }
    });

    html! {
        <>
            <p id="url-problem">{ problem.fault.text(texts) }</p>
            { suggestion }
        </>
    }
}
