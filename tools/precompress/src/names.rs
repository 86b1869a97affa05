//! Names of the functions that a module imports from its script.
//!
//! wasm-bindgen ends each of them with a hash of 16 digits, so that modules of several builds can be linked. A page has one module,
//! and no compression makes hashes shorter: they were a fiftieth of the page's download.

use std::collections::HashMap;

const BEGINNING: &[u8] = b"__wb";

/// Digits of a hash.
const DIGITS: usize = 16;

/// New endings of names, which are the same for a script and its module.
#[derive(Default)]
pub(crate) struct Names {
    endings: HashMap<Vec<u8>, String>,
    /// Number of the names with the same beginning.
    used: HashMap<Vec<u8>, usize>,
}

impl Names {
    /// Replaces the hashes in a script or a module by numbers of the same length, so that no length in a module changes.
    pub(crate) fn shorten(&mut self, file: &mut [u8]) {
        let mut at = 0;
        while let Some(next) = find(&file[at..], BEGINNING) {
            at += next;
            let Some(length) = length(&file[at..]) else {
                at += BEGINNING.len();
                continue;
            };
            let hash = at + length - DIGITS;
            let ending = self.ending(&file[at..hash], &file[at..at + length]);
            file[hash..at + length].copy_from_slice(ending.as_bytes());
            at += length;
        }
    }

    fn ending(&mut self, beginning: &[u8], name: &[u8]) -> &str {
        self.endings.entry(name.to_owned()).or_insert_with(|| {
            let used = self.used.entry(beginning.to_owned()).or_default();
            let ending = format!("{used:0DIGITS$x}");
            *used += 1;
            ending
        })
    }
}

/// Returns the length of the name at the beginning of a text, up to its hash. `None` if it has none.
fn length(text: &[u8]) -> Option<usize> {
    let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$');
    let name = &text[..text.iter().take_while(is_name).count()];
    let is_hash = |part: &[u8]| {
        part[0] == b'_' && part[1..].iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    Some(name.windows(DIGITS + 1).position(is_hash)? + DIGITS + 1)
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shortened(names: &mut Names, text: &str) -> String {
        let mut bytes = text.as_bytes().to_owned();
        names.shorten(&mut bytes);
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_name_has_one_new_name_in_both_files() {
        let mut names = Names::default();
        let script = "__wbg_send_0123456789abcdef: function() {}, __wbg_send_fedcba9876543210: 1, __wbg_x_0123456789abcdef";
        assert_eq!(
            shortened(&mut names, script),
            "__wbg_send_0000000000000000: function() {}, __wbg_send_0000000000000001: 1, __wbg_x_0000000000000000"
        );
        // In a module, any byte stands in front of a name and behind it.
        assert_eq!(
            shortened(&mut names, "A__wbg_send_fedcba9876543210A\0__wbg_send_0123456789abcdef\0"),
            "A__wbg_send_0000000000000001A\0__wbg_send_0000000000000000\0"
        );
    }

    #[test]
    fn everything_else_stays() {
        let text =
            "__wbindgen_malloc __wbg_init __wbg_send_0123456789abcde 0123456789abcdef _0123456789abcdef __wb";
        assert_eq!(shortened(&mut Names::default(), text), text);
    }
}
