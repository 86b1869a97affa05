//! A scrolling view that renders only the visible rows, and follows its end while the user stays there.

use std::ops::Range;

use web_sys::Element;
use yew::prelude::*;

use crate::browser::page;
use crate::browser::use_live::use_live;
use crate::browser::use_resized::use_resized;
use crate::common::window::Window;

/// Height of a row, in units of the root element's font size. The same as `--row` in the style sheet.
const ROW_REM: f64 = 1.75;

/// Rendered part of the list, and its actions.
#[derive(Debug, Clone, PartialEq)]
pub struct WindowHandle {
    pub range: Range<usize>,
    /// Height of the box that holds all rows, in CSS pixels.
    pub height_px: f64,
    /// Position in the box of the first rendered row, in CSS pixels.
    pub offset_px: f64,
    /// Number of rows that Page Up and Page Down move.
    pub page: usize,
    /// True if the newest row is kept visible.
    pub at_end: bool,
    /// Handler of the view's scroll events.
    pub onscroll: Callback<Event>,
    /// Moves to the end and follows it.
    pub to_end: Callback<()>,
    /// Scrolls until a row is visible.
    pub reveal: Callback<usize>,
}

/// Creates the window of a view with `rows` rows, of which the first `gone` were removed since the last render. The row `centred` is
/// moved to the middle.
#[hook]
pub fn use_window(view: NodeRef, rows: usize, gone: usize, centred: Option<usize>) -> WindowHandle {
    use_window_of(view, || Window::new(ROW_REM * page::root_font_px()), rows, gone, centred)
}

/// Creates the window of a view, with `first` as its initial state.
#[hook]
pub fn use_window_of<F>(
    view: NodeRef,
    first: F,
    rows: usize,
    gone: usize,
    centred: Option<usize>,
) -> WindowHandle
where
    F: FnOnce() -> Window,
{
    let window = use_live(first);
    window.update(|window| {
        window.set_rows(rows, gone);
        centred.iter().for_each(|row| window.centre(*row));
    });

    // The box has its new height only after a render. The position is set only if it differs from the last known one, so that
    // scrolling by the user in the meantime is kept.
    let known = use_live(|| 0.0);
    use_effect({
        let (window, view, known) = (window.clone(), view.clone(), known.clone());
        move || {
            let scroll_top = window.borrow().scroll_top();
            if let Some(view) = view.cast::<Element>().filter(|_| *known.borrow() != scroll_top) {
                // The cast is lossless: a box is at most 8 million pixels high.
                view.set_scroll_top(scroll_top.round() as i32);
                known.update(|known| *known = scroll_top);
            }
        }
    });

    use_resized(
        view,
        window.callback(|window, view: Element| window.set_view(f64::from(view.client_height()))),
    );

    let onscroll = {
        let window = window.clone();
        Callback::from(move |event: Event| {
            let view: Element = event.target_unchecked_into();
            // The contents below the rows have no rows to render.
            let scroll_top = f64::from(view.scroll_top()).min(window.borrow().scroll_most());
            known.update(|known| *known = scroll_top);
            let before = window.borrow().clone();
            let is_off = window.update(|window| window.scrolled(scroll_top));
            let now = window.borrow();
            // No render is needed while the same rows stay in place; most moves are shorter than a row.
            let stays = now.range() == before.range() && now.offset() == before.offset();
            if !stays || is_off || now.at_end() != before.at_end() {
                window.render();
            }
        })
    };
    let to_end = window.callback(|window, ()| window.to_end());
    let reveal = window.callback(Window::reveal);

    let window = window.borrow();
    WindowHandle {
        range: window.range(),
        height_px: window.height(),
        offset_px: window.offset(),
        page: window.page(),
        at_end: window.at_end(),
        onscroll,
        to_end,
        reveal,
    }
}
