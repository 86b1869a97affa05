//! A window on lines that begins at the first one.

use yew::prelude::*;

use crate::components::log::use_window::{WindowHandle, use_window_of};
use crate::page;
use crate::state::window::Window;

/// The window of a view on so many lines, whose height is in units of the root element's font size.
#[hook]
pub fn use_lines(view: NodeRef, lines: usize, line_rem: f64) -> WindowHandle {
    use_window_of(view, || Window::from_start(line_rem * page::root_font_px()), lines, 0)
}
