//! Snippets: messages that are stored under a name.

use serde_json::Value;
use yew::AttrValue;

use super::history::Draft;
use crate::common::json::{self, JsonProblem};
use crate::common::stored::{self, Form, items, object};
use crate::texts::{Texts, fill, plural};

/// Name of the snippets in the browser's storage.
pub const STORED: &str = "snippets";

const VERSION: u64 = 1;

/// Maximum number of snippets after an import. All of them are sorted and shown at once, and a file of several MiB would block
/// the page.
const MOST: usize = 1_000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// Name: trimmed, not empty, and unique.
    pub name: String,
    pub draft: Draft,
}

/// All snippets, sorted by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snippets {
    known: Vec<Snippet>,
    /// Stored items that only a later version can read. They are stored again.
    others: Vec<Value>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Done {
    /// The snippet was saved under this name.
    Saved(AttrValue),
    /// The snippet was renamed to this name.
    Renamed(AttrValue),
    /// The snippet was deleted, and can be restored.
    Deleted(Snippet),
    Imported(usize),
    Forgotten,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SnippetProblem {
    NameEmpty,
    /// Another snippet has this name.
    NameTaken,
    NotJson(JsonProblem),
    /// The file is JSON, but does not contain snippets.
    NotSnippets,
    /// The file comes from a later version of the page.
    Version,
    /// There would be this many snippets, which exceeds the limit.
    TooMany(usize),
    /// The snippet with this number, from 1, lacks a name, mode or text.
    Snippet(usize),
    /// The file could not be read, for this reason.
    Unreadable(String),
    NotStored,
}

impl Done {
    pub fn text(&self, texts: &Texts) -> AttrValue {
        let said = &texts.composer;
        let named = |text, name: &str| fill(text, &[("name", name)]).into();
        match self {
            Self::Saved(name) => named(said.saved, name),
            Self::Renamed(name) => named(said.renamed, name),
            Self::Deleted(snippet) => named(said.deleted, &snippet.name),
            Self::Imported(count) => plural(said.imported, *count).into(),
            Self::Forgotten => AttrValue::Static(said.forgotten),
        }
    }
}

impl SnippetProblem {
    /// True if another name is the remedy.
    pub const fn is_name(&self) -> bool {
        matches!(self, Self::NameEmpty | Self::NameTaken)
    }

    pub fn text(&self, texts: &Texts) -> AttrValue {
        let said = &texts.composer;
        AttrValue::Static(match self {
            Self::NameEmpty => said.name_empty,
            Self::NameTaken => said.name_taken,
            Self::NotSnippets => said.import_not_snippets,
            Self::Version => said.import_version,
            Self::NotStored => said.not_stored,
            Self::NotJson(problem) => {
                return fill(said.import_not_json, &[("problem", &problem.text(texts))]).into();
            }
            Self::TooMany(count) => return plural(said.import_too_many, *count).into(),
            Self::Snippet(number) => return plural(said.import_snippet, *number).into(),
            Self::Unreadable(reason) => return fill(said.import_unreadable, &[("reason", reason)]).into(),
        })
    }
}

impl Snippets {
    pub fn all(&self) -> &[Snippet] {
        &self.known
    }

    pub fn get(&self, name: &str) -> Option<&Draft> {
        self.known.iter().find(|snippet| snippet.name == name).map(|snippet| &snippet.draft)
    }

    /// Stores a message. Replaces an existing snippet with the same name. Fails if the name is empty.
    pub fn save(&mut self, name: &str, draft: Draft) -> Result<(), SnippetProblem> {
        let name = name.trim();
        if name.is_empty() {
            return Err(SnippetProblem::NameEmpty);
        }
        self.delete(name);
        let order = |name: &str| (name.to_ascii_lowercase(), name.to_owned());
        let place = self.known.partition_point(|other| order(&other.name) < order(name));
        self.known.insert(place, Snippet { name: name.to_owned(), draft });
        Ok(())
    }

    /// Renames a snippet. Fails if the new name is empty or taken.
    pub fn rename(&mut self, name: &str, new: &str) -> Result<(), SnippetProblem> {
        let new = new.trim();
        match self.get(name).cloned() {
            _ if new.is_empty() => Err(SnippetProblem::NameEmpty),
            _ if new != name && self.get(new).is_some() => Err(SnippetProblem::NameTaken),
            Some(draft) => {
                self.delete(name);
                self.save(new, draft)
            }
            None => Ok(()),
        }
    }

    pub fn delete(&mut self, name: &str) {
        self.known.retain(|snippet| snippet.name != name);
    }

    /// Imports the result of [`Self::to_file`]. Imported snippets replace existing ones with the same name. Returns the number of
    /// imported snippets, or the fault of the text; nothing is imported then.
    pub fn import(&mut self, text: &str) -> Result<usize, SnippetProblem> {
        json::check(text).map_err(SnippetProblem::NotJson)?;
        let file = stored::parse(text);
        let (Some(version), Some(snippets)) = (file["version"].as_u64(), file["snippets"].as_array()) else {
            return Err(SnippetProblem::NotSnippets);
        };
        if version > VERSION {
            return Err(SnippetProblem::Version);
        }
        let count = snippets.len();
        if count > MOST {
            return Err(SnippetProblem::TooMany(count));
        }
        let mut merged = self.clone();
        for (number, snippet) in (1..).zip(snippets) {
            merged.save_stored(snippet).ok_or(SnippetProblem::Snippet(number))?;
        }
        if merged.known.len() > MOST {
            return Err(SnippetProblem::TooMany(merged.known.len()));
        }
        *self = merged;
        Ok(count)
    }

    /// Writes the snippets as a file to export, formatted for readers.
    pub fn to_file(&self) -> String {
        let snippets = stored::to_json(&Value::from_iter(self.known.iter().map(Snippet::write)));
        let file = format!(r#"{{"version":{VERSION},"snippets":{snippets}}}"#);
        json::pretty(&file).unwrap_or_default() + "\n"
    }

    /// Saves a stored snippet. Returns `None` if it is damaged or unknown.
    fn save_stored(&mut self, stored: &Value) -> Option<()> {
        let (name, draft) = (stored["name"].as_str()?, Draft::read(stored)?);
        self.save(name, draft).ok()
    }
}

impl Form for Snippets {
    fn read(fields: &Value) -> Self {
        let mut snippets = Self::default();
        for item in items(&fields["snippets"]) {
            if snippets.save_stored(item).is_none() {
                snippets.others.push(item.clone());
            }
        }
        snippets
    }

    fn write(&self) -> Value {
        object([(
            "snippets",
            self.known.iter().map(Snippet::write).chain(self.others.iter().cloned()).collect(),
        )])
    }
}

impl Snippet {
    fn write(&self) -> Value {
        let [mode, text] = self.draft.write();
        object([("name", self.name.as_str().into()), mode, text])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::common::bytes_input::Mode;
    use crate::common::json::JsonKind;

    fn text(text: &str) -> Draft {
        Draft::new(Mode::Text, text)
    }

    fn names(snippets: &Snippets) -> Vec<&str> {
        snippets.all().iter().map(|snippet| snippet.name.as_str()).collect()
    }

    fn three() -> Snippets {
        let mut snippets = Snippets::default();
        for name in ["b", " a ", "C"] {
            snippets.save(name, text(name)).unwrap();
        }
        snippets
    }

    #[test]
    fn they_are_sorted_by_name_and_the_same_name_replaces() {
        let mut snippets = three();
        assert_eq!(names(&snippets), ["a", "b", "C"]);
        snippets.save("b", Draft::new(Mode::Hex, "00")).unwrap();
        assert_eq!((snippets.all().len(), snippets.get("b")), (3, Some(&Draft::new(Mode::Hex, "00"))));
        assert_eq!(snippets.save(" \t", text("x")), Err(SnippetProblem::NameEmpty));
    }

    #[test]
    fn a_name_can_be_changed_but_not_to_another_snippets() {
        let mut snippets = three();
        assert_eq!(snippets.rename("a", " z "), Ok(()));
        assert_eq!((names(&snippets), snippets.get("z")), (vec!["b", "C", "z"], Some(&text(" a "))));
        assert_eq!(snippets.rename("z", "b"), Err(SnippetProblem::NameTaken));
        assert_eq!(snippets.rename("z", ""), Err(SnippetProblem::NameEmpty));
        assert_eq!(snippets.rename("z", "z"), Ok(()));
        assert_eq!(snippets.rename("gone", "new"), Ok(()));
        assert_eq!(snippets.all().len(), 3);
    }

    #[test]
    fn what_is_exported_is_imported_over_what_is_there() {
        let mut snippets = three();
        let exported = snippets.to_file();
        assert!(exported.starts_with("{\n  \"version\": 1,\n"), "{exported}");
        snippets.delete("a");
        snippets.save("b", text("changed")).unwrap();
        snippets.save("mine", text("mine")).unwrap();
        assert_eq!(snippets.import(&exported), Ok(3));
        assert_eq!((names(&snippets), snippets.get("b")), (vec!["a", "b", "C", "mine"], Some(&text("b"))));
        assert_eq!(stored::read::<Snippets>(&exported), three());
        assert_eq!(stored::read::<Snippets>(&three().write().to_string()), three());
    }

    #[test]
    fn what_cannot_be_imported_says_why_and_changes_nothing() {
        let mut snippets = three();
        let kind = |problem| match problem {
            Err(SnippetProblem::NotJson(problem)) => Some((problem.position.line, problem.kind)),
            _ => None,
        };
        assert_eq!(kind(snippets.import("{\n,")), Some((2, JsonKind::Unexpected(','))));
        for other in ["[]", "1", "{}", r#"{"version":1}"#, r#"{"version":"1","snippets":[]}"#] {
            assert_eq!(snippets.import(other), Err(SnippetProblem::NotSnippets), "{other}");
        }
        assert_eq!(snippets.import(r#"{"version":2,"snippets":[]}"#), Err(SnippetProblem::Version));
        let good = r#"{"name":"new","mode":"text","text":""}"#;
        for bad in ["1", r#"{"name":" ","mode":"text","text":""}"#, r#"{"name":"x","mode":"odd","text":""}"#]
        {
            let file = format!(r#"{{"version":1,"snippets":[{good},{bad}]}}"#);
            assert_eq!(snippets.import(&file), Err(SnippetProblem::Snippet(2)), "{bad}");
        }
        assert_eq!(snippets, three());
    }

    #[test]
    fn a_file_with_more_than_the_page_keeps_is_refused_in_time() {
        let file = |count: usize| {
            let one = |n: usize| format!(r#"{{"name":"{n}","mode":"text","text":""}}"#);
            let all: Vec<String> = (0..count).rev().map(one).collect();
            format!(r#"{{"version":1,"snippets":[{}]}}"#, all.join(","))
        };
        let mut snippets = three();
        assert_eq!(snippets.import(&file(200_000)), Err(SnippetProblem::TooMany(200_000)));
        assert_eq!(snippets.import(&file(MOST)), Err(SnippetProblem::TooMany(MOST + 3)));
        assert_eq!(snippets, three());
        assert_eq!(Snippets::default().import(&file(MOST)), Ok(MOST));
    }

    #[test]
    fn what_only_a_later_version_can_read_stays_stored() {
        let later =
            r#"{"snippets":[{"name":"a","mode":"cbor","text":"b"},{"name":"b","mode":"text","text":"b"}]}"#;
        let mut snippets: Snippets = stored::read(later);
        assert_eq!(names(&snippets), ["b"]);
        snippets.delete("b");
        let left = r#"{"snippets":[{"mode":"cbor","name":"a","text":"b"}]}"#;
        assert_eq!(snippets.write().to_string(), left);
    }

    #[test]
    fn damage_in_storage_is_left_out() {
        for stored in ["", "{", r#"{"version":1,"snippets":3}"#] {
            assert!(stored::read::<Snippets>(stored).all().is_empty(), "{stored}");
        }
        let partly =
            r#"{"version":9,"snippets":[{},{"name":"a","mode":"text","text":"b","more":1}],"more":1}"#;
        assert_eq!(stored::read::<Snippets>(partly).all().len(), 1);
    }
}
