//! Mounts the page.

use ws_echo_client::App;
use yew::Renderer;

fn main() {
    // A panic says in the console where it happened. shell.js tells the user, as it does for every other trap.
    console_error_panic_hook::set_once();
    let place = web_sys::window().and_then(|window| window.document()?.get_element_by_id("app"));
    if let Some(place) = place {
        Renderer::<App>::with_root(place).render();
    }
}
