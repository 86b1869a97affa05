//! What a textarea says of itself.

use js_sys::{JsString, Reflect};
use wasm_bindgen::JsCast as _;
use web_sys::HtmlTextAreaElement;

use crate::state::caret;

/// How much is looked at around the caret, in UTF-16 units; a line that is longer is wrapped on every screen.
const AROUND: u32 = 4_096;

/// The text, not copied.
pub fn value(element: &HtmlTextAreaElement) -> Option<JsString> {
    Reflect::get(element, &"value".into()).ok()?.dyn_into().ok()
}

/// True if there is a line end that is not selected.
pub fn has_lines_beside_selection(element: &HtmlTextAreaElement) -> bool {
    let look = || {
        let value = value(element)?;
        let (start, end) = (element.selection_start().ok()??, element.selection_end().ok()??);
        let has_lines = |text: JsString| text.includes("\n", 0);
        Some(has_lines(value.slice(0, start)) || has_lines(value.slice(end, value.length())))
    };
    look().unwrap_or(false)
}

/// Whether the caret has nowhere to go: above, or below.
pub fn is_at_edge(element: &HtmlTextAreaElement, is_up: bool) -> bool {
    let look = || {
        let value = value(element)?;
        let (start, end) = (element.selection_start().ok()??, element.selection_end().ok()??);
        if start != end {
            return None;
        }
        let text = |from: u32, to: u32| String::from(value.slice(from, to));
        let (ems, length) = (width_in_ems(element)?, value.length());
        Some(if is_up {
            start <= AROUND && caret::is_on_first_line(&text(0, start), ems)
        } else {
            let before = text(start.saturating_sub(AROUND), start);
            length.saturating_sub(start) <= AROUND
                && caret::is_on_last_line(&before, &text(start, length), ems)
        })
    };
    look().unwrap_or(false)
}

/// How many ems a line has at least.
fn width_in_ems(element: &HtmlTextAreaElement) -> Option<f64> {
    const PADDING: f64 = 2.0;
    let style = web_sys::window()?.get_computed_style(element).ok()??;
    let font = js_sys::parse_float(&style.get_property_value("font-size").ok()?);
    Some(f64::from(element.client_width()) / font - PADDING)
}
