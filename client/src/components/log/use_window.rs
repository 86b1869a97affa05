//! A scrolling view that makes only the rows in sight, and follows its end as long as its reader stays there.

use std::ops::Range;

use web_sys::Element;
use yew::prelude::*;

use crate::browser::use_resized::use_resized;
use crate::page;
use crate::state::window::Window;

/// The height of a row, in units of the root element's font size. The style sheet has it too, as `--row`.
const ROW_REM: f64 = 1.75;

/// What is in sight, and how to move.
#[derive(Debug, Clone, PartialEq)]
pub struct WindowHandle {
    /// The rows to make.
    pub range: Range<usize>,
    /// The height of the box that holds all rows, in CSS pixels.
    pub height_px: f64,
    /// Where in the box the first row of the range begins, in CSS pixels.
    pub offset_px: f64,
    /// How many rows a key turns that turns pages.
    pub page: usize,
    /// Whether the newest row is kept in sight.
    pub at_end: bool,
    /// Takes the view's scroll events.
    pub onscroll: Callback<Event>,
    /// Goes to the end, and stays there.
    pub to_end: Callback<()>,
    /// Brings a row into sight.
    pub reveal: Callback<usize>,
}

/// The window of a view on so many rows, of which so many were taken away at the beginning since the last time.
#[hook]
pub fn use_window(view: NodeRef, rows: usize, gone: usize) -> WindowHandle {
    use_window_of(view, || Window::new(ROW_REM * page::root_font_px()), rows, gone)
}

/// The same with a window that is made at first.
#[hook]
pub fn use_window_of<F>(view: NodeRef, first: F, rows: usize, gone: usize) -> WindowHandle
where
    F: FnOnce() -> Window,
{
    let window = use_mut_ref(first);
    let update = use_force_update();
    window.borrow_mut().set_rows(rows, gone);

    // After a render the box has its new height. What the reader has done since the last event is left as it is.
    let known = use_mut_ref(|| 0.0);
    use_effect({
        let (window, view, known) = (window.clone(), view.clone(), known.clone());
        move || {
            let scroll_top = window.borrow().scroll_top();
            if let Some(view) = view.cast::<Element>().filter(|_| *known.borrow() != scroll_top) {
                // A box is at most 8 million pixels high.
                view.set_scroll_top(scroll_top.round() as i32);
                *known.borrow_mut() = scroll_top;
            }
        }
    });

    use_resized(view, {
        let (window, update) = (window.clone(), update.clone());
        Callback::from(move |view: Element| {
            window.borrow_mut().set_view(f64::from(view.client_height()));
            update.force_update();
        })
    });

    let onscroll = {
        let (window, update) = (window.clone(), update.clone());
        Callback::from(move |event: Event| {
            let view: Element = event.target_unchecked_into();
            let scroll_top = f64::from(view.scroll_top());
            *known.borrow_mut() = scroll_top;
            let before = window.borrow().clone();
            let is_off = window.borrow_mut().scrolled(scroll_top);
            let now = window.borrow();
            // Rows that stay where they are need nothing; most moves are shorter than a row.
            let stays = now.range() == before.range() && now.offset() == before.offset();
            if !stays || is_off || now.at_end() != before.at_end() {
                update.force_update();
            }
        })
    };
    let to_end = {
        let (window, update) = (window.clone(), update.clone());
        Callback::from(move |()| {
            window.borrow_mut().to_end();
            update.force_update();
        })
    };
    let reveal = {
        let (window, update) = (window.clone(), update.clone());
        Callback::from(move |row| {
            window.borrow_mut().reveal(row);
            update.force_update();
        })
    };

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
