//! Texts about to be inserted into a text field, before the browser removes their carriage returns.

use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{ClipboardEvent, Element, Event, InputEvent};
use yew::prelude::*;

/// Events to observe. `beforeinput` also reports dropped text, but not with carriage returns in every browser; `paste` has them.
const EVENTS: [&str; 2] = ["paste", "beforeinput"];

/// Calls `told` with each text. Later values of `told` are ignored.
#[hook]
pub fn use_inserted(element: NodeRef, told: Callback<String>) {
    use_effect_with(element, move |element| {
        let listener = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            text(&event).into_iter().for_each(|text| told.emit(text));
        });
        let element = element.cast::<Element>();
        if let Some(element) = &element {
            for event in EVENTS {
                // Registration fails only if the listener is not a function.
                let _ = element.add_event_listener_with_callback(event, listener.as_ref().unchecked_ref());
            }
        }
        move || {
            if let Some(element) = &element {
                for event in EVENTS {
                    let listener = listener.as_ref().unchecked_ref();
                    let _ = element.remove_event_listener_with_callback(event, listener);
                }
            }
            drop(listener);
        }
    });
}

fn text(event: &Event) -> Option<String> {
    match event.dyn_ref::<ClipboardEvent>() {
        Some(paste) => paste.clipboard_data()?.get_data("text/plain").ok(),
        None => event.dyn_ref::<InputEvent>()?.data(),
    }
}
