//! The browser's `localStorage`, which all pages of the origin share, and `sessionStorage`, which is that of a tab. Both may be missing or full.

use std::cell::Cell;
use std::ops::Deref;

use gloo_events::EventListener;
use wasm_bindgen::JsCast as _;
use web_sys::{Event, Storage, StorageEvent};
use yew::prelude::*;

use super::use_live::use_live;
use crate::browser::use_effect::use_effect_with;
use crate::common::stored::{self, Form};

const PREFIX: &str = "ws-echo.";

/// Names of what the user may not want to be stored: sent messages and URLs.
const PRIVATE: [&str; 2] = ["sent", "recent"];

thread_local! {
    /// False if private values, and those of the tab, are not stored.
    static REMEMBERS: Cell<bool> = const { Cell::new(true) };
}

/// Sets whether private values, and those of the tab, are stored. With false, those that are stored are removed.
pub fn remember(is_on: bool) {
    if !is_on {
        for name in PRIVATE {
            // Fails only for a forbidden storage.
            let _ = shared().map(|storage| storage.remove_item(&key(name)));
        }
        // Of the page's own names.
        let _ = of_tab().map(|storage| storage.clear());
    }
    if REMEMBERS.replace(is_on) != is_on {
        tell_here();
    }
}

fn key(name: &str) -> String {
    format!("{PREFIX}{name}")
}

fn is_withheld(name: &str) -> bool {
    !REMEMBERS.get() && PRIVATE.contains(&name)
}

/// A value that is stored under a name. Another page may change it at any time.
pub struct Stored<T> {
    name: &'static str,
    value: T,
    is_stored: bool,
    /// True if the value was not stored because it is private.
    was_withheld: bool,
}

impl<T: Clone + Form + PartialEq> Stored<T> {
    /// Loads the stored value, which is the default if nothing is stored.
    pub fn new(name: &'static str) -> Self {
        Self { name, value: stored::read(&read(name)), is_stored: true, was_withheld: false }
    }

    /// Loads a change made by another page. A value that the browser did not store exists only here, and is kept.
    pub fn follow(&mut self) {
        if self.is_followed() {
            *self = Self::new(self.name);
        }
    }

    /// False if the value exists only here. A private one ends with the time in which it was not stored.
    fn is_followed(&self) -> bool {
        self.is_stored || self.was_withheld && !is_withheld(self.name)
    }

    /// Applies a change to the stored value, and stores the result.
    pub fn change<R>(&mut self, change: impl FnOnce(&mut T) -> R) -> R {
        let stored = read(self.name);
        let before: T = stored::read(&stored);
        if self.is_followed() {
            // A suspended page may have missed the events of other pages' changes.
            self.value = before.clone();
        }
        let result = change(&mut self.value);
        if self.value != before {
            self.is_stored = write(self.name, &stored::write(&stored, &before, &self.value));
            self.was_withheld = is_withheld(self.name);
        }
        result
    }

    /// Borrows the value for a change of parts that are not stored, such as a cursor.
    pub fn unstored(&mut self) -> &mut T {
        &mut self.value
    }

    /// True if the browser stores the value as it is here.
    pub fn is_stored(&self) -> bool {
        self.is_stored
    }
}

impl<T> Deref for Stored<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

pub type Change<T> = Box<dyn FnOnce(&mut T)>;

/// A value that is the same in all pages, and its change.
pub struct StoredHandle<T> {
    pub value: T,
    pub is_stored: bool,
    pub change: Callback<Change<T>>,
}

/// Loads the value stored under a name, and follows the changes that other pages make.
#[hook]
pub fn use_stored<T: Clone + Form + PartialEq + 'static>(name: &'static str) -> StoredHandle<T> {
    let stored = use_live(|| Stored::<T>::new(name));
    use_stored_elsewhere(name, stored.callback(|stored, ()| stored.follow()));
    let change = use_memo((), |()| stored.callback(|stored, change: Change<T>| stored.change(change)));
    let change = (*change).clone();
    let stored = stored.borrow();
    StoredHandle { value: stored.value.clone(), is_stored: stored.is_stored, change }
}

/// Calls `notify` when another page stores a value under this name. Later values of `notify` are ignored.
#[hook]
pub fn use_stored_elsewhere(name: &'static str, notify: Callback<()>) {
    use_effect_with((), move |()| {
        let onstorage = move |event: &Event| {
            let key = event.dyn_ref::<StorageEvent>().and_then(StorageEvent::key);
            // An event without a key: the whole storage was cleared.
            if key.is_none_or(|key| key.strip_prefix(PREFIX) == Some(name)) {
                notify.emit(());
            }
        };
        let listener = web_sys::window().map(|window| EventListener::new(&window, "storage", onstorage));
        move || drop(listener)
    });
}

/// Makes all values of this page follow what is stored, as if another page had changed it.
pub fn tell_here() {
    // An event without a key. Fails for no event of this form.
    let _ = web_sys::window().and_then(|window| window.dispatch_event(&Event::new("storage").ok()?).ok());
}

/// Returns the text stored under a name, which is empty if there is none, or the browser stores nothing for this page.
pub fn read(name: &str) -> String {
    get(shared(), name)
}

/// Stores a text under a name. Returns false if the browser does not store it: the storage is full or forbidden.
pub fn write(name: &str, text: &str) -> bool {
    !is_withheld(name) && set(shared(), name, text)
}

/// Returns the text stored under a name for this tab alone; empty if there is none.
pub fn read_in_tab(name: &str) -> String {
    get(of_tab(), name)
}

/// Stores a text under a name for this tab alone, over reloads. Returns false if the browser does not store it.
pub fn write_in_tab(name: &str, text: &str) -> bool {
    REMEMBERS.get() && set(of_tab(), name, text)
}

/// Removes the text stored under a name for this tab alone.
pub fn remove_in_tab(name: &str) {
    // Fails only for a forbidden storage.
    let _ = of_tab().map(|storage| storage.remove_item(&key(name)));
}

fn get(storage: Option<Storage>, name: &str) -> String {
    let text = storage.and_then(|storage| storage.get_item(&key(name)).ok().flatten());
    text.unwrap_or_default()
}

fn set(storage: Option<Storage>, name: &str, text: &str) -> bool {
    storage.is_some_and(|storage| storage.set_item(&key(name), text).is_ok())
}

/// Returns the storage of all pages; `None` if the user forbids it.
fn shared() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

/// Returns the storage of this tab; `None` if the user forbids it.
fn of_tab() -> Option<Storage> {
    web_sys::window()?.session_storage().ok().flatten()
}
