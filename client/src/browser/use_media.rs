//! Result of a media query.

use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::Event;
use yew::prelude::*;

/// Returns true while the media query matches, and renders the component when that changes.
#[hook]
pub fn use_media(query: &'static str) -> bool {
    let matches = use_state_eq(|| matched(query));
    use_effect_with((), {
        let matches = matches.setter();
        move |()| {
            let changed = Closure::<dyn Fn(Event)>::new(move |_: Event| matches.set(matched(query)));
            let list = web_sys::window().and_then(|window| window.match_media(query).ok().flatten());
            if let Some(list) = &list {
                // Registration fails only if the listener is not a function.
                let _ = list.add_event_listener_with_callback("change", changed.as_ref().unchecked_ref());
            }
            move || {
                if let Some(list) = list {
                    let _ =
                        list.remove_event_listener_with_callback("change", changed.as_ref().unchecked_ref());
                }
                drop(changed);
            }
        }
    });
    *matches
}

fn matched(query: &str) -> bool {
    let list = web_sys::window().and_then(|window| window.match_media(query).ok().flatten());
    list.is_some_and(|list| list.matches())
}
