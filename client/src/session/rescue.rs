//! Actions that remain possible after a trap, which is a panic or a failed allocation. The page renders nothing more then, but
//! shell.js can still call the exported functions.

use std::cell::OnceCell;

use wasm_bindgen::prelude::wasm_bindgen;
use yew::Callback;

use crate::browser::download::Download;
use crate::log::model::jsonl::Writer;
use crate::log::model::log::VersionedLog;

/// Number of bytes that are written at once, so that little more memory is needed than the log has already.
const STRETCH: usize = 256 * 1024;

struct Held {
    log: VersionedLog,
    disconnect: Callback<()>,
}

thread_local! {
    static HELD: OnceCell<Held> = const { OnceCell::new() };
}

/// Keeps the log of the page's session, and the action that closes its connection.
pub fn hold(log: VersionedLog, disconnect: Callback<()>) {
    // Fails only for a second session, and the page has one.
    HELD.with(|held| {
        let _ = held.set(Held { log, disconnect });
    });
}

/// Closes the connection: nothing reads what arrives.
#[wasm_bindgen(js_name = disconnectAfterTrap)]
pub fn disconnect_after_trap() {
    HELD.with(|held| held.get().into_iter().for_each(|held| held.disconnect.emit(())));
}

/// Saves the log to a file. Returns false if the trap was during a change of the log, or the browser cannot create the file.
#[wasm_bindgen(js_name = saveLogAfterTrap)]
pub fn save_log_after_trap() -> bool {
    HELD.with(|held| held.get().and_then(|held| save(&held.log))).unwrap_or_default()
}

fn save(log: &VersionedLog) -> Option<bool> {
    let log = log.try_borrow()?;
    let download = Download::default();
    for stretch in Writer::new(log.from(0).cloned(), STRETCH) {
        download.push(stretch.as_bytes());
    }
    Some(download.save("ws-echo-log.jsonl", "application/jsonl"))
}
