//! Files that are dropped.

use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{DragEvent, Element, HtmlInputElement, Node};
use yew::prelude::*;

use super::use_transfer::{Chosen, TransferHandle};

/// Handlers for an element that takes files.
pub struct Drop {
    /// Whether a file hangs above.
    pub is_over: bool,
    /// For `dragover`.
    pub over: Callback<DragEvent>,
    /// For `dragleave`.
    pub leave: Callback<DragEvent>,
    /// For `drop`.
    pub drop: Callback<DragEvent>,
}

/// Takes files that are dropped, and leaves all else to the browser.
#[hook]
pub fn use_drop(transfer: TransferHandle) -> Drop {
    let is_over = use_state_eq(|| false);
    use_effect_with((), |()| guard());
    let over = {
        let is_over = is_over.clone();
        Callback::from(move |event: DragEvent| {
            if has_files(&event) {
                event.prevent_default();
                is_over.set(true);
            }
        })
    };
    let leave = {
        let is_over = is_over.clone();
        Callback::from(move |event: DragEvent| {
            let here: Option<Element> = event.current_target().and_then(|target| target.dyn_into().ok());
            let next: Option<Node> = event.related_target().and_then(|target| target.dyn_into().ok());
            // Between two elements of the composer it is still above.
            if !here.is_some_and(|here| next.is_some() && here.contains(next.as_ref())) {
                is_over.set(false);
            }
        })
    };
    let drop = {
        let is_over = is_over.clone();
        Callback::from(move |event: DragEvent| {
            is_over.set(false);
            if !has_files(&event) {
                return;
            }
            event.prevent_default();
            let Some(files) = event.data_transfer().and_then(|data| data.files()) else { return };
            let has_others = files.length() > 1;
            files.get(0).into_iter().for_each(|file| transfer.choose(Chosen { file, has_others }));
        })
    };
    Drop { is_over: *is_over, over, leave, drop }
}

/// Whether files hang above. A field for files takes them by itself.
fn has_files(event: &DragEvent) -> bool {
    let is_field = event.target().is_some_and(|target| target.has_type::<HtmlInputElement>());
    !is_field && event.data_transfer().is_some_and(|data| data.types().includes(&"Files".into(), 0))
}

/// Keeps files that miss the composer from being opened in place of the page, for as long as there is one.
fn guard() {
    let prevent = Closure::<dyn Fn(DragEvent)>::new(|event: DragEvent| {
        if has_files(&event) {
            event.prevent_default();
        }
    });
    let prevent = prevent.into_js_value();
    if let Some(window) = web_sys::window() {
        // Fail only for what is no function.
        let _ = window.add_event_listener_with_callback("dragover", prevent.unchecked_ref());
        let _ = window.add_event_listener_with_callback("drop", prevent.unchecked_ref());
    }
}
