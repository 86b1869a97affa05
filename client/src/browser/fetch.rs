//! Documents of the server.

use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

use crate::texts::language::Language;

/// Loads the texts in a language, unless they are loaded. Returns false if the server has none of this build.
pub async fn texts(language: Language) -> bool {
    language.is_loaded()
        || text(&format!("texts/{}.txt", language.tag())).await.is_some_and(|packed| language.load(packed))
}

/// Returns the text at a URL, or `None` if the server does not answer or refuses.
pub async fn text(url: &str) -> Option<String> {
    let window = web_sys::window()?;
    let response: Response = JsFuture::from(window.fetch_with_str(url)).await.ok()?.dyn_into().ok()?;
    let text = response.text().ok().filter(|_| response.ok())?;
    JsFuture::from(text).await.ok()?.as_string()
}
