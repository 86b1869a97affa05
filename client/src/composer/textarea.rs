//! Access to the text, the caret and the height of a textarea.

use gloo_events::EventListener;
use js_sys::{JsString, Reflect};
use wasm_bindgen::JsCast as _;
use web_sys::{ClipboardEvent, Element, Event, HtmlElement, HtmlTextAreaElement, InputEvent};
use yew::prelude::*;

use super::model::caret;
use crate::browser::storage;
use crate::browser::use_effect::use_effect_with;
use crate::browser::use_resized::use_resized;
use crate::common::length::Length;

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

/// Events to observe. `beforeinput` also reports dropped text, but not with carriage returns in every browser; `paste` has them.
const EVENTS: [&str; 2] = ["paste", "beforeinput"];

/// Calls `notify` with each text that is about to be inserted, before the browser removes its carriage returns. Later values of
/// `notify` are ignored.
#[hook]
pub fn use_inserted(element: NodeRef, notify: Callback<String>) {
    use_effect_with(element, move |element| {
        let listeners = element.cast::<Element>().map(|element| {
            EVENTS.map(|kind| {
                let notify = notify.clone();
                EventListener::new(&element, kind, move |event| {
                    inserted(event).into_iter().for_each(|text| notify.emit(text));
                })
            })
        });
        move || drop(listeners)
    });
}

fn inserted(event: &Event) -> Option<String> {
    match event.dyn_ref::<ClipboardEvent>() {
        Some(paste) => paste.clipboard_data()?.get_data("text/plain").ok(),
        None => event.dyn_ref::<InputEvent>()?.data(),
    }
}

const STORED: &str = "message-height";

/// Range of the height in CSS pixels. The page scrolls where a window is too low for it.
const HEIGHT: Length = Length { least: 48, most: 1_200 };

/// Gives the textarea its stored height, and stores each height that the user gives it.
#[hook]
pub fn use_height(textarea: NodeRef) {
    use_effect_with(textarea.clone(), |textarea| {
        let stored = HEIGHT.parse(&storage::read(STORED));
        if let Some((element, px)) = textarea.cast::<HtmlElement>().zip(stored) {
            // Fails for no value of this form.
            let _ = element.style().set_property("height", &format!("{px}px"));
        }
    });
    use_resized(
        textarea,
        Callback::from(|element: Element| {
            // Browsers set the property when the user drags the corner, and leave it empty otherwise.
            let height =
                element.dyn_ref::<HtmlElement>().map(|element| element.style().get_property_value("height"));
            if let Some(px) =
                height.and_then(Result::ok).and_then(|height| HEIGHT.parse(height.strip_suffix("px")?))
            {
                // The height holds until the page is left, even if the browser does not store it.
                storage::write(STORED, &px.to_string());
            }
        }),
    );
}
