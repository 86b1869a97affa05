//! Snippets: saving, loading, renaming, deleting, exporting and importing.

use yew::prelude::*;

use super::model::snippets::{Snippet, SnippetProblem};
use super::use_snippets::SnippetsHandle;
use crate::texts::{ComposerTexts, Texts, fill};
use crate::ui::controls::{acting, handling, pick, quiet};
use crate::ui::overlay::{opener, popover};

/// Shows the button, and the popover with the snippets and their tools.
pub fn snippet_panel(handle: &SnippetsHandle, all_texts: &Texts) -> Html {
    let texts = &all_texts.composer;
    let kept = handle.kept.borrow();
    let onsubmit = handling(handle, |handle, event: SubmitEvent| {
        event.prevent_default();
        handle.save();
    });
    let import = handling(handle, SnippetsHandle::import);
    let problem = kept.said.as_ref().and_then(|said| said.as_ref().err());
    let said = kept.said.as_ref().map(|said| match said {
        Ok(done) => done.text(all_texts),
        Err(problem) => problem.text(all_texts),
    });

    let body = html! {
        <>
            <form class="line" {onsubmit}>
                <label for="snippet-name">{ texts.snippet_name }</label>
                <input
                    id="snippet-name"
                    ref={handle.name.clone()}
                    type="text"
                    autocomplete="off"
                    aria-invalid={problem.is_some_and(SnippetProblem::is_name).then_some("true")}
                    aria-describedby="snippet-status"
                />
                <button id="snippet-save" type="submit" class="quiet">{ texts.save }</button>
                if let Some(current) = &kept.current {
                    <button
                        id="snippet-rename"
                        type="button"
                        class="quiet"
                        aria-label={fill(texts.rename_which, &[("name", current)])}
                        onclick={acting(handle, SnippetsHandle::rename)}
                    >
                        { texts.rename }
                    </button>
                }
            </form>
            <div class="line">
                <p id="snippet-status" class="note" data-wrong={problem.map(|_| "")} role="status">
                    { said }
                </p>
                if kept.was_deleted() {
                    { quiet("snippet-undo", texts.undo, acting(handle, SnippetsHandle::undo)) }
                }
            </div>
            { snippet_list(handle, texts) }
            <div class="line">
                { quiet("snippet-export", texts.export, acting(handle, SnippetsHandle::export)) }
                { pick("snippet-import", ".json,application/json", texts.import, false, import) }
                { quiet("forget", texts.forget, acting(handle, SnippetsHandle::forget)) }
            </div>
        </>
    };

    html! {
        <>
            { opener("snippets", texts.snippets_button, None) }
            { popover("snippets", texts.snippets, all_texts, body) }
        </>
    }
}

/// Shows one line per snippet, sorted by name: its name, which loads it into the field, and a button that deletes it.
fn snippet_list(handle: &SnippetsHandle, texts: &ComposerTexts) -> Html {
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
    if snippets.all().is_empty() {
        return html! { <p class="note">{ texts.no_snippets }</p> };
    }
    html! { <ul id="snippet-list">{ for snippets.all().iter().map(item) }</ul> }
}
