//! What the browser says of the page itself.

use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Element, HtmlElement, Performance, Url};

use crate::state::endpoint::{Origin, base_of};
use crate::state::language::Language;

/// The origin of the page that runs this code; nothing known if there is no page.
pub fn origin() -> Origin {
    let Some(location) = web_sys::window().map(|window| window.location()) else {
        return Origin::default();
    };
    Origin {
        secure: location.protocol().is_ok_and(|protocol| protocol == "https:"),
        host: location.host().unwrap_or_default(),
        base: location.pathname().map(|path| base_of(&path).to_owned()).unwrap_or_default(),
    }
}

/// The query of the page's address, with its question mark; empty if there is none.
pub fn query() -> String {
    web_sys::window().and_then(|window| window.location().search().ok()).unwrap_or_default()
}

/// The page's address, without query and fragment.
pub fn address() -> String {
    let parts = || {
        let location = web_sys::window()?.location();
        Some(location.origin().ok()? + &location.pathname().ok()?)
    };
    parts().unwrap_or_default()
}

/// Gives the page another query, and its history no other entry.
pub fn replace_query(query: &str) {
    let history = web_sys::window().and_then(|window| window.history().ok());
    let address = format!("{}{query}", address());
    // Fails only for an address of another origin, or where a browser finds that the page does it too often.
    let _ = history.map(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(&address)));
}

/// The host of a URL, and its port, as the browser reads it: in small letters, other scripts in their ASCII form. Empty if it
/// cannot be read.
pub fn host(url: &str) -> String {
    Url::new(url).map(|url| url.host()).unwrap_or_default()
}

/// Gives the focus to an element.
pub fn focus(id: &str) {
    let element = web_sys::window().and_then(|window| window.document()?.get_element_by_id(id));
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // Fails for no element that there is.
        let _ = element.focus();
    }
}

/// Whether the focus is in an element.
pub fn has_focus(element: &Element) -> bool {
    let focused = web_sys::window().and_then(|window| window.document()?.active_element());
    focused.is_some_and(|focused| element.contains(Some(&focused)))
}

/// Milliseconds since the page began to load, on a clock that is never set.
pub fn now() -> f64 {
    performance().map_or(0.0, |performance| performance.now())
}

/// Milliseconds since 1970, with fractions: the time at which the page began to load, and [`now`].
pub fn time() -> f64 {
    performance().map_or(0.0, |performance| performance.time_origin() + performance.now())
}

/// The step in which [`now`] goes on, in microseconds, as far as 10 ms of looking show: browsers coarsen their clocks, and tell
/// nobody by how much.
pub fn clock_step_us() -> f64 {
    const PATIENCE_MS: f64 = 10.0;
    const LOOKS: u32 = 100_000;
    let start = now();
    let (mut step, mut before, mut steps) = (PATIENCE_MS, start, 0);
    for _ in 0..LOOKS {
        let next = now();
        if next > before {
            step = step.min(next - before);
            (before, steps) = (next, steps + 1);
        }
        if steps == 5 || next > start + PATIENCE_MS {
            break;
        }
    }
    step * 1_000.0
}

/// By how many minutes local time is behind UTC now.
pub fn timezone_offset_minutes() -> f64 {
    js_sys::Date::new_0().get_timezone_offset()
}

/// The language that the browser prefers.
pub fn language() -> Language {
    let tags = web_sys::window().map(|window| window.navigator().languages()).unwrap_or_default();
    let tags: Vec<String> = tags.iter().filter_map(|tag| tag.as_string()).collect();
    Language::preferred(tags.iter().map(String::as_str))
}

/// Sets an attribute of the root element, or takes it away.
pub fn set_root_attribute(name: &str, value: Option<&str>) {
    let root = web_sys::window().and_then(|window| window.document()?.document_element());
    // Fails only for a name that is none.
    let _ = root.map(|root| match value {
        Some(value) => root.set_attribute(name, value),
        None => root.remove_attribute(name),
    });
}

fn performance() -> Option<Performance> {
    web_sys::window()?.performance()
}

/// The root element's font size in CSS pixels: one rem.
pub fn root_font_px() -> f64 {
    const USUAL: f64 = 16.0;
    let size = || {
        let window = web_sys::window()?;
        let style = window.get_computed_style(&window.document()?.document_element()?).ok()??;
        Some(js_sys::parse_float(&style.get_property_value("font-size").ok()?))
    };
    size().filter(|size| size.is_finite()).unwrap_or(USUAL)
}
