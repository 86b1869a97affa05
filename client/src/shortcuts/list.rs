//! The keyboard shortcuts of the page, and their list.

use gloo_events::{EventListener, EventListenerOptions};
use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast as _;
use web_sys::{Document, Element, Event, HtmlDialogElement, HtmlElement, HtmlInputElement};
use yew::prelude::*;

use super::model::{LINES, Line, Press, Shortcut, takes_text};
use crate::ui::icons::{KEYBOARD, icon};
use crate::ui::translation::translatable;
use crate::ui::use_texts::use_texts;

/// A button and its dialog with the list of keys; also handles the shortcuts.
///
/// The dialog is the browser's own: it keeps the focus inside, closes with Escape, and returns the focus to the previous element.
#[component]
pub fn Shortcuts() -> Html {
    let page_texts = use_texts();
    let texts = &page_texts.shortcuts;
    let dialog = use_node_ref();
    use_effect_with((), {
        let dialog = dialog.clone();
        move |()| {
            let listener = listen(dialog);
            move || drop(listener)
        }
    });
    let onclick = {
        let dialog = dialog.clone();
        move |_| show(&dialog)
    };
    let line = |line: &Line| {
        html! { <tr><th scope="row">{ (line.meaning)(texts) }</th><td>{ for line.keys.iter().map(together) }</td></tr> }
    };
    translatable(html! {
        <>
            <button
                id="show-shortcuts"
                type="button"
                class="tool with-icon"
                aria-haspopup="dialog"
                title={texts.keys}
                {onclick}
            >
                { icon(KEYBOARD) }<span class="word">{ texts.keys }</span>
            </button>
            <dialog id="shortcuts" ref={dialog} aria-labelledby="shortcuts-title">
                <form method="dialog">
                    <h2 id="shortcuts-title">{ texts.title }</h2>
                    <table><tbody>{ for LINES.iter().map(line) }</tbody></table>
                    <p class="note">{ texts.note }</p>
                    <button>{ page_texts.page.close }</button>
                </form>
            </dialog>
        </>
    })
}

/// Shows a combination of keys.
fn together(keys: &&[&str]) -> Html {
    let key = |(index, key): (usize, &&str)| {
        html! { <>if index > 0 { { " + " } }<kbd>{ *key }</kbd></> }
    };
    html! { <span>{ for keys.iter().enumerate().map(key) }</span> }
}

/// Listens to the shortcuts of the whole page, as long as the listener exists.
fn listen(dialog: NodeRef) -> Option<EventListener> {
    let document = web_sys::window()?.document()?;
    let onkeydown = {
        let document = document.clone();
        move |event: &Event| {
            match event.dyn_ref::<KeyboardEvent>().and_then(|event| meaning(event, &document)) {
                Some(Shortcut::Help) => show(&dialog),
                Some(Shortcut::Filter) => {
                    to_filter(&document);
                }
                None => return,
            }
            event.prevent_default();
        }
    };
    let options = EventListenerOptions::enable_prevent_default();
    Some(EventListener::new_with_options(&document, "keydown", options, onkeydown))
}

/// Moves the focus to the filter, in the tab of the messages.
fn to_filter(document: &Document) {
    let tab = document.get_element_by_id("tab-messages").and_then(|it| it.dyn_into::<HtmlElement>().ok());
    tab.iter().for_each(HtmlElement::click);
    let document = document.clone();
    // The filter can take the focus only once its tab is shown.
    let focus = Timeout::new(0, move || {
        let filter = document.get_element_by_id("filter");
        if let Some(filter) = filter.and_then(|it| it.dyn_into::<HtmlInputElement>().ok()) {
            // Fails only without a document.
            let _ = filter.focus();
            filter.select();
        }
    });
    focus.forget();
}

fn meaning(event: &KeyboardEvent, document: &Document) -> Option<Shortcut> {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let is_written = |element: &Element| {
        takes_text(&element.tag_name(), &element.get_attribute("type").unwrap_or_default())
            || element.dyn_ref::<HtmlElement>().is_some_and(HtmlElement::is_content_editable)
    };
    let press = Press {
        key: &event.key(),
        modified: event.ctrl_key() || event.alt_key() || event.meta_key(),
        typing: event.is_composing() || target.as_ref().is_some_and(is_written),
        repeated: event.repeat(),
        in_dialog: document.query_selector("dialog[open]").is_ok_and(|dialog| dialog.is_some()),
    };
    press.meaning().filter(|_| !event.default_prevented())
}

fn show(dialog: &NodeRef) {
    // Fails only if the dialog is already open.
    let _ = dialog.cast::<HtmlDialogElement>().map(|dialog| dialog.show_modal());
}
