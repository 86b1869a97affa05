//! The title of the page in its tab.

use gloo_events::EventListener;
use yew::prelude::*;

use super::page;
use super::use_effect::use_effect_with;
use super::use_live::use_live;
use crate::common::format::grouped;

/// Puts `state` into the title, if there is one, and in front of it the number of messages that came while the page was not seen. `received` is the number
/// of all messages that came.
#[hook]
pub fn use_title(state: Option<AttrValue>, received: usize) {
    // The number of messages when the page was last seen. After the list was cleared, counting begins anew.
    let seen = use_live(|| 0);
    let new = seen.update(|seen| {
        *seen = if page::is_hidden() { received.min(*seen) } else { received };
        received - *seen
    });
    let state = state.map(|state| format!("{state} · ")).unwrap_or_default();
    let new = if new > 0 { format!("({}) ", grouped(new)) } else { String::new() };
    let title = format!("{new}{state}ws-echo");
    use_effect_with(title, |title| page::set_title(title));
    use_effect_with((), move |()| {
        let listener = page::document()
            .map(|document| EventListener::new(&document, "visibilitychange", move |_| seen.render()));
        move || drop(listener)
    });
}
