//! Copies texts to the clipboard.

use js_sys::Reflect;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlDocument, HtmlElement, HtmlTextAreaElement};

/// Copies a text. Returns false if the browser does not allow it.
///
/// A page loaded by plain HTTP from another machine has no `navigator.clipboard`. There, and if the clipboard refuses, the text
/// is copied through a field and the older command.
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
    // The field is outside the view but selectable, because hidden text cannot be copied. Its style is set through the DOM, as
    // the page's policy forbids style attributes.
    Reflect::set(&field, &"style".into(), &"position: fixed; inset-block-start: -100vh".into()).ok()?;
    document.body()?.append_child(&field).ok()?;
    field.select();
    let copied = document.exec_command("copy").unwrap_or(false);
    field.remove();
    if let Some(focused) = focused.and_then(|focused| focused.dyn_into::<HtmlElement>().ok()) {
        // Fails only for an element that cannot take the focus, but this one had it.
        let _ = focused.focus();
    }
    copied.then_some(())
}
