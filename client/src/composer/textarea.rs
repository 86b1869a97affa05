//! Access to the text and the caret of a textarea.

use js_sys::{JsString, Reflect};
use wasm_bindgen::JsCast as _;
use web_sys::HtmlTextAreaElement;

use super::model::caret;

/// Number of UTF-16 units around the caret that are examined. A longer line is wrapped on every screen.
const AROUND: u32 = 4_096;

/// Returns the text without copying it.
pub fn value(element: &HtmlTextAreaElement) -> Option<JsString> {
    Reflect::get(element, &"value".into()).ok()?.dyn_into().ok()
}

/// True if the text has a line end outside the selection.
pub fn has_lines_beside_selection(element: &HtmlTextAreaElement) -> bool {
    let look = || {
        let value = value(element)?;
        let (start, end) = (element.selection_start().ok()??, element.selection_end().ok()??);
        let has_lines = |text: JsString| text.includes("\n", 0);
        Some(has_lines(value.slice(0, start)) || has_lines(value.slice(end, value.length())))
    };
    look().unwrap_or(false)
}

/// True if the caret cannot move further up, or down.
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

/// Returns the minimum width of a line in ems.
fn width_in_ems(element: &HtmlTextAreaElement) -> Option<f64> {
    const PADDING: f64 = 2.0;
    let style = web_sys::window()?.get_computed_style(element).ok()??;
    let font = js_sys::parse_float(&style.get_property_value("font-size").ok()?);
    Some(f64::from(element.client_width()) / font - PADDING)
}
