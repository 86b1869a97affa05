//! The snippets, kept by the browser.

use wasm_bindgen_futures::spawn_local;
use web_sys::{File, HtmlInputElement};
use yew::prelude::*;

use super::use_field::Field;
use super::use_history::HistoryHandle;
use super::use_live::{Live, use_live};
use crate::browser::download::Download;
use crate::browser::part::{self, Unreadable};
use crate::page;
use crate::state::said::Said;
use crate::state::snippets::{ImportProblem, Snippet, Snippets};
use crate::storage::{Stored, use_stored_elsewhere};

const STORED: &str = "snippets";

/// A longer file is not taken for snippets: browsers store some 5 MB for a page.
const IMPORT_MOST: u64 = 16 << 20;

/// The snippets, and what is known of them.
pub struct Kept {
    /// All of them.
    pub snippets: Stored<Snippets>,
    /// What came of what was done last.
    pub said: Option<Said>,
    /// The name of the snippet that was loaded or saved last: the one that can be renamed.
    pub current: Option<String>,
}

/// The snippets, and what can be done with them.
#[derive(Clone)]
pub struct SnippetsHandle {
    /// All there is to show.
    pub kept: Live<Kept>,
    /// The field of the name.
    pub name: NodeRef,
    field: Field,
    history: HistoryHandle,
}

/// The snippets of the page.
#[hook]
pub fn use_snippets(field: &Field, history: &HistoryHandle) -> SnippetsHandle {
    let kept = use_live(|| {
        let snippets = Stored::new(STORED, Snippets::parse, Snippets::to_json);
        Kept { snippets, said: None, current: None }
    });
    // The button that was pressed has gone with its snippet.
    use_effect_with(kept.borrow().was_deleted(), |_| page::focus("snippet-undo"));
    let handle =
        SnippetsHandle { kept, name: use_node_ref(), field: field.clone(), history: history.clone() };
    use_stored_elsewhere(STORED, {
        let handle = handle.clone();
        Callback::from(move |()| handle.follow())
    });
    handle
}

impl Kept {
    /// Whether the last thing that was done was to delete one.
    pub fn was_deleted(&self) -> bool {
        matches!(self.said, Some(Said::Deleted(_)))
    }
}

impl SnippetsHandle {
    /// Saves the message in the field under the name that was typed.
    pub fn save(&self) {
        let name = self.typed();
        let save = |snippets: &mut Snippets| {
            snippets.save(&name, self.field.draft()).map_err(Said::BadName)?;
            Ok(Said::Saved(name.clone().into()))
        };
        if self.change(save) {
            self.kept.borrow_mut().current = Some(name);
        }
    }

    /// Gives the snippet that was loaded or saved last the name that was typed.
    pub fn rename(&self) {
        self.follow();
        let current = self.kept.borrow().current.clone();
        let Some(old) = current else { return };
        let new = self.typed();
        let rename = |snippets: &mut Snippets| {
            snippets.rename(&old, &new).map_err(Said::BadName)?;
            Ok(Said::Renamed(new.clone().into()))
        };
        if self.change(rename) {
            self.kept.borrow_mut().current = Some(new);
        }
    }

    /// Writes a snippet into the field. Up brings back what stood there.
    pub fn load(&self, snippet: &Snippet) {
        if let Some(field) = self.name.cast::<HtmlInputElement>() {
            field.set_value(&snippet.name);
        }
        self.kept.borrow_mut().current = Some(snippet.name.clone());
        self.kept.show();
        self.history.push(self.field.draft());
        self.field.put(&snippet.draft, false);
    }

    /// Forgets a snippet.
    pub fn delete(&self, snippet: &Snippet) {
        self.kept.borrow_mut().current.take_if(|current| *current == snippet.name);
        self.change(|snippets| {
            snippets.delete(&snippet.name);
            Ok(Said::Deleted(snippet.clone()))
        });
    }

    /// Brings back what was deleted last.
    pub fn undo(&self) {
        let said = self.kept.borrow().said.clone();
        if let Some(Said::Deleted(Snippet { name, draft })) = said {
            self.change(|snippets| {
                snippets.save(&name, draft).map_err(Said::BadName)?;
                Ok(Said::Saved(name.into()))
            });
        }
        page::focus("snippet-name");
    }

    /// Takes in a file.
    pub fn import(&self, file: File) {
        let handle = self.clone();
        spawn_local(async move {
            let read = read(&file).await;
            handle.change(|snippets| {
                let count = snippets.import(&read?).map_err(Said::BadFile)?;
                Ok(Said::Imported(count))
            });
        });
    }

    /// Gives all of them to the reader as a file.
    pub fn export(&self) {
        let download = Download::default();
        download.push(self.kept.borrow().snippets.to_json().as_bytes());
        // Where the browser does not take it, it says so itself.
        download.save("ws-echo-snippets.json", "application/json");
    }

    /// Forgets what was sent.
    pub fn forget(&self) {
        self.history.clear();
        self.say(Said::Forgotten);
    }

    fn typed(&self) -> String {
        let field = self.name.cast::<HtmlInputElement>();
        field.map(|field| field.value().trim().to_owned()).unwrap_or_default()
    }

    /// Takes in what another page stored.
    fn follow(&self) {
        {
            let kept = &mut *self.kept.borrow_mut();
            kept.snippets.follow();
            kept.current.take_if(|current| kept.snippets.get(current).is_none());
        }
        self.kept.show();
    }

    fn change(&self, change: impl FnOnce(&mut Snippets) -> Result<Said, Said>) -> bool {
        let changed = self.kept.borrow_mut().snippets.change(change);
        let is_changed = changed.is_ok();
        let is_stored = self.kept.borrow().snippets.is_stored();
        self.say(match changed {
            Ok(_) if !is_stored => Said::NotStored,
            Ok(said) | Err(said) => said,
        });
        is_changed
    }

    fn say(&self, said: Said) {
        self.kept.borrow_mut().said = Some(said);
        self.kept.show();
    }
}

async fn read(file: &File) -> Result<String, Said> {
    if part::size(file) > IMPORT_MOST {
        return Err(Said::BadFile(ImportProblem::NotSnippets));
    }
    match part::read(file, 0..part::size(file)).await {
        Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
        Err(Unreadable::TooBig) => Err(Said::BadFile(ImportProblem::NotSnippets)),
        Err(Unreadable::Refused(reason)) => Err(Said::Unreadable(reason)),
    }
}
