//! Limits of a browser, and the same connection by programs without them.

use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::spawn_local;
use web_sys::Element;
use yew::prelude::*;

use super::model::command_lines::command_lines;
use super::model::endpoint;
use super::model::options::Options;
use crate::browser::clipboard;
use crate::session::origin::origin;
use crate::texts::Texts;
use crate::ui::controls::handling;

/// Shows the note, and the command lines for the URL in the field. `copied` is the result of copying one.
pub fn elsewhere(
    url: &str,
    options: &Options,
    copied: &UseStateHandle<Option<bool>>,
    all_texts: &Texts,
) -> Html {
    let texts = &all_texts.detail;
    let onclick = handling(&copied.setter(), |copied, event: MouseEvent| {
        let button =
            event.target().and_then(|target| target.dyn_into::<Element>().ok()?.closest("button").ok()?);
        let line = button.and_then(|button| button.get_attribute("data-line"));
        if let Some(line) = line {
            let copied = copied.clone();
            spawn_local(async move { copied.set(Some(clipboard::copy(&line).await)) });
        }
    });
    let mut lines = Vec::new();
    if let (Ok(url), Ok(protocols)) = (endpoint::parse(url, &origin()), options.subprotocols()) {
        for line in command_lines(&url, &protocols) {
            let name = format!("{} {}", texts.copy, line.split(' ').next().unwrap_or_default());
            lines.push(html! {
                <div class="line">
                    <code>{ &line }</code>
                    <button type="button" class="quiet" data-line={line} aria-label={name}>{ texts.copy }</button>
                </div>
            });
        }
    }
    let said = copied.map(|copied| if copied { texts.copied } else { texts.not_copied });
    html! {
        <div id="elsewhere" {onclick}>
            <p class="note">{ all_texts.connection.elsewhere }</p>
            { lines }
            <p class="note" role="status">{ said }</p>
        </div>
    }
}
