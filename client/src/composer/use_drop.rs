//! Drag and drop of files.

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast as _;
use web_sys::{DragEvent, Element, Event, HtmlInputElement, Node};
use yew::prelude::*;

use super::use_transfer::{Chosen, TransferHandle};

/// Handlers for an element that accepts dropped files.
pub struct Drop {
    /// True while a file is dragged over the element.
    pub is_over: bool,
    /// Handler of `dragover`.
    pub over: Callback<DragEvent>,
    /// Handler of `dragleave`.
    pub leave: Callback<DragEvent>,
    /// Handler of `drop`.
    pub drop: Callback<DragEvent>,
}

/// Accepts dropped files, and leaves everything else to the browser.
#[hook]
pub fn use_drop(transfer: TransferHandle) -> Drop {
    let is_over = use_state_eq(|| false);
    use_effect_with((), |()| {
        let listeners = guard();
        move || drop(listeners)
    });
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
            // Moving between two elements inside the composer does not leave it.
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

/// True if files are dragged, except over a file input, which handles them itself.
fn has_files(event: &DragEvent) -> bool {
    let is_field = event.target().is_some_and(|target| target.has_type::<HtmlInputElement>());
    !is_field && event.data_transfer().is_some_and(|data| data.types().includes(&"Files".into(), 0))
}

/// Prevents a file that is dropped beside the composer from replacing the page, as long as the listeners exist.
fn guard() -> Option<[EventListener; 2]> {
    let window = web_sys::window()?;
    let prevent = |event: &Event| {
        if event.dyn_ref::<DragEvent>().is_some_and(has_files) {
            event.prevent_default();
        }
    };
    let options = EventListenerOptions::enable_prevent_default();
    Some(["dragover", "drop"].map(|kind| EventListener::new_with_options(&window, kind, options, prevent)))
}
