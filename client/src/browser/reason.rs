//! Error messages of the browser.

use wasm_bindgen::{JsCast as _, JsValue};

/// Returns the browser's message for an error, in the browser's language. Empty if it threw a value that is not an `Error`.
pub fn reason(error: &JsValue) -> String {
    error.dyn_ref::<js_sys::Error>().map(|error| error.message().into()).unwrap_or_default()
}
