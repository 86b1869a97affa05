//! The height of the textarea, which the user can drag and the browser stores.

use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use wasm_bindgen::JsCast as _;

use crate::browser::storage;
use crate::browser::use_resized::use_resized;
use crate::common::length::Length;

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
