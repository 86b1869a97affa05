//! The title and the icon of the page in its tab.

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

/// Puts a dot of this colour, six hexadecimal digits, onto the icon; none for an empty one.
#[hook]
pub fn use_icon(colour: &'static str) {
    use_effect_with(colour, |colour| {
        let dot = match *colour {
            "" => String::new(),
            colour => format!(
                "%3Ccircle cx='23' cy='23' r='8' fill='%23{colour}' stroke='%23fff' stroke-width='2'/%3E"
            ),
        };
        // As client/icon.svg.
        page::set_icon(&format!(
            "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='7' \
             fill='%230b6e75'/%3E%3Cpath d='M7 11h17l-4-4M25 21H8l4 4' fill='none' stroke='%23fff' stroke-width='3' \
             stroke-linecap='round' stroke-linejoin='round'/%3E{dot}%3C/svg%3E"
        ));
    });
}
