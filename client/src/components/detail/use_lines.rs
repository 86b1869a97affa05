//! Lines of one height, of which only those in sight are made, from the first one on.

use yew::prelude::*;

use crate::components::log::use_window::{WindowHandle, use_window_of};
use crate::page;
use crate::state::format::fixed;
use crate::state::window::Window;

/// The window of a view on so many lines, whose height is in units of the root element's font size.
#[hook]
pub fn use_lines(view: NodeRef, lines: usize, line_rem: f64) -> WindowHandle {
    use_window_of(view, || Window::from_start(line_rem * page::root_font_px()), lines, 0)
}

/// The view, which scrolls, with what comes before its lines, and the lines that its window has in sight.
pub fn lines(
    (id, label): (&'static str, &'static str),
    view: NodeRef,
    window: WindowHandle,
    before: Html,
    lines: Vec<Html>,
) -> Html {
    // To a thousandth: layout engines go no further.
    let px = |length: f64| fixed(length, 3);
    html! {
        <div {id} class="lines" translate="no" ref={view} tabindex="0" role="region" aria-label={label} dir="ltr" onscroll={window.onscroll}>
            { before }
            <div ~style={format!("height: {}px", px(window.height_px))}>
                <div ~style={format!("transform: translateY({}px)", px(window.offset_px))}>{ for lines }</div>
            </div>
        </div>
    }
}
