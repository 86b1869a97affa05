//! Where a message is written and sent.

use js_sys::{JsString, Reflect};
use wasm_bindgen::JsCast as _;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use crate::state::direction::Direction;
use crate::state::message::Body;
use crate::use_texts::use_texts;

/// How much of a text is looked at for its direction, in UTF-16 units.
const BEGINNING: u32 = 256;

/// What the composer does.
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct ComposerProps {
    /// Takes the message to send.
    pub send: Callback<Body, bool>,
}

/// The textarea and the button.
///
/// The text lives in the textarea alone: it may be megabytes long, and no key stroke should copy it.
#[component]
pub fn Composer(props: &ComposerProps) -> Html {
    let texts = &use_texts().composer;
    let textarea = use_node_ref();
    let send = {
        let textarea = textarea.clone();
        let send = props.send.clone();
        Callback::from(move |()| {
            if let Some(textarea) = textarea.cast::<HtmlTextAreaElement>() {
                send.emit(Body::text(textarea.value()));
            }
        })
    };
    let onkeydown = {
        let send = send.clone();
        move |event: KeyboardEvent| {
            if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) && !event.is_composing() {
                event.prevent_default();
                send.emit(());
            }
        }
    };
    let onclick = send.reform(|_| ());

    // `dir="auto"` would do the same, but then Chromium's time to lay out a text grows with the square of its length: 28 s
    // for 1 MiB.
    let direction = use_state_eq(Direction::default);
    let oninput = {
        let direction = direction.clone();
        move |event: InputEvent| direction.set(Direction::of(&beginning(&event.target_unchecked_into())))
    };

    html! {
        <section class="composer" aria-label={texts.region}>
            <label for="message">{ texts.message }</label>
            <textarea
                id="message"
                ref={textarea}
                rows="5"
                dir={direction.dir()}
                autocomplete="off"
                spellcheck="false"
                aria-describedby="keys"
                {onkeydown}
                {oninput}
            />
            <div class="line">
                <button id="send" type="button" {onclick}>{ texts.send }</button>
                <p id="keys"><kbd>{ "Ctrl" }</kbd>{ " " }{ texts.or }{ " " }<kbd>{ "⌘" }</kbd>{ " + " }<kbd>{ "Enter" }</kbd>{ " " }{ texts.sends_too }</p>
            </div>
        </section>
    }
}

/// The first characters, without a copy of the rest.
fn beginning(textarea: &HtmlTextAreaElement) -> String {
    let value =
        Reflect::get(textarea, &"value".into()).ok().and_then(|value| value.dyn_into::<JsString>().ok());
    value.map(|value| value.slice(0, BEGINNING).into()).unwrap_or_default()
}
