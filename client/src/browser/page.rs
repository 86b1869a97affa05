//! Properties of the page, and access to its document.

use std::cell::RefCell;

use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Document, Element, History, HtmlElement, HtmlInputElement, HtmlLinkElement, Performance, Url};

use crate::texts::language::Language;

/// Returns the query of the page's address with its question mark; empty if there is none.
pub fn query() -> String {
    web_sys::window().and_then(|window| window.location().search().ok()).unwrap_or_default()
}

/// Returns the page's address without query and fragment.
pub fn address() -> String {
    let location = web_sys::window().map(|window| window.location());
    let address = location.and_then(|at| Some(at.origin().ok()? + &at.pathname().ok()?));
    address.unwrap_or_default()
}

thread_local! {
    /// Query that [`replace_query`] set last.
    static QUERY: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Replaces the query of the page's address, without a new entry in the history.
pub fn replace_query(query: &str) {
    QUERY.replace(Some(query.to_owned()));
    let address = format!("{}{query}", address());
    // Fails only for an address of another origin, or if the browser limits the rate of these calls.
    let _ = history().map(|history| {
        let state = history.state().unwrap_or_default();
        history.replace_state_with_url(&state, "", Some(&address))
    });
}

/// Replaces the query again where the history has an older one, after the page went to another of its entries.
pub fn keep_query() {
    if let Some(query) = QUERY.with_borrow(Clone::clone).filter(|kept| *kept != query()) {
        replace_query(&query);
    }
}

/// Adds an entry with the page's address to the history. Returns false if the browser refuses, because it limits the rate.
pub fn enter() -> bool {
    history().is_some_and(|history| history.push_state(&JsValue::TRUE, "").is_ok())
}

/// Removes the mark that [`enter`] made from the current entry.
pub fn clear_entry() {
    // Fails only if the browser limits the rate.
    let _ = history().map(|history| history.replace_state(&JsValue::NULL, ""));
}

/// Goes to the entry before the current one. The browser tells later that it arrived, by the event `popstate`.
pub fn leave() {
    // Fails only for a document that is not shown.
    let _ = history().map(|history| history.back());
}

fn history() -> Option<History> {
    web_sys::window()?.history().ok()
}

/// Returns the host and port of a URL as the browser reads them: in lower case, with other scripts in their ASCII form. Empty if
/// the URL is invalid.
pub fn host(url: &str) -> String {
    Url::new(url).map(|url| url.host()).unwrap_or_default()
}

/// Moves the focus to the element with this id.
pub fn focus(id: &str) {
    // Fails for none of the page's elements.
    let _ = element(id).map(|element| element.focus());
}

/// Clicks the element with this id, if there is one.
pub fn click(id: &str) {
    element(id).iter().for_each(HtmlElement::click);
}

/// True if the user has selected some text of the page.
pub fn has_selection() -> bool {
    let selection = web_sys::window().and_then(|window| window.get_selection().ok()?);
    selection.is_some_and(|selection| !selection.is_collapsed())
}

/// Empties the input with this id.
pub fn empty_field(id: &str) {
    let input = element(id).and_then(|element| element.dyn_into::<HtmlInputElement>().ok());
    input.iter().for_each(|input| input.set_value(""));
}

/// Closes the popover with this id.
pub fn hide(id: &str) {
    // Fails only for an element that is no popover.
    let _ = element(id).map(|element| element.hide_popover());
}

fn element(id: &str) -> Option<HtmlElement> {
    document()?.get_element_by_id(id)?.dyn_into().ok()
}

/// True while the page is in a tab that is not shown.
pub fn is_hidden() -> bool {
    document().is_some_and(|document| document.hidden())
}

/// Sets the title of the page's tab.
pub fn set_title(title: &str) {
    document().iter().for_each(|document| document.set_title(title));
}

/// Sets the icon of the page's tab.
pub fn set_icon(url: &str) {
    let link = document().and_then(|document| document.query_selector("link[rel~=icon]").ok()?);
    // Fails only for an invalid name.
    link.iter().for_each(|link| drop(link.set_attribute("href", url)));
}

pub fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// True if no element has the focus, as after the removal of the one that had it.
pub fn is_focus_lost() -> bool {
    document()
        .is_none_or(|document| document.active_element().is_none_or(|focused| focused.tag_name() == "BODY"))
}

/// True if the focus is inside the element.
pub fn has_focus(element: &Element) -> bool {
    let focused = document().and_then(|document| document.active_element());
    focused.is_some_and(|focused| element.contains(Some(&focused)))
}

/// Returns the milliseconds since the page began to load, on a monotonic clock.
pub fn now() -> f64 {
    PERFORMANCE.with(Performance::now)
}

/// Returns the milliseconds since 1970, with fractions: the time at which the page began to load plus [`now`].
pub fn time() -> f64 {
    PERFORMANCE.with(|performance| performance.time_origin() + performance.now())
}

/// Measures the resolution of [`now`] in microseconds, for at most 10 ms. Browsers reduce the resolution of their clocks, and do
/// not report by how much.
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

/// Returns the present offset of local time, in minutes behind UTC.
pub fn timezone_offset_minutes() -> f64 {
    js_sys::Date::new_0().get_timezone_offset()
}

/// Returns the language that the browser prefers.
pub fn language() -> Language {
    let tags = web_sys::window().map(|window| window.navigator().languages()).unwrap_or_default();
    let tags: Vec<String> = tags.iter().filter_map(|tag| tag.as_string()).collect();
    Language::preferred(tags.iter().map(String::as_str))
}

/// Returns the language of the root element, which shell.js sets.
pub fn root_language() -> Language {
    let root = document().and_then(|document| document.document_element());
    root.and_then(|root| Language::from_tag(&root.get_attribute("lang")?)).unwrap_or_default()
}

/// Sets or removes an attribute of the root element.
pub fn set_root_attribute(name: &str, value: Option<&str>) {
    let root = document().and_then(|document| document.document_element());
    // Fails only for an invalid name.
    let _ = root.map(|root| match value {
        Some(value) => root.set_attribute(name, value),
        None => root.remove_attribute(name),
    });
}

/// True if the platform has a command key (⌘) in the place of Ctrl.
pub fn has_command_key() -> bool {
    let platform = web_sys::window().and_then(|window| window.navigator().platform().ok());
    platform.is_some_and(|platform| platform.starts_with("Mac") || platform.starts_with("iP"))
}

#[wasm_bindgen]
extern "C" {
    /// The clock of the page, or of the worker that this runs in.
    #[wasm_bindgen(thread_local_v2, js_name = performance)]
    static PERFORMANCE: Performance;
}

/// Returns the URL of the script that starts the page's WebAssembly module.
pub fn script() -> String {
    const LINK: &str = "link[rel=modulepreload][href*=ws-echo-client]";
    let link = document().and_then(|document| document.query_selector(LINK).ok()?);
    link.and_then(|link| link.dyn_into::<HtmlLinkElement>().ok()).map(|link| link.href()).unwrap_or_default()
}

/// Returns the root element's font size in CSS pixels: one rem.
pub fn root_font_px() -> f64 {
    const USUAL: f64 = 16.0;
    let size = || {
        let window = web_sys::window()?;
        let style = window.get_computed_style(&window.document()?.document_element()?).ok()??;
        Some(js_sys::parse_float(&style.get_property_value("font-size").ok()?))
    };
    size().filter(|size| size.is_finite()).unwrap_or(USUAL)
}
