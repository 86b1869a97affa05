//! Mounts the page, or runs the worker of its WebSocket.

use wasm_bindgen_futures::spawn_local;
use ws_echo_client::browser::{fetch, page};
use ws_echo_client::common::format::set_clock_step_us;
use ws_echo_client::{App, session::worker};
use yew::Renderer;

fn main() {
    // A panic says in the console where it happened. shell.js tells the user, as it does for every other trap.
    console_error_panic_hook::set_once();
    let Some(window) = web_sys::window() else { return worker::run() };
    let place = window.document().and_then(|document| document.get_element_by_id("app"));
    let Some(place) = place else { return };
    set_clock_step_us(page::clock_step_us());
    spawn_local(async {
        // shell.js tells that a file could not be loaded.
        if !fetch::texts(page::root_language()).await {
            wasm_bindgen::throw_str("the file with the page's texts is missing, or of another version");
        }
        Renderer::<App>::with_root(place).render();
    });
}
