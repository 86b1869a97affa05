//! What the browser keeps for the page, if it does: `localStorage`.

use web_sys::Storage;

const PREFIX: &str = "ws-echo.";

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
