//! The snippets, by name.

use yew::prelude::*;

use crate::state::snippets::{Snippet, Snippets};
use crate::state::texts::fill;
use crate::use_texts::use_texts;

/// What the list shows and does.
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct SnippetListProps {
    /// The snippets.
    pub snippets: Snippets,
    /// Writes one into the field.
    pub load: Callback<Snippet>,
    /// Forgets one.
    pub delete: Callback<Snippet>,
}

/// A line for each: its name, which writes it into the field, and a button that deletes it.
#[component]
pub fn SnippetList(props: &SnippetListProps) -> Html {
    let texts = &use_texts().composer;
    let item = |snippet: &Snippet| {
        let name = [("name", snippet.name.as_str())];
        let emit = |to: &Callback<Snippet>| {
            let (to, snippet) = (to.clone(), snippet.clone());
            move |_: MouseEvent| to.emit(snippet.clone())
        };
        html! {
            <li key={snippet.name.clone()}>
                <button type="button" class="quiet load" title={fill(texts.load, &name)} onclick={emit(&props.load)}>
                    <bdi>{ snippet.name.clone() }</bdi>
                </button>
                <button
                    type="button"
                    class="quiet delete"
                    aria-label={fill(texts.delete_which, &name)}
                    onclick={emit(&props.delete)}
                >
                    { texts.delete }
                </button>
            </li>
        }
    };
    if props.snippets.is_empty() {
        return html! { <p class="note">{ texts.no_snippets }</p> };
    }
    html! { <ul id="snippet-list">{ for props.snippets.iter().map(item) }</ul> }
}
