//! Texts about to be inserted into a text field, before the browser removes their carriage returns.

use std::rc::Rc;

use gloo_events::EventListener;
use wasm_bindgen::JsCast as _;
use web_sys::{ClipboardEvent, Element, Event, InputEvent};
use yew::prelude::*;

/// Events to observe. `beforeinput` also reports dropped text, but not with carriage returns in every browser; `paste` has them.
const EVENTS: [&str; 2] = ["paste", "beforeinput"];

/// Calls `notify` with each text. Later values of `notify` are ignored.
#[hook]
pub fn use_inserted(element: NodeRef, notify: Callback<String>) {
    use_effect_with(element, move |element| {
        let notify = move |event: &Event| text(event).into_iter().for_each(|text| notify.emit(text));
        let notify = Rc::new(notify);
        let listeners = element.cast::<Element>().map(|element| {
            EVENTS.map(|kind| {
                let notify = notify.clone();
                EventListener::new(&element, kind, move |event| notify(event))
            })
        });
        move || drop(listeners)
    });
}

fn text(event: &Event) -> Option<String> {
    match event.dyn_ref::<ClipboardEvent>() {
        Some(paste) => paste.clipboard_data()?.get_data("text/plain").ok(),
        None => event.dyn_ref::<InputEvent>()?.data(),
    }
}
