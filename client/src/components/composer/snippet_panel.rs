//! Messages under names: saved, had back, renamed, deleted, exported and imported.

use web_sys::{HtmlElement, HtmlInputElement};
use yew::prelude::*;

use super::snippet_list::SnippetList;
use super::use_snippets::{Said, use_snippets};
use crate::state::history::Draft;
use crate::state::snippets::Snippet;
use crate::state::texts::{Texts, fill, plural};
use crate::use_texts::use_texts;

/// What the panel works on.
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct SnippetPanelProps {
    /// Gives the message in the field.
    pub take: Callback<(), Draft>,
    /// Writes a message into the field.
    pub load: Callback<Draft>,
    /// Forgets what was sent.
    pub forget: Callback<()>,
}

/// The disclosure with all of it.
#[component]
pub fn SnippetPanel(props: &SnippetPanelProps) -> Html {
    let all_texts = use_texts();
    let texts = &all_texts.composer;
    let handle = use_snippets();
    let name = use_node_ref();
    let undo_button = use_node_ref();
    // The name of the snippet that was loaded or saved last: the one that can be renamed.
    let current = use_state_eq(|| None::<String>);
    let said = (*handle.said).clone();
    let deleted = if let Some(Said::Deleted(snippet)) = &said { Some(snippet.clone()) } else { None };

    // The button that was pressed has gone with its snippet.
    use_effect_with(deleted.is_some(), {
        let undo_button = undo_button.clone();
        move |_| focus(&undo_button)
    });
    let typed = {
        let name = name.clone();
        Callback::from(move |()| {
            name.cast::<HtmlInputElement>().map(|field| field.value()).unwrap_or_default()
        })
    };
    let onsubmit = {
        let (handle, typed, take, current) =
            (handle.clone(), typed.clone(), props.take.clone(), current.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let name = typed.emit(());
            if handle.save(&name, take.emit(())) {
                current.set(Some(name.trim().to_owned()));
            }
        }
    };
    let load = {
        let (name, current, load) = (name.clone(), current.clone(), props.load.clone());
        Callback::from(move |snippet: Snippet| {
            name.cast::<HtmlInputElement>().iter().for_each(|field| field.set_value(&snippet.name));
            current.set(Some(snippet.name));
            load.emit(snippet.draft);
        })
    };
    let rename = {
        let (handle, typed, current) = (handle.clone(), typed.clone(), current.clone());
        move |_: MouseEvent| {
            let new = typed.emit(());
            if let Some(old) = &*current
                && handle.rename(old, &new)
            {
                current.set(Some(new.trim().to_owned()));
            }
        }
    };
    let delete = {
        let (handle, current) = (handle.clone(), current.clone());
        Callback::from(move |snippet: Snippet| {
            if current.as_ref() == Some(&snippet.name) {
                current.set(None);
            }
            handle.delete(snippet);
        })
    };
    let undo = {
        let (handle, name, deleted) = (handle.clone(), name.clone(), deleted.clone());
        move |_: MouseEvent| {
            if let Some(Snippet { name, draft }) = deleted.clone() {
                handle.save(&name, draft);
            }
            focus(&name);
        }
    };
    let pick = {
        let import = handle.import.clone();
        move |event: Event| {
            let input = event.target_unchecked_into::<HtmlInputElement>();
            let file = input.files().and_then(|files| files.get(0));
            file.into_iter().for_each(|file| import.emit(file));
            // So that the same file can be chosen again.
            input.set_value("");
        }
    };
    let export = {
        let handle = handle.clone();
        move |_: MouseEvent| handle.export()
    };
    let forget = {
        let (forget, said) = (props.forget.clone(), handle.said.clone());
        move |_: MouseEvent| {
            forget.emit(());
            said.set(Some(Said::Forgotten));
        }
    };
    let is_bad_name = matches!(said, Some(Said::BadName(_)));
    let is_bad =
        is_bad_name || matches!(said, Some(Said::BadFile(_) | Said::Unreadable(_) | Said::NotStored));

    html! {
        <details id="snippets">
            <summary>{ texts.snippets }</summary>
            <form class="line" {onsubmit}>
                <label for="snippet-name">{ texts.snippet_name }</label>
                <input
                    id="snippet-name"
                    ref={name}
                    type="text"
                    autocomplete="off"
                    aria-invalid={is_bad_name.then_some("true")}
                    aria-describedby="snippet-status"
                />
                <button id="snippet-save" type="submit" class="quiet">{ texts.save }</button>
                if let Some(current) = &*current {
                    <button
                        id="snippet-rename"
                        type="button"
                        class="quiet"
                        aria-label={fill(texts.rename_which, &[("name", current)])}
                        onclick={rename}
                    >
                        { texts.rename }
                    </button>
                }
            </form>
            <div class="line">
                <p id="snippet-status" class={classes!("note", is_bad.then_some("wrong"))} role="status">
                    { for said.as_ref().map(|said| text(said, all_texts)) }
                </p>
                if deleted.is_some() {
                    <button id="snippet-undo" ref={undo_button} type="button" class="quiet" onclick={undo}>
                        { texts.undo }
                    </button>
                }
            </div>
            <SnippetList snippets={(*handle.snippets).clone()} {load} {delete} />
            <div class="line">
                <button id="snippet-export" type="button" class="quiet" onclick={export}>{ texts.export }</button>
                <div class="pick">
                    <input id="snippet-import" type="file" accept=".json,application/json" onchange={pick} />
                    <label for="snippet-import">{ texts.import }</label>
                </div>
                <button id="forget" type="button" class="quiet" onclick={forget}>{ texts.forget }</button>
            </div>
        </details>
    }
}

fn focus(element: &NodeRef) {
    if let Some(element) = element.cast::<HtmlElement>() {
        // Fails only for an element that is gone.
        let _ = element.focus();
    }
}

fn text(said: &Said, texts: &Texts) -> AttrValue {
    let composer = &texts.composer;
    let named = |text, name: &str| fill(text, &[("name", name)]).into();
    match said {
        Said::Saved(name) => named(composer.saved, name),
        Said::Renamed(name) => named(composer.renamed, name),
        Said::Deleted(snippet) => named(composer.deleted, &snippet.name),
        Said::Imported(count) => plural(composer.imported, *count).into(),
        Said::Forgotten => AttrValue::Static(composer.forgotten),
        Said::NotStored => AttrValue::Static(composer.not_stored),
        Said::BadName(problem) => problem.text(texts),
        Said::BadFile(problem) => problem.text(texts),
        Said::Unreadable(reason) => fill(composer.import_unreadable, &[("reason", reason)]).into(),
    }
}
