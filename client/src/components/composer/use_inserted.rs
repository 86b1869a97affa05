//! Texts that the browser is about to insert into a text field, as they are before it takes their carriage returns.

use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{ClipboardEvent, Element, Event, InputEvent};
use yew::prelude::*;

/// `beforeinput` has what is dropped as well. Not in every browser has it carriage returns, which `paste` has.
const EVENTS: [&str; 2] = ["paste", "beforeinput"];

/// Tells of each text. The first `told` stays the one.
#[hook]
pub fn use_inserted(element: NodeRef, told: Callback<String>) {
    use_effect_with(element, move |element| {
        let listener = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            text(&event).into_iter().for_each(|text| told.emit(text));
        });
        let element = element.cast::<Element>();
        if let Some(element) = &element {
            for event in EVENTS {
                // Fails only for what is no function.
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
