//! What came of what was done with the snippets.

use yew::AttrValue;

use super::snippets::{ImportProblem, NameProblem, Snippet};
use super::texts::{Texts, fill, plural};

/// One thing that came of it.
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

impl Said {
    /// What to say, and what would be right where something is wrong.
    pub fn text(&self, texts: &Texts) -> AttrValue {
        let composer = &texts.composer;
        let named = |text, name: &str| fill(text, &[("name", name)]).into();
        match self {
            Self::Saved(name) => named(composer.saved, name),
            Self::Renamed(name) => named(composer.renamed, name),
            Self::Deleted(snippet) => named(composer.deleted, &snippet.name),
            Self::Imported(count) => plural(composer.imported, *count).into(),
            Self::Forgotten => AttrValue::Static(composer.forgotten),
            Self::NotStored => AttrValue::Static(composer.not_stored),
            Self::BadName(problem) => problem.text(texts),
            Self::BadFile(problem) => problem.text(texts),
            Self::Unreadable(reason) => fill(composer.import_unreadable, &[("reason", reason)]).into(),
        }
    }
}
