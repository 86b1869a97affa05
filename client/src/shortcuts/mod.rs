//! The keyboard shortcuts of the whole page, and the list of all keys.

use gloo_events::{EventListener, EventListenerOptions};
use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast as _;
use web_sys::{Document, Element, Event, HtmlDialogElement, HtmlElement, HtmlInputElement};
use yew::prelude::*;

use crate::browser::page;
use crate::browser::use_effect::use_effect_with;
use crate::ui::controls::acting;
use crate::ui::icons::{KEYBOARD, icon};
use crate::ui::translation::translatable;
use crate::ui::use_texts::use_texts;

/// Elements that take a pressed key as text. A `select` jumps to the option that begins with the key.
const FIELDS: &str = ":read-write, [readonly], select";

/// Alternatives, each of which is a combination of keys.
type Keys = &'static [&'static [&'static str]];

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
    let lines: [(Keys, &str); 14] = [
        (&[&["Enter"]], texts.connect),
        (&[&["Ctrl", "Enter"], &["⌘", "Enter"]], texts.send),
        (&[&["↑"], &["↓"]], texts.recall),
        (&[&["/"]], texts.filter),
        (&[&["Enter"], &["↓"]], texts.next_hit),
        (&[&["↑"], &["↓"]], texts.move_by),
        (&[&["Home"], &["End"]], texts.ends),
        (&[&["Enter"], &["␣"]], texts.open),
        (&[&["c"], &["e"], &["r"], &["p"]], texts.act),
        (&[&["Ctrl", "Z"], &["⌘", "Z"]], texts.undo),
        (&[&["Ctrl", "F"], &["⌘", "F"]], texts.find),
        (&[&["c"], &["p"]], texts.json),
        (&[&["Esc"]], texts.close),
        (&[&["?"]], texts.help),
    ];
    let line = |(keys, meaning): (Keys, &'static str)| {
        html! { <tr><th scope="row">{ meaning }</th><td>{ for keys.iter().map(together) }</td></tr> }
    };
    translatable(html! {
        <>
            <button
                id="show-shortcuts"
                type="button"
                class="tool with-icon"
                aria-haspopup="dialog"
                title={texts.keys}
                onclick={acting(&dialog, show)}
            >
                { icon(KEYBOARD) }<span class="word">{ texts.keys }</span>
            </button>
            <dialog id="shortcuts" ref={dialog} aria-labelledby="shortcuts-title">
                <form method="dialog">
                    <h2 id="shortcuts-title">{ texts.title }</h2>
                    <table><tbody>{ for lines.into_iter().map(line) }</tbody></table>
                    <p class="note">{ texts.note }</p>
                    <button>{ page_texts.page.close }</button>
                </form>
            </dialog>
        </>
    })
}

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
            let Some(press) =
                event.dyn_ref::<KeyboardEvent>().filter(|press| !belongs_elsewhere(press, &document))
            else {
                return;
            };
            // The name of the key is the character that it writes. This includes Shift, which both need on some keyboards.
            match press.key().as_str() {
                "z" if has_command(press) => page::click("undo-clear"),
                _ if has_command(press) => return,
                "?" => show(&dialog),
                "/" => to_filter(&document),
                _ => return,
            }
            event.prevent_default();
        }
    };
    let options = EventListenerOptions::enable_prevent_default();
    Some(EventListener::new_with_options(&document, "keydown", options, onkeydown))
}

fn has_command(press: &KeyboardEvent) -> bool {
    press.ctrl_key() || press.meta_key()
}

/// True if a key is pressed for the browser, the system, a field, or an open dialog, which makes the rest of the page inert, and
/// for the repetitions of a key that is held down.
fn belongs_elsewhere(press: &KeyboardEvent, document: &Document) -> bool {
    let target = press.target().and_then(|target| target.dyn_into::<Element>().ok());
    press.default_prevented()
        || press.alt_key()
        || press.is_composing()
        || press.repeat()
        || target.is_some_and(|target| target.matches(FIELDS).unwrap_or_default())
        || document.query_selector("dialog[open]").is_ok_and(|dialog| dialog.is_some())
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

fn show(dialog: &NodeRef) {
    // Fails only if the dialog is already open.
    let _ = dialog.cast::<HtmlDialogElement>().map(|dialog| dialog.show_modal());
}
