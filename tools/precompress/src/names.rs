//! Short names for the functions that a module imports from its script.
//!
//! wasm-bindgen makes them long and ends each with a hash, so that modules of several builds can be linked. A page has one module.

use std::collections::HashMap;

use crate::script;

/// Returns a short name for each name that occurs in a script once. It is then the name of a function for the module and nothing else.
pub(crate) fn short<'a>(names: impl Iterator<Item = &'a str>, script: &str) -> HashMap<&'a str, String> {
    let occurrences = script::occurrences(script);
    let mut short = HashMap::new();
    for name in names {
        if occurrences.get(name) == Some(&1) {
            let next = short.len();
            short.entry(name).or_insert_with(|| letters(next));
        }
    }
    short
}

/// Writes a number in letters.
fn letters(number: usize) -> String {
    const LETTERS: &[u8; 26] = b"abcdefghijklmnopqrstuvwxyz";
    let last = char::from(LETTERS[number % LETTERS.len()]);
    match number / LETTERS.len() {
        0 => last.to_string(),
        rest => format!("{}{last}", letters(rest - 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_mean_one_thing_become_short() {
        let script = "const imports = { './m.js': { __wbg_a: f, __wbg_b: g, __wbg_c: __wbg_c } }; // __wbg_a";
        let names = ["./m.js", "__wbg_b", "./m.js", "__wbg_c", "./m.js", "__wbg_a", "__wbg_d"];
        let expected = [("./m.js", "a"), ("__wbg_b", "b"), ("__wbg_a", "c")];
        assert_eq!(short(names.into_iter(), script), expected.map(|(old, new)| (old, new.to_owned())).into());
    }

    #[test]
    fn no_two_numbers_are_the_same_in_letters() {
        let all: Vec<_> = (0..1000).map(letters).collect();
        assert_eq!((&*all[0], &*all[25], &*all[26], &*all[27]), ("a", "z", "aa", "ab"));
        assert_eq!(all.iter().collect::<std::collections::HashSet<_>>().len(), all.len());
    }
}
