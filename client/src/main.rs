//! Mounts the page.

use ws_echo_client::App;
use yew::Renderer;

fn main() {
    let place = web_sys::window().and_then(|window| window.document()?.get_element_by_id("app"));
    if let Some(place) = place {
        Renderer::<App>::with_root(place).render();
    }
}
