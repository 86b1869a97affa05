//! Recently opened URLs.

use serde_json::Value;
use yew::AttrValue;

use super::authority::without_credentials;
use crate::common::stored::{Form, items, object};

const MOST: usize = 10;

/// Maximum length of a stored URL, in bytes: the length that RFC 9110 section 4.1 recommends to support.
const LONGEST: usize = 8_000;

/// The URLs, newest first, without duplicates. User names and passwords are removed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recent(Vec<AttrValue>);

impl Form for Recent {
    fn read(fields: &Value) -> Self {
        let mut recent = Self::default();
        items(&fields["urls"]).iter().rev().filter_map(Value::as_str).for_each(|url| recent.put(url));
        recent
    }

    fn write(&self) -> Value {
        object([("urls", self.0.iter().map(AttrValue::as_str).collect())])
    }
}

impl Recent {
    /// Adds a URL at the front. The oldest one is dropped if there are too many.
    pub fn put(&mut self, url: &str) {
        let url = without_credentials(url.trim());
        if url.is_empty() || url.len() > LONGEST {
            return;
        }
        self.remove(&url);
        self.0.insert(0, url);
        self.0.truncate(MOST);
    }

    pub fn remove(&mut self, url: &str) {
        self.0.retain(|known| known != url);
    }

    pub fn urls(&self) -> &[AttrValue] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::common::stored;

    fn of(urls: &[&str]) -> Recent {
        let mut recent = Recent::default();
        urls.iter().rev().for_each(|url| recent.put(url));
        recent
    }

    #[test]
    fn the_newest_ten_are_remembered_once() {
        let mut recent = of(&["ws://b", "ws://a"]);
        recent.put("ws://a");
        assert_eq!(recent.urls(), ["ws://a", "ws://b"]);
        recent.remove("ws://a");
        assert_eq!(recent.urls(), ["ws://b"]);
        (0..20).for_each(|number| recent.put(&format!("ws://{number}")));
        let newest: Vec<_> = (10..20).rev().map(|number| format!("ws://{number}")).collect();
        assert_eq!(recent.urls(), newest);
    }

    #[test]
    fn no_password_is_remembered_and_nothing_endless() {
        let mut recent = of(&["ws://user:secret@a/b", " "]);
        recent.put(&format!("ws://a/{}", "x".repeat(LONGEST)));
        assert_eq!(recent.urls(), ["ws://a/b"]);
    }

    #[test]
    fn what_is_stored_comes_back() {
        let recent = of(&["wss://a/\"q\"?x=\\", "ws://bücher.example"]);
        let stored = recent.write().to_string();
        assert_eq!(stored, r#"{"urls":["wss://a/\"q\"?x=\\","ws://bücher.example"]}"#);
        assert_eq!(stored::read::<Recent>(&stored), recent);
    }

    #[test]
    fn damage_costs_no_more_than_what_is_damaged() {
        for damaged in ["", "{", "null", "[]", "7", r#"{"version":1,"urls":{}}"#] {
            assert_eq!(stored::read::<Recent>(damaged), Recent::default(), "{damaged}");
        }
        let half = r#"{"version":2,"urls":["ws://a",7,null,"","ws://b","ws://a"],"more":1}"#;
        assert_eq!(stored::read::<Recent>(half).urls(), ["ws://a", "ws://b"]);
    }
}
