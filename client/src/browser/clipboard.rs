//! Texts into the clipboard.

use js_sys::Reflect;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlDocument, HtmlElement, HtmlTextAreaElement};

/// Copies a text. False if the browser does not allow it.
///
/// A page that came over plain HTTP from another machine has no `navigator.clipboard`: there, and where it refuses, the text
/// goes through a field and the older command.
pub async fn copy(text: &str) -> bool {
    match written(text) {
        Some(written) => written.await.is_ok() || copy_by_command(text).is_some(),
        None => copy_by_command(text).is_some(),
    }
}

fn written(text: &str) -> Option<JsFuture> {
    let navigator = web_sys::window()?.navigator();
    let clipboard = Reflect::get(&navigator, &"clipboard".into()).ok()?;
    (!clipboard.is_undefined()).then(|| JsFuture::from(navigator.clipboard().write_text(text)))
}

fn copy_by_command(text: &str) -> Option<()> {
    let document: HtmlDocument = web_sys::window()?.document()?.dyn_into().ok()?;
    let focused = document.active_element();
    let field: HtmlTextAreaElement = document.create_element("textarea").ok()?.dyn_into().ok()?;
    field.set_value(text);
    // Out of sight, but selectable: what is not displayed cannot be copied. The page's policy has no style attributes.
    Reflect::set(&field, &"style".into(), &"position: fixed; inset-block-start: -100vh".into()).ok()?;
    document.body()?.append_child(&field).ok()?;
    field.select();
    let copied = document.exec_command("copy").unwrap_or(false);
    field.remove();
    if let Some(focused) = focused.and_then(|focused| focused.dyn_into::<HtmlElement>().ok()) {
        // Fails only for what cannot have the focus, and this had it.
        let _ = focused.focus();
    }
    copied.then_some(())
}
