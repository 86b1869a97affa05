//! The snippets, kept in the browser's storage, and their panel.

use wasm_bindgen_futures::spawn_local;
use web_sys::{File, HtmlInputElement};
use yew::prelude::*;

use super::field::Field;
use super::filled;
use super::model::snippets::{Done, STORED, Snippet, SnippetProblem, Snippets};
use crate::browser::download::Download;
use crate::browser::page;
use crate::browser::part::{self, Unreadable};
use crate::browser::storage::{self, Stored, use_stored_elsewhere};
use crate::browser::use_effect::use_effect_with;
use crate::browser::use_live::{Live, use_live};
use crate::texts::{ComposerTexts, Texts, fill};
use crate::ui::controls::{acting, handling, pick, quiet};
use crate::ui::overlay::tool;

/// Maximum size of a file to import. Browsers store only about 5 MB for a page.
const IMPORT_MOST: u64 = 16 << 20;

/// The snippets, and the state of their panel.
struct Kept {
    snippets: Stored<Snippets>,
    said: Option<Result<Done, SnippetProblem>>,
    /// Name of the snippet that was loaded or saved last, which can be renamed.
    current: Option<String>,
}

#[derive(Clone)]
pub struct SnippetsHandle {
    kept: Live<Kept>,
    /// Input for the name.
    name: NodeRef,
    field: Field,
}

#[hook]
pub fn use_snippets(field: &Field) -> SnippetsHandle {
    let kept = use_live(|| Kept { snippets: Stored::new(STORED), said: None, current: None });
    // The delete button has disappeared with its snippet, so the focus moves to the undo button.
    use_effect_with(kept.borrow().deleted(), |_| page::focus("snippet-undo"));
    let handle = SnippetsHandle { kept, name: use_node_ref(), field: field.clone() };
    use_stored_elsewhere(STORED, acting(&handle, SnippetsHandle::follow));
    handle
}

impl Kept {
    /// Returns the name of the snippet that was just deleted.
    fn deleted(&self) -> Option<String> {
        if let Some(Ok(Done::Deleted(snippet))) = &self.said { Some(snippet.name.clone()) } else { None }
    }
}

impl SnippetsHandle {
    /// Saves the message in the field under the name in the input.
    fn save(&self) {
        let name = self.typed();
        let save = |snippets: &mut Snippets| {
            snippets.save(&name, self.field.draft())?;
            Ok(Done::Saved(name.clone().into()))
        };
        if self.change(save) {
            self.kept.update(|kept| kept.current = Some(name));
        }
    }

    /// Renames the snippet that was loaded or saved last to the name in the input.
    fn rename(&self) {
        self.follow();
        let current = self.kept.borrow().current.clone();
        let Some(old) = current else { return };
        let new = self.typed();
        let rename = |snippets: &mut Snippets| {
            snippets.rename(&old, &new)?;
            Ok(Done::Renamed(new.clone().into()))
        };
        if self.change(rename) {
            self.kept.update(|kept| kept.current = Some(new));
        }
    }

    /// Loads a snippet into the field. The history keeps the text that was there.
    fn load(&self, snippet: &Snippet) {
        if let Some(field) = self.name.cast::<HtmlInputElement>() {
            field.set_value(&snippet.name);
        }
        self.kept.change(|kept| kept.current = Some(snippet.name.clone()));
        self.field.sent(self.field.draft());
        self.field.put(&snippet.draft, false);
    }

    /// Sends a snippet with values in place of its placeholders, past the field. One that is invalid in its mode comes into the field,
    /// which tells the fault.
    fn send(&self, snippet: &Snippet) {
        match snippet.draft.body() {
            Ok(body) => drop(self.field.can.send.emit(filled::next(&body))),
            Err(_) => self.load(snippet),
        }
    }

    fn delete(&self, snippet: &Snippet) {
        self.kept.update(|kept| kept.current.take_if(|current| *current == snippet.name));
        self.change(|snippets| {
            snippets.delete(&snippet.name);
            Ok(Done::Deleted(snippet.clone()))
        });
    }

    /// Restores the snippet that was deleted last.
    fn undo(&self) {
        let said = self.kept.borrow().said.clone();
        if let Some(Ok(Done::Deleted(Snippet { name, draft }))) = said {
            self.change(|snippets| {
                snippets.save(&name, draft)?;
                Ok(Done::Saved(name.into()))
            });
        }
        page::focus("snippet-name");
    }

    fn import(&self, file: File) {
        let handle = self.clone();
        spawn_local(async move {
            let read = read(&file).await;
            handle.change(|snippets| {
                let count = snippets.import(&read?)?;
                Ok(Done::Imported(count))
            });
        });
    }

    /// Downloads all snippets as a file.
    fn export(&self) {
        let download = Download::default();
        download.push(self.kept.borrow().snippets.to_file().as_bytes());
        // If the download fails, the browser reports it itself.
        download.save("ws-echo-snippets.json", "application/json");
    }

    fn forget(&self) {
        self.field.forget();
        self.say(Ok(Done::Forgotten));
    }

    fn typed(&self) -> String {
        let field = self.name.cast::<HtmlInputElement>();
        field.map(|field| field.value().trim().to_owned()).unwrap_or_default()
    }

    /// Loads the snippets that another page has stored.
    fn follow(&self) {
        self.kept.change(|Kept { snippets, current, .. }| {
            snippets.follow();
            current.take_if(|current| snippets.get(current).is_none());
        });
    }

    /// Changes the snippets, and shows the result. Returns true if the change was possible.
    fn change(&self, change: impl FnOnce(&mut Snippets) -> Result<Done, SnippetProblem>) -> bool {
        let changed = self.kept.update(|kept| kept.snippets.change(change));
        let is_changed = changed.is_ok();
        // The options list the snippets too.
        storage::tell_here();
        let is_stored = self.kept.borrow().snippets.is_stored();
        self.say(changed.and_then(|done| if is_stored { Ok(done) } else { Err(SnippetProblem::NotStored) }));
        is_changed
    }

    fn say(&self, said: Result<Done, SnippetProblem>) {
        self.kept.change(|kept| kept.said = Some(said));
    }
}

async fn read(file: &File) -> Result<String, SnippetProblem> {
    if part::size(file) > IMPORT_MOST {
        return Err(SnippetProblem::NotSnippets);
    }
    match part::read(file, 0..part::size(file)).await {
        Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
        Err(Unreadable::TooBig) => Err(SnippetProblem::NotSnippets),
        Err(Unreadable::Refused(reason)) => Err(SnippetProblem::Unreadable(reason)),
    }
}

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
                if kept.deleted().is_some() {
                    { quiet("snippet-undo", texts.undo, acting(handle, SnippetsHandle::undo)) }
                }
            </div>
            { snippet_list(handle, texts) }
            <p class="note">{ texts.placeholders }</p>
            <div class="line">
                { quiet("snippet-export", texts.export, acting(handle, SnippetsHandle::export)) }
                { pick("snippet-import", ".json,application/json", texts.import, false, import) }
                { quiet("forget", texts.forget, acting(handle, SnippetsHandle::forget)) }
            </div>
        </>
    };

    tool("snippets", None, texts.snippets_button, texts.snippets, all_texts, body)
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
                    class="quiet send"
                    aria-label={fill(texts.send_which, &name)}
                    onclick={acting(SnippetsHandle::send)}
                >
                    { texts.send }
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
