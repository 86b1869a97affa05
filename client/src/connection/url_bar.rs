//! The URL field, and the link that connects.

use std::rc::Rc;

use ws_echo_shared::CloseCode;
use yew::prelude::*;

use super::model::options::{CloseProblem, Options};
use super::model::phase::Phase;
use super::model::url_problem::UrlProblem;
use super::options::field;
use super::recent;
use crate::browser::page;
use crate::session::use_session::Callbacks;
use crate::texts::Texts;
use crate::ui::controls::{giving, handling, typed};
use crate::ui::icons::{CHEVRON, icon};
use crate::ui::overlay::popover;
use crate::ui::translation::translatable;
use crate::ui::use_texts::use_texts;

/// Close codes to choose from, of those that a page may send.
const CODES: [u16; 7] = [1_000, 3_000, 3_003, 3_008, 4_000, 4_001, 4_999];

#[derive(Clone, PartialEq, Properties)]
pub struct EndpointProps {
    pub url: AttrValue,
    pub problem: Option<UrlProblem>,
    pub options: Options,
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
            <div class="connect">
                { connect_link(&props.phase, &props.can.toggle, texts) }
                if props.phase.can_disconnect() {
                    <button
                        id="show-close-menu"
                        type="button"
                        class="tool"
                        popovertarget="close-menu"
                        aria-label={texts.connection.close_with}
                    >
                        { icon(CHEVRON) }
                    </button>
                }
            </div>
            <div class="problem" role="alert">
                if let Some(problem) = &props.problem {
                    { describe(problem, &props.can.edit_url, texts) }
                }
            </div>
            { close_menu(props, texts) }
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

/// Shows the popover with close codes and the reason, whose button is beside "disconnect".
fn close_menu(props: &EndpointProps, texts: &Texts) -> Html {
    let words = &texts.connection;
    let codes = CODES.map(CloseCode).map(|code| {
        let close = props.can.close_with.reform(move |_| {
            page::hide("close-menu");
            page::focus("connect");
            code
        });
        html! { <li><button type="button" class="quiet" data-code={code.0.to_string()} onclick={close}>{ code.to_string() }</button></li> }
    });
    let oninput = handling(
        &(props.can.edit_options.clone(), props.options.clone()),
        |(edit, options), event: InputEvent| {
            edit.emit(Options { close_reason: typed(&event).into(), ..options.clone() });
        },
    );
    let problem = match props.options.close_request() {
        Err(problem @ CloseProblem::Reason(_)) => Some(problem.text(texts)),
        _ => None,
    };
    let body = html! {
        <>
            { field("menu-reason", words.close_reason, &props.options.close_reason, oninput, None, problem) }
            <ul class="codes" translate="no">{ for codes }</ul>
        </>
    };
    popover("close-menu", words.close_with, texts, body)
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
