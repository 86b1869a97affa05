//! Strings with placeholders for values.

use crate::common::format::grouped;

/// Replaces each `{name}` in the text by its value. Placeholders inside a value are not replaced.
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, place)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, after)) = place.split_once('}') else {
            out.push('{');
            rest = place;
            continue;
        };
        match values.iter().find(|(key, _)| *key == name) {
            Some((_, value)) => out.push_str(value),
            None => out.extend(["{", name, "}"]),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Replaces `{n}` by the number, with its digits grouped in threes. If `|` separates two forms, the first one is for 1.
pub fn plural(text: &str, n: usize) -> String {
    let form = match text.split_once('|') {
        Some((one, _)) if n == 1 => one,
        Some((_, many)) => many,
        None => text,
    };
    fill(form, &[("n", &grouped(n))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_by_name() {
        assert_eq!(fill("{a} of {b}, {a}", &[("a", "1"), ("b", "{a}")]), "1 of {a}, 1");
        assert_eq!(fill("no place", &[("a", "1")]), "no place");
        assert_eq!(fill("{unknown} {", &[]), "{unknown} {");
    }

    #[test]
    fn one_has_a_form_of_its_own() {
        let text = "{n} message|{n} messages";
        assert_eq!(plural(text, 1), "1 message");
        assert_eq!(plural(text, 0), "0 messages");
        assert_eq!(plural(text, 2_000), "2,000 messages");
        assert_eq!(plural("{n} 条消息", 1), "1 条消息");
    }
}
