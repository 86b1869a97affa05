//! Forms that the browser stores as JSON objects.
//!
//! Pages of several versions may share a form. Fields, values and items that only a later version knows are passed over one by
//! one, like damaged ones.
//!
//! The forms are read from [`Value`] and not by derived implementations of serde, because those would be a twentieth of the page.

use serde_json::{Map, Value};

use super::format::fixed;

/// Version of every new form.
const VERSION: u64 = 1;

pub trait Form: Default {
    /// Reads the fields of an object. Those that are missing, damaged or unknown get their defaults.
    fn read(fields: &Value) -> Self;

    fn write(&self) -> Value;
}

/// Reads a form. A text that is not a JSON object yields the default.
pub fn read<T: Form>(text: &str) -> T {
    T::read(&parse(text))
}

/// Returns the form to store after a change: the one that is stored, with the fields that the change has changed. Everything else
/// stays as it is stored, above all what only a later version knows.
pub fn write<T: Form>(stored: &str, before: &T, after: &T) -> String {
    changed(parse(stored), &before.write(), after.write())
}

pub fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    // Collecting them would sort them first, by a routine of 3 KB for each number of fields.
    let mut object = Map::new();
    for (name, value) in fields {
        object.insert(name.to_owned(), value);
    }
    Value::Object(object)
}

/// Returns the items of a list; none if the value is not a list.
pub fn items(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// Parses a JSON text. Returns null for any other text.
pub fn parse(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

fn changed(stored: Value, before: &Value, after: Value) -> String {
    let fields = |value| if let Value::Object(fields) = value { fields } else { Map::new() };
    let mut form = fields(stored);
    for (name, value) in fields(after) {
        if before[&name] != value || !form.contains_key(&name) {
            form.insert(name, value);
        }
    }
    form.entry("version").or_insert(VERSION.into());
    to_json(&Value::Object(form))
}

/// Writes a value as JSON. Fractions have at most six digits: serde_json writes every number to its last digit, with tables that are 1 % of the page.
pub fn to_json(value: &Value) -> String {
    let mut out = String::new();
    write_value(value, &mut out);
    out
}

fn write_value(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(is_true) => out.push_str(if *is_true { "true" } else { "false" }),
        Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(whole), _) => out.push_str(&whole.to_string()),
            (_, Some(whole)) => out.push_str(&whole.to_string()),
            _ => {
                let digits = fixed(number.as_f64().unwrap_or_default(), 6);
                out.push_str(digits.trim_end_matches('0').trim_end_matches('.'));
            }
        },
        Value::String(text) => write_text(text, out),
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                write_value(item, out);
            }
            out.push(']');
        }
        Value::Object(fields) => {
            out.push('{');
            for (index, (name, item)) in fields.iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                write_text(name, out);
                out.push(':');
                write_value(item, out);
            }
            out.push('}');
        }
    }
}

fn write_text(text: &str, out: &mut String) {
    // Does not fail: every text can be written.
    out.push_str(&serde_json::to_string(text).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Example {
        a: u64,
        b: bool,
        c: Vec<u64>,
    }

    impl Form for Example {
        fn read(fields: &Value) -> Self {
            Self {
                a: fields["a"].as_u64().unwrap_or_default(),
                b: fields["b"].as_bool().unwrap_or_default(),
                c: items(&fields["c"]).iter().filter_map(Value::as_u64).collect(),
            }
        }

        fn write(&self) -> Value {
            object([("a", self.a.into()), ("b", self.b.into()), ("c", self.c.clone().into())])
        }
    }

    fn written(form: &str, change: fn(&mut Example)) -> String {
        let mut after: Example = read(form);
        change(&mut after);
        write(form, &read::<Example>(form), &after)
    }

    #[test]
    fn a_value_is_written_as_it_was_read() {
        let text = r#"{"\"\n":null,"a":[1,-2,18446744073709551615,1.5,-0.25,[],{}],"b":[true,false],"c":""}"#;
        assert_eq!(to_json(&parse(text)), text);
        assert_eq!(to_json(&parse("[3e9,0.0]")), "[3000000000,0]");
    }

    #[test]
    fn damage_costs_no_more_than_what_it_hit() {
        let form: Example = read(r#"{"version":7,"a":-1,"b":true,"c":[1,"2",{},3e9,4],"d":[[[]]]}"#);
        assert_eq!((form.a, form.b, form.c), (0, true, vec![1, 4]));
        for damaged in ["", "{", "null", "7", "[1]", &"[".repeat(100_000), &"{\"d\":".repeat(100_000)] {
            assert_eq!(read::<Example>(damaged).a, 0, "{damaged:.20}");
        }
    }

    #[test]
    fn a_change_writes_what_it_changed_and_leaves_the_rest() {
        let new = r#"{"a":1,"b":false,"c":[],"version":1}"#;
        for nothing in ["", "[]", "{}"] {
            assert_eq!(written(nothing, |form| form.a = 1), new);
        }
        let later = r#"{"a":"many","b":true,"c":[1,"2"],"d":{"e":1.5},"version":2}"#;
        assert_eq!(written(later, |form| form.b = false), later.replace("true", "false"));
        assert_eq!(written(later, |form| form.a = 7), later.replace("\"many\"", "7"));
    }
}
