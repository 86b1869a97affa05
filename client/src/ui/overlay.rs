//! Panels over the page: the browser's own popovers. The browser closes them by Escape and by a click beside them, moves the
//! focus back, and keeps one of them open at a time; [`use_back`] closes them by the browser's Back.

use yew::prelude::*;

use super::icons::{CLOSE, Icon, icon};
use crate::browser::use_back;
use crate::texts::Texts;

/// Shows a button, and the popover `id` that it opens and closes. The id of the button is that of the popover with `show-` in
/// front.
///
/// Without an icon the button shows its text; with one, style sheets choose between them.
pub fn tool(
    id: &'static str,
    outline: Option<Icon>,
    text: &'static str,
    title: &'static str,
    texts: &Texts,
    body: Html,
) -> Html {
    html! {
        <>
            <button
                id={format!("show-{id}")}
                type="button"
                class={if outline.is_some() { "tool with-icon" } else { "tool" }}
                popovertarget={id}
                title={outline.is_some().then_some(text)}
            >
                { for outline.map(icon) }
                <span class="word">{ text }</span>
            </button>
            { popover(id, title, texts, body) }
        </>
    }
}

/// Shows the popover `id` with its title and a button that closes it.
pub fn popover(id: &'static str, title: &'static str, texts: &Texts, body: Html) -> Html {
    let name = format!("{id}-title");
    html! {
        <div {id} class="popover" popover="auto" role="dialog" aria-labelledby={name.clone()}>
            <div class="head">
                <h2 id={name}>{ title }</h2>
                <button
                    type="button"
                    class="tool close"
                    popovertarget={id}
                    popovertargetaction="hide"
                    aria-label={texts.page.close}
                >
                    { icon(CLOSE) }
                </button>
            </div>
            { body }
        </div>
    }
}

/// Listens to the browser's Back; it renders nothing.
#[component]
pub fn Back() -> Html {
    use_back::use_back();
    Html::default()
}
