//! Mounts the page, or runs the worker of its WebSocket.

use ws_echo_client::{App, session::worker};
use yew::Renderer;

fn main() {
    // A panic says in the console where it happened. shell.js tells the user, as it does for every other trap.
    console_error_panic_hook::set_once();
    let Some(window) = web_sys::window() else { return worker::run() };
    let place = window.document().and_then(|document| document.get_element_by_id("app"));
    if let Some(place) = place {
        Renderer::<App>::with_root(place).render();
    }
}
