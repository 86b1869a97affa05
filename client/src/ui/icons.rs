//! Icons, drawn in the colour of the text around them.

use yew::prelude::*;

/// Outline of an icon in a box of 16 by 16 units.
pub type Icon = &'static str;

pub const CHEVRON: Icon = "m4 6 4 4 4-4";
pub const CHEVRON_UP: Icon = "m4 10 4-4 4 4";
pub const CLOSE: Icon = "m4 4 8 8m0-8-8 8";
pub const CLEAR: Icon = "M2.5 4.5h11m-7 0v-2h3v2m-5 0 .6 9h5.8l.6-9";
pub const DETAILS: Icon = "M1.8 8a6.2 6.2 0 1 0 12.4 0A6.2 6.2 0 1 0 1.8 8M8 7.5V11m0-6v.01";
pub const EXPORT: Icon = "M8 2v8m-3-3 3 3 3-3m-8.5 6.5h11";
pub const KEYBOARD: Icon = "M1.5 4h13v8.5h-13zm3 2.8v.01m2.3-.01v.01m2.4-.01v.01m2.3-.01v.01M5 9.7h6";
pub const MORE: Icon = "M3 8v.01M8 8v.01M13 8v.01";
pub const OPTIONS: Icon = "M2 4.5h5.5m3.9 0H14m-12 7h2.6m3.9 0H14M7.5 4.5a2 2 0 1 0 3.9 0 2 2 0 1 0-3.9 0m-2.9 7a2 2 0 1 0 \
                           3.9 0 2 2 0 1 0-3.9 0";
pub const PAUSE: Icon = "M5.5 3.5v9m5-9v9";
pub const RESUME: Icon = "m5 3.2 7.5 4.8L5 12.8z";
pub const SETTINGS: Icon = "M6.6 1.8h2.8v1.5l.9.4 1.1-1.1 2 2-1.1 1.1.4.9h1.5v2.8h-1.5l-.4.9 1.1 1.1-2 2-1.1-1.1-.9.4v1.5H6.6v-1.5l-.9-\
                            .4-1.1 1.1-2-2 1.1-1.1-.4-.9H1.8V6.6h1.5l.4-.9-1.1-1.1 2-2 1.1 1.1.9-.4zM6.2 8a1.8 1.8 0 1 0 3.6 0 1.8 \
                            1.8 0 1 0-3.6 0";

/// Shows an icon. Its button has the name, so screen readers skip it.
pub fn icon(outline: Icon) -> Html {
    html! { <svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d={outline} /></svg> }
}
