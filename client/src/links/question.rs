//! Confirmation before the page connects to the URL of a link.

use web_sys::HtmlDialogElement;
use yew::prelude::*;

use super::model::Link;
use crate::browser::page;
use crate::session::origin::origin;
use crate::texts::{fill, plural};
use crate::ui::translation::translatable;
use crate::ui::use_texts::use_texts;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct QuestionProps {
    pub link: Link,
    /// Called with the answer: true to connect.
    pub answer: Callback<bool>,
}

/// A dialog with the host, the URL and the messages. The button that declines has the initial focus.
#[component]
pub fn Question(props: &QuestionProps) -> Html {
    let texts = &use_texts().links;
    let dialog = use_node_ref();
    use_effect_with(dialog.clone(), |dialog| {
        if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
            // Fails only for a dialog that is already open.
            let _ = dialog.show_modal();
        }
    });
    let url = props.link.url.clone().unwrap_or_default();
    let why = if props.link.is_own_host(&origin()) { texts.question_why_service } else { texts.question_why };
    let message = |text: &String| {
        html! { <li dir="auto" translate="no">if text.is_empty() { <em>{ texts.empty }</em> } else { { text } }</li> }
    };
    let send = &props.link.send;

    translatable(html! {
        <dialog
            id="question"
            ref={dialog}
            role="alertdialog"
            aria-labelledby="question-host"
            aria-describedby="question-why"
            onclose={props.answer.reform(|_| false)}
        >
            <h2 id="question-host">{ fill(texts.question, &[("host", &page::host(url.trim()))]) }</h2>
            <p id="question-why">{ why }</p>
            <p><code>{ url }</code></p>
            if send.is_empty() {
                <p>{ texts.question_silent }</p>
            } else {
                <p id="question-sends">{ plural(texts.question_sends, send.len()) }</p>
                <ol tabindex="0" aria-labelledby="question-sends">{ for send.iter().map(message) }</ol>
            }
            <p class="line">
                <button id="not-now" type="button" autofocus=true onclick={props.answer.reform(|_| false)}>{ texts.not_now }</button>
                <button id="connect-anyway" type="button" onclick={props.answer.reform(|_| true)}>{ texts.connect }</button>
            </p>
        </dialog>
    })
}
