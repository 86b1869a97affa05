//! Snippets: saving, loading, renaming, deleting, exporting and importing.

use yew::prelude::*;

use super::model::feedback::Feedback;
use super::snippet_list::snippet_list;
use super::use_snippets::SnippetsHandle;
use crate::texts::{Texts, fill};
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
    let is_bad_name = matches!(kept.said, Some(Feedback::BadName(_)));
    let is_bad = is_bad_name
        || matches!(kept.said, Some(Feedback::BadFile(_) | Feedback::Unreadable(_) | Feedback::NotStored));

    let body = html! {
        <>
            <form class="line" {onsubmit}>
                <label for="snippet-name">{ texts.snippet_name }</label>
                <input
                    id="snippet-name"
                    ref={handle.name.clone()}
                    type="text"
                    autocomplete="off"
                    aria-invalid={is_bad_name.then_some("true")}
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
                <p id="snippet-status" class="note" data-wrong={is_bad.then_some("")} role="status">
                    { kept.said.as_ref().map(|said| said.text(all_texts)) }
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
