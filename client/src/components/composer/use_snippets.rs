//! The snippets, kept by the browser.

use web_sys::File;
use yew::prelude::*;

use super::use_task::use_task;
use crate::browser::download::Download;
use crate::browser::part::{self, Unreadable};
use crate::state::history::Draft;
use crate::state::snippets::{ImportProblem, NameProblem, Snippet, Snippets};
use crate::storage;

const STORED: &str = "snippets";

/// A longer file is not taken for snippets: browsers store some 5 MB for a page.
const IMPORT_MOST: u64 = 16 << 20;

/// What came of what was done last.
#[derive(Debug, Clone, PartialEq)]
pub enum Said {
    /// It was saved under this name.
    Saved(AttrValue),
    /// It has this name now.
    Renamed(AttrValue),
    /// It is gone, and can be had back.
    Deleted(Snippet),
    /// So many came.
    Imported(usize),
    /// What was sent is forgotten.
    Forgotten,
    /// The browser stores nothing more.
    NotStored,
    /// The name does not do.
    BadName(NameProblem),
    /// The file does not do.
    BadFile(ImportProblem),
    /// The file was not read.
    Unreadable(String),
}

/// The snippets, and what can be done with them.
#[derive(Clone)]
pub struct SnippetsHandle {
    /// All of them.
    pub snippets: UseStateHandle<Snippets>,
    /// What came of what was done last.
    pub said: UseStateHandle<Option<Said>>,
    /// Takes a file to import.
    pub import: Callback<File>,
}

/// The snippets of the page.
#[hook]
pub fn use_snippets() -> SnippetsHandle {
    let snippets = use_state_eq(stored);
    let said = use_state_eq(|| None::<Said>);
    let task = use_task();
    let import = {
        let (snippets, said) = (snippets.clone(), said.clone());
        Callback::from(move |file: File| {
            let (snippets, said) = (snippets.clone(), said.clone());
            task.start(async move {
                let text = match read(&file).await {
                    Ok(text) => text,
                    Err(why) => return said.set(Some(why)),
                };
                let mut next = (*snippets).clone();
                match next.import(&text) {
                    Ok(count) => keep(&snippets, &said, next, Said::Imported(count)),
                    Err(problem) => said.set(Some(Said::BadFile(problem))),
                }
            });
        })
    };
    SnippetsHandle { snippets, said, import }
}

impl SnippetsHandle {
    /// Saves a message. True if that was done.
    pub fn save(&self, name: &str, draft: Draft) -> bool {
        let name = name.trim();
        self.change(|snippets| snippets.save(name, draft), Said::Saved(name.to_owned().into()))
    }

    /// Gives a snippet another name. True if that was done.
    pub fn rename(&self, name: &str, new: &str) -> bool {
        let new = new.trim();
        self.change(|snippets| snippets.rename(name, new), Said::Renamed(new.to_owned().into()))
    }

    /// Forgets a snippet.
    pub fn delete(&self, snippet: Snippet) {
        let name = snippet.name.clone();
        let delete = |snippets: &mut Snippets| {
            snippets.delete(&name);
            Ok(())
        };
        self.change(delete, Said::Deleted(snippet));
    }

    /// Gives all of them to the reader as a file.
    pub fn export(&self) {
        let download = Download::default();
        download.push(self.snippets.to_json().as_bytes());
        // Where the browser does not take it, it says so itself.
        download.save("ws-echo-snippets.json", "application/json");
    }

    fn change(&self, change: impl FnOnce(&mut Snippets) -> Result<(), NameProblem>, done: Said) -> bool {
        let mut next = (*self.snippets).clone();
        let changed = change(&mut next);
        match changed {
            Ok(()) => keep(&self.snippets, &self.said, next, done),
            Err(problem) => self.said.set(Some(Said::BadName(problem))),
        }
        changed.is_ok()
    }
}

fn stored() -> Snippets {
    storage::read(STORED).map_or_else(Snippets::default, |stored| Snippets::parse(&stored))
}

fn keep(
    snippets: &UseStateHandle<Snippets>,
    said: &UseStateHandle<Option<Said>>,
    next: Snippets,
    done: Said,
) {
    let is_stored = storage::write(STORED, &next.to_json());
    snippets.set(next);
    said.set(Some(if is_stored { done } else { Said::NotStored }));
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
