//! Forms that the browser stores as JSON objects.
//!
//! Pages of several versions may share a form. Fields, values and items that only a later version knows are passed over one by
//! one, like damaged ones.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

/// Field of every new form.
const VERSION: &str = r#"{"version":1}"#;

/// Values of a form by their names.
type Fields = BTreeMap<String, Box<RawValue>>;

/// Reads a form. A text that is not a JSON object yields the default.
pub fn read<T: DeserializeOwned + Default>(text: &str) -> T {
    serde_json::from_str(text).unwrap_or_default()
}

/// Reads the value of a field. A value that is damaged or unknown becomes the default.
///
/// # Errors
///
/// Returns an error if the text is not JSON.
pub fn value<'de, T: DeserializeOwned + Default, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
    Ok(read(Box::<RawValue>::deserialize(from)?.get()))
}

/// Reads the items of a list, without those that are damaged or unknown.
///
/// # Errors
///
/// Returns an error if the text is not JSON.
pub fn items<'de, T: DeserializeOwned, D: Deserializer<'de>>(from: D) -> Result<Vec<T>, D::Error> {
    let items: Vec<Box<RawValue>> = value(from)?;
    Ok(items.iter().filter_map(|item| serde_json::from_str(item.get()).ok()).collect())
}

/// Returns the form to store after a change: the one that is stored, with the fields that the change has changed. Everything else
/// stays as it is stored, above all what only a later version knows.
pub fn write<T: Serialize>(stored: &str, before: &T, after: &T) -> String {
    let json = |value| serde_json::to_string(value).unwrap_or_default();
    changed(stored, &json(before), &json(after))
}

/// Not generic, because every instance is a kilobyte of the page.
fn changed(stored: &str, before: &str, after: &str) -> String {
    let mut form: Fields = read(stored);
    let (before, after): (Fields, Fields) = (read(before), read(after));
    for (name, value) in after.into_iter().chain(read::<Fields>(VERSION)) {
        let is_changed = before.get(&name).is_some_and(|before| before.get() != value.get());
        if is_changed || !form.contains_key(&name) {
            form.insert(name, value);
        }
    }
    serde_json::to_string(&form).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default, Serialize, Deserialize)]
    #[serde(default)]
    struct Form {
        #[serde(deserialize_with = "value")]
        a: u8,
        #[serde(deserialize_with = "value")]
        b: bool,
        #[serde(deserialize_with = "items")]
        c: Vec<u8>,
    }

    fn written(form: &str, change: fn(&mut Form)) -> String {
        let mut after: Form = read(form);
        change(&mut after);
        write(form, &read::<Form>(form), &after)
    }

    #[test]
    fn damage_costs_no_more_than_what_it_hit() {
        let form: Form = read(r#"{"version":7,"a":256,"b":true,"c":[1,"2",{},300,4],"d":[[[]]]}"#);
        assert_eq!((form.a, form.b, form.c), (0, true, vec![1, 4]));
        for damaged in ["", "{", "null", "7", &"[".repeat(100_000), &"{\"d\":".repeat(100_000)] {
            assert_eq!(read::<Form>(damaged).a, 0, "{damaged:.20}");
        }
    }

    #[test]
    fn a_change_writes_what_it_changed_and_leaves_the_rest() {
        let new = r#"{"a":1,"b":false,"c":[],"version":1}"#;
        for nothing in ["", "[]", "{}"] {
            assert_eq!(written(nothing, |form| form.a = 1), new);
        }
        let later = r#"{"a":"many","b":true,"c":[1,"2"],"d":1.50e400,"version":2}"#;
        assert_eq!(written(later, |form| form.b = false), later.replace("true", "false"));
        assert_eq!(written(later, |form| form.a = 7), later.replace("\"many\"", "7"));
    }
}
