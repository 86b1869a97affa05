//! The list of snippets, sorted by name.

use yew::prelude::*;

use super::model::snippets::Snippet;
use super::use_snippets::SnippetsHandle;
use crate::texts::{ComposerTexts, fill};

/// Shows one line per snippet: its name, which loads it into the field, and a button that deletes it.
pub fn snippet_list(handle: &SnippetsHandle, texts: &ComposerTexts) -> Html {
    let item = |snippet: &Snippet| {
        let name = [("name", snippet.name.as_str())];
        let acting = |act: fn(&SnippetsHandle, &Snippet)| {
            let (handle, snippet) = (handle.clone(), snippet.clone());
            move |_: MouseEvent| act(&handle, &snippet)
        };
        html! {
            <li key={snippet.name.clone()}>
                <button
                    type="button"
                    translate="no"
                    class="quiet load"
                    title={fill(texts.load, &name)}
                    onclick={acting(SnippetsHandle::load)}
                >
                    <bdi>{ snippet.name.clone() }</bdi>
                </button>
                <button
                    type="button"
                    class="quiet delete"
                    aria-label={fill(texts.delete_which, &name)}
                    onclick={acting(SnippetsHandle::delete)}
                >
                    { texts.delete }
                </button>
            </li>
        }
    };
    let snippets = &handle.kept.borrow().snippets;
    if snippets.is_empty() {
        return html! { <p class="note">{ texts.no_snippets }</p> };
    }
    html! { <ul id="snippet-list">{ for snippets.iter().map(item) }</ul> }
}
