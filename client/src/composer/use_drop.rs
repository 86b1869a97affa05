//! Drag and drop of files.

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast as _;
use web_sys::{DragEvent, Element, Event, HtmlInputElement, Node};
use yew::prelude::*;

use super::file::{Chosen, TransferHandle};

/// An element that accepts dropped files.
#[derive(Clone)]
pub struct DropTarget {
    /// True while a file is dragged over the element.
    pub is_over: UseStateHandle<bool>,
    transfer: TransferHandle,
}

/// Accepts dropped files, and leaves everything else to the browser.
#[hook]
pub fn use_drop(transfer: &TransferHandle) -> DropTarget {
    use_effect_with((), |()| {
        let listeners = guard();
        move || drop(listeners)
    });
    DropTarget { is_over: use_state_eq(|| false), transfer: transfer.clone() }
}

impl DropTarget {
    pub fn over(&self, event: &DragEvent) {
        if has_files(event) {
            event.prevent_default();
            self.is_over.set(true);
        }
    }

    pub fn leave(&self, event: &DragEvent) {
        let here: Option<Element> = event.current_target().and_then(|target| target.dyn_into().ok());
        let next: Option<Node> = event.related_target().and_then(|target| target.dyn_into().ok());
        // Moving between two elements inside the composer does not leave it.
        if !here.is_some_and(|here| next.is_some() && here.contains(next.as_ref())) {
            self.is_over.set(false);
        }
    }

    pub fn dropped(&self, event: &DragEvent) {
        self.is_over.set(false);
        if !has_files(event) {
            return;
        }
        event.prevent_default();
        let Some(files) = event.data_transfer().and_then(|data| data.files()) else { return };
        let has_others = files.length() > 1;
        files.get(0).into_iter().for_each(|file| self.transfer.choose(Chosen { file, has_others }));
    }
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
