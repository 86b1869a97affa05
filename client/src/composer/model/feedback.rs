//! Results of operations on snippets.

use yew::AttrValue;

use super::snippets::{ImportProblem, NameProblem, Snippet};
use crate::texts::{Texts, fill, plural};

/// Result of an operation.
#[derive(Debug, Clone, PartialEq)]
pub enum Feedback {
    /// The snippet was saved under this name.
    Saved(AttrValue),
    /// The snippet was renamed to this name.
    Renamed(AttrValue),
    /// The snippet was deleted, and can be restored.
    Deleted(Snippet),
    /// This many snippets were imported.
    Imported(usize),
    /// The history of sent messages was cleared.
    Forgotten,
    /// The browser refused to store the change.
    NotStored,
    /// The name is invalid.
    BadName(NameProblem),
    /// The file is invalid.
    BadFile(ImportProblem),
    /// The file could not be read, for this reason.
    Unreadable(String),
}

impl Feedback {
    /// Describes the result and, for a fault, its remedy.
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
