//! Result of a media query.

use gloo_events::EventListener;
use web_sys::MediaQueryList;
use yew::prelude::*;

use crate::browser::use_effect::use_effect_with;

/// Returns true while the media query matches, and renders the component when that changes.
#[hook]
pub fn use_media(query: &'static str) -> bool {
    let matches = use_state_eq(|| matched(query));
    use_effect_with((), {
        let matches = matches.setter();
        move |()| {
            let listener = list(query)
                .map(|list| EventListener::new(&list, "change", move |_| matches.set(matched(query))));
            move || drop(listener)
        }
    });
    *matches
}

fn matched(query: &str) -> bool {
    list(query).is_some_and(|list| list.matches())
}

fn list(query: &str) -> Option<MediaQueryList> {
    web_sys::window()?.match_media(query).ok()?
}
