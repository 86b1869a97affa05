//! What the browser keeps for the page, if it does: `localStorage`. All pages of the origin share it.

use std::ops::Deref;

use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{Storage, StorageEvent};
use yew::prelude::*;

const PREFIX: &str = "ws-echo.";

/// A value that is stored under a name, where another page may change it at any time.
pub struct Stored<T> {
    name: &'static str,
    parse: fn(&str) -> T,
    to_json: fn(&T) -> String,
    value: T,
    is_stored: bool,
}

impl<T> Stored<T> {
    /// The value, as it is stored now. `parse` makes the first one of an empty text.
    pub fn new(name: &'static str, parse: fn(&str) -> T, to_json: fn(&T) -> String) -> Self {
        Self { name, parse, to_json, value: parse(&read(name).unwrap_or_default()), is_stored: true }
    }

    /// Takes in what another page stored. A value that the browser did not keep is only here, and stays.
    pub fn follow(&mut self) {
        if self.is_stored {
            self.value = (self.parse)(&read(self.name).unwrap_or_default());
        }
    }

    /// Changes the value as it is stored now, and stores what came of it.
    pub fn change<R>(&mut self, change: impl FnOnce(&mut T) -> R) -> R
    where
        T: Clone + PartialEq,
    {
        // A page that slept was not told of what others stored.
        self.follow();
        let before = self.value.clone();
        let result = change(&mut self.value);
        if self.value != before {
            self.is_stored = write(self.name, &(self.to_json)(&self.value));
        }
        result
    }

    /// The value, for what is not stored of it, such as a cursor.
    pub fn unstored(&mut self) -> &mut T {
        &mut self.value
    }

    /// Whether the browser keeps the value as it is here.
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

/// Tells when another page stores something under a name. The first `told` stays the one.
#[hook]
pub fn use_stored_elsewhere(name: &'static str, told: Callback<()>) {
    use_effect_with((), move |()| {
        let onstorage = Closure::<dyn Fn(StorageEvent)>::new(move |event: StorageEvent| {
            // No key: all of it was cleared.
            if event.key().is_none_or(|key| key.strip_prefix(PREFIX) == Some(name)) {
                told.emit(());
            }
        });
        let window = web_sys::window();
        if let Some(window) = &window {
            // Fails only for what is no function.
            let _ = window.add_event_listener_with_callback("storage", onstorage.as_ref().unchecked_ref());
        }
        move || {
            if let Some(window) = window {
                let _ =
                    window.remove_event_listener_with_callback("storage", onstorage.as_ref().unchecked_ref());
            }
        }
    });
}

/// What is stored under a name; none if there is nothing, or the browser keeps nothing for this page.
pub fn read(name: &str) -> Option<String> {
    storage()?.get_item(&format!("{PREFIX}{name}")).ok().flatten()
}

/// Stores a text under a name. False if the browser does not keep it: it is full, or forbidden.
pub fn write(name: &str, text: &str) -> bool {
    storage().is_some_and(|storage| storage.set_item(&format!("{PREFIX}{name}"), text).is_ok())
}

/// None, or an error, where the reader forbids storage.
fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}
