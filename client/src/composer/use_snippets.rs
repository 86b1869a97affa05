//! The snippets, kept in the browser's storage.

use wasm_bindgen_futures::spawn_local;
use web_sys::{File, HtmlInputElement};
use yew::prelude::*;

use super::field::Field;
use super::model::snippets::{Done, Snippet, SnippetProblem, Snippets};
use crate::browser::download::Download;
use crate::browser::page;
use crate::browser::part::{self, Unreadable};
use crate::browser::storage::{Stored, use_stored_elsewhere};
use crate::browser::use_live::{Live, use_live};
use crate::ui::controls::acting;

const STORED: &str = "snippets";

/// Maximum size of a file to import. Browsers store only about 5 MB for a page.
const IMPORT_MOST: u64 = 16 << 20;

/// The snippets, and the state of their panel.
pub struct Kept {
    pub snippets: Stored<Snippets>,
    /// Result of the last operation.
    pub said: Option<Result<Done, SnippetProblem>>,
    /// Name of the snippet that was loaded or saved last, which can be renamed.
    pub current: Option<String>,
}

/// The snippets and their actions.
#[derive(Clone)]
pub struct SnippetsHandle {
    pub kept: Live<Kept>,
    /// Input for the name.
    pub name: NodeRef,
    field: Field,
}

/// Loads the snippets of the page.
#[hook]
pub fn use_snippets(field: &Field) -> SnippetsHandle {
    let kept = use_live(|| Kept { snippets: Stored::new(STORED), said: None, current: None });
    // The delete button has disappeared with its snippet, so the focus moves to the undo button.
    use_effect_with(kept.borrow().was_deleted(), |_| page::focus("snippet-undo"));
    let handle = SnippetsHandle { kept, name: use_node_ref(), field: field.clone() };
    use_stored_elsewhere(STORED, acting(&handle, SnippetsHandle::follow));
    handle
}

impl Kept {
    /// True if the last operation deleted a snippet.
    pub fn was_deleted(&self) -> bool {
        matches!(self.said, Some(Ok(Done::Deleted(_))))
    }
}

impl SnippetsHandle {
    /// Saves the message in the field under the name in the input.
    pub fn save(&self) {
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
    pub fn rename(&self) {
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
    pub fn load(&self, snippet: &Snippet) {
        if let Some(field) = self.name.cast::<HtmlInputElement>() {
            field.set_value(&snippet.name);
        }
        self.kept.change(|kept| kept.current = Some(snippet.name.clone()));
        self.field.sent(self.field.draft());
        self.field.put(&snippet.draft, false);
    }

    pub fn delete(&self, snippet: &Snippet) {
        self.kept.update(|kept| kept.current.take_if(|current| *current == snippet.name));
        self.change(|snippets| {
            snippets.delete(&snippet.name);
            Ok(Done::Deleted(snippet.clone()))
        });
    }

    /// Restores the snippet that was deleted last.
    pub fn undo(&self) {
        let said = self.kept.borrow().said.clone();
        if let Some(Ok(Done::Deleted(Snippet { name, draft }))) = said {
            self.change(|snippets| {
                snippets.save(&name, draft)?;
                Ok(Done::Saved(name.into()))
            });
        }
        page::focus("snippet-name");
    }

    /// Imports the snippets of a file.
    pub fn import(&self, file: File) {
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
    pub fn export(&self) {
        let download = Download::default();
        download.push(self.kept.borrow().snippets.to_file().as_bytes());
        // If the download fails, the browser reports it itself.
        download.save("ws-echo-snippets.json", "application/json");
    }

    /// Clears the history of sent messages.
    pub fn forget(&self) {
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
