//! The browser's Back closes what is open over the page, as users of phones expect.
//!
//! An open popover or dialog has an entry in the history. `CloseWatcher` would do without one, but only on Android and not in
//! Firefox. Browsers skip entries that were added without an action of the user, so nothing that opens by itself has one.

use std::cell::Cell;
use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast as _;
use web_sys::{Document, Event, HtmlDialogElement, HtmlElement, Window};
use yew::prelude::*;

use crate::browser::use_effect::use_effect_with;

use super::page;

/// Elements that Back closes.
const OPEN: [&str; 2] = [":popover-open", "dialog[open]:not(#question)"];

/// Events after which another element may be open. Browsers do not report the opening of a dialog by `toggle` before 2025.
const CHANGES: [&str; 3] = ["toggle", "close", "focusin"];

/// State of the page's entry in the history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Entry {
    /// The page's own entry is the current one.
    Own,
    /// The current entry is that of an open element.
    Over,
    /// The page has gone back, and the browser has not yet told that it arrived.
    Leaving,
}

/// Closes open popovers and dialogs when the user goes back, for the page's lifetime.
#[hook]
pub fn use_back() {
    use_effect_with((), |()| {
        let window = web_sys::window();
        if let Some((window, document)) = window.and_then(|window| Some((window.clone(), window.document()?)))
        {
            listen(&window, &document);
        }
    });
}

fn listen(window: &Window, document: &Document) {
    // After a reload, nothing is open at an entry that was made for something open.
    page::clear_entry();
    let entry = Rc::new(Cell::new(Entry::Own));
    for event in CHANGES {
        let (entry, within) = (entry.clone(), document.clone());
        // Not all of these events bubble, so they are taken on their way down.
        let options = EventListenerOptions::run_in_capture_phase();
        EventListener::new_with_options(document, event, options, move |_| settle(&entry, &within)).forget();
    }
    let document = document.clone();
    let arrived = move |_: &Event| {
        let was = entry.replace(Entry::Own);
        page::keep_query();
        if was == Entry::Over {
            open(&document).iter().for_each(close);
        }
        settle(&entry, &document);
    };
    EventListener::new(window, "popstate", arrived).forget();
}

/// Adds an entry to the history if something has opened, and leaves it if all is closed.
fn settle(entry: &Cell<Entry>, document: &Document) {
    match (entry.get(), open(document).is_empty()) {
        (Entry::Own, false) if page::enter() => entry.set(Entry::Over),
        (Entry::Over, true) => {
            entry.set(Entry::Leaving);
            page::leave();
        }
        _ => {}
    }
}

/// Returns the open elements. A browser without popovers refuses the selector, and has none.
fn open(document: &Document) -> Vec<HtmlElement> {
    let found = OPEN.iter().filter_map(|css| document.query_selector(css).ok().flatten());
    found.filter_map(|element| element.dyn_into().ok()).collect()
}

fn close(element: &HtmlElement) {
    match element.dyn_ref::<HtmlDialogElement>() {
        Some(dialog) => dialog.close(),
        // Fails only for a popover that has just closed.
        None => drop(element.hide_popover()),
    }
}
