//! Why the browser does not do something.

use wasm_bindgen::{JsCast as _, JsValue};

/// What the browser says of its own error, in its language; nothing if it threw something else than an error.
pub fn reason(error: &JsValue) -> String {
    error.dyn_ref::<js_sys::Error>().map(|error| error.message().into()).unwrap_or_default()
}
