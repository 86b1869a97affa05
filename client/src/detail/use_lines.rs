//! A scrolling view that starts at the first line and renders only the visible ones. All lines have the same height.

use yew::prelude::*;

use crate::browser::page;
use crate::common::format::fixed;
use crate::common::window::Window;
use crate::ui::use_window::{WindowHandle, use_window_of};

/// Creates the window of a view. `line_rem` is the height of a line, in units of the root element's font size. The line `centred` is
/// moved to the middle.
#[hook]
pub fn use_lines(view: NodeRef, lines: usize, line_rem: f64, centred: Option<usize>) -> WindowHandle {
    use_window_of(view, || Window::from_start(line_rem * page::root_font_px()), lines, 0, centred)
}

/// Shows the scrolling view: the contents before the lines, and the rendered lines of its window.
pub fn lines(
    (id, label): (&'static str, &'static str),
    view: NodeRef,
    window: WindowHandle,
    before: Html,
    lines: Vec<Html>,
) -> Html {
    // Three decimals, the precision of layout engines.
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
