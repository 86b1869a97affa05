//! Catalogue of every string that the page shows.
//!
//! The strings are in `client/texts`, a file for each language, of which the page loads one. Here are their keys and meanings. The
//! build's hook packs each file (`tools/precompress`): its first line has the [`FINGERPRINT`] of the keys, and each other line is the
//! text of the next key.

use std::str::Split;

/// Defines a section: a struct of strings.
macro_rules! texts {
    ($section:ident { $($(#[$doc:meta])* $key:ident;)* }) => {
        #[derive(Debug)]
        pub struct $section {
            $($(#[$doc])* pub $key: &'static str,)*
        }

        impl $section {
            pub(super) const KEYS: &'static [&'static str] = &[$(stringify!($key)),*];
            pub(super) const NONE: Self = Self { $($key: "",)* };

            pub(super) fn read(&mut self, lines: &mut crate::texts::Lines) {
                $(lines.read(&mut self.$key);)*
            }
        }
    };
}

mod close_codes;
mod composer;
mod connection;
mod detail;
mod fill;
mod lab;
pub mod language;
mod links;
mod log;
mod page;
mod stats;
mod wire;

pub use close_codes::CloseCodeTexts;
pub use composer::ComposerTexts;
pub use connection::ConnectionTexts;
pub use detail::DetailTexts;
pub use fill::{fill, plural};
pub use lab::LabTexts;
pub use links::LinksTexts;
pub use log::LogTexts;
pub use page::{PageTexts, SettingsTexts, ShortcutsTexts};
pub use stats::StatsTexts;
pub use wire::WireTexts;

#[cfg(test)]
pub use tests::{EN, ZH};

/// The lines of a packed file that were not read.
struct Lines(Split<'static, char>);

impl Lines {
    /// Takes the next text. It is called once for each text, and would be larger in place of each call.
    #[inline(never)]
    fn read(&mut self, text: &mut &'static str) {
        *text = self.0.next().unwrap_or_default();
    }
}

macro_rules! catalogue {
    ($($section:ident: $type:ident,)+) => {
        /// All strings of the page in one language.
        #[derive(Debug)]
        pub struct Texts {
            $(pub $section: $type,)+
        }

        const SECTIONS: &[(&str, &[&str])] = &[$((stringify!($section), $type::KEYS),)+];

        impl Texts {
            /// No text, of no language.
            const NONE: Self = Self { $($section: $type::NONE,)+ };

            /// Reads the texts of a packed file. Returns `None` if it is not of this build.
            fn read(packed: &'static str) -> Option<Self> {
                let mut lines = Lines(packed.split('\n'));
                if lines.0.next()?.parse() != Ok(FINGERPRINT) {
                    return None;
                }
                let mut texts = Self::NONE;
                $(texts.$section.read(&mut lines);)+
                Some(texts)
            }
        }
    };
}

catalogue! {
    composer: ComposerTexts,
    connection: ConnectionTexts,
    detail: DetailTexts,
    stats: StatsTexts,
    links: LinksTexts,
    log: LogTexts,
    page: PageTexts,
    settings: SettingsTexts,
    shortcuts: ShortcutsTexts,
    lab: LabTexts,
    wire: WireTexts,
    close_codes: CloseCodeTexts,
}

/// Hash of the keys in their order, 32-bit FNV-1a: each section's name and each key, with a line feed behind it.
const FINGERPRINT: u32 = {
    let (mut hash, mut section) = (0x811c_9dc5, 0);
    while section < SECTIONS.len() {
        let (name, keys) = SECTIONS[section];
        (hash, section) = (hashed(hash, name), section + 1);
        let mut key = 0;
        while key < keys.len() {
            (hash, key) = (hashed(hash, keys[key]), key + 1);
        }
    }
    hash
};

/// Goes on with a hash by a line.
const fn hashed(mut hash: u32, line: &str) -> u32 {
    let mut at = 0;
    while at <= line.len() {
        let byte = if at < line.len() { line.as_bytes()[at] } else { b'\n' };
        // The cast is lossless.
        (hash, at) = ((hash ^ byte as u32).wrapping_mul(0x0100_0193), at + 1);
    }
    hash
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::LazyLock;

    use super::*;

    pub static EN: LazyLock<Texts> = LazyLock::new(|| of(include_str!("../../texts/en.txt")));
    pub static ZH: LazyLock<Texts> = LazyLock::new(|| of(include_str!("../../texts/zh-CN.txt")));

    /// Returns the lines of a file as key and text; a section's name has no text.
    fn entries(file: &str) -> Vec<(&str, &str)> {
        let lines = file.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        let entry = |line: &'static str| match line.strip_prefix('[') {
            Some(name) => (name.strip_suffix(']').unwrap(), ""),
            None => line.split_once(": ").unwrap_or_else(|| panic!("{line}: a line is \"key: text\"")),
        };
        // Leaked, because a text is 'static.
        lines.map(|line| entry(line.to_owned().leak())).collect()
    }

    fn of(file: &str) -> Texts {
        let texts = entries(file).into_iter().filter(|(_, text)| !text.is_empty());
        let packed = texts.fold(FINGERPRINT.to_string(), |packed, (_, text)| packed + "\n" + text);
        Texts::read(packed.leak()).unwrap()
    }

    fn both() -> [Vec<(&'static str, &'static str)>; 2] {
        [entries(include_str!("../../texts/en.txt")), entries(include_str!("../../texts/zh-CN.txt"))]
    }

    fn placeholders(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect()
    }

    /// Splits a text into its singular and plural. Only texts with a number have two forms.
    fn forms(text: &str) -> Vec<&str> {
        if text.contains("{n}") { text.split('|').collect() } else { vec![text] }
    }

    #[test]
    fn each_language_has_the_keys_of_the_page_in_their_order() {
        let keys: Vec<&str> =
            SECTIONS.iter().flat_map(|(name, keys)| [name].into_iter().chain(*keys)).copied().collect();
        for entries in both() {
            let found: Vec<&str> = entries.into_iter().map(|(key, _)| key).collect();
            let differing = keys.iter().zip(&found).find(|(key, found)| key != found);
            assert_eq!(differing, None, "the page's key, and that of the file");
            assert_eq!(found.len(), keys.len());
        }
    }

    #[test]
    fn a_file_of_another_build_is_refused() {
        assert!(Texts::read("").is_none() && Texts::read("1\na").is_none());
        assert_eq!(Texts::NONE.composer.send, "");
        assert_eq!(EN.composer.send, "send");
        assert_eq!(EN.close_codes.other, "The code is reserved and has no meaning.");
    }

    #[test]
    fn no_form_is_empty_in_any_language() {
        for (key, text) in both().into_iter().flatten().filter(|(_, text)| !text.is_empty()) {
            assert!(forms(text).iter().all(|form| !form.trim().is_empty()), "{key}");
        }
    }

    #[test]
    fn every_translation_has_the_placeholders_of_its_original() {
        let [english, chinese] = both();
        for ((key, english), (_, chinese)) in english.into_iter().zip(chinese) {
            for form in forms(english) {
                assert_eq!(placeholders(form), placeholders(chinese), "{key}");
            }
            assert_eq!(english.matches('{').count(), english.matches('}').count(), "{key}");
            assert_eq!(forms(chinese).len(), 1, "{key}: Chinese has one form for every number");
        }
    }

    #[test]
    fn chinese_is_chinese() {
        let is_chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        let [english, chinese] = both();
        for (key, text) in chinese {
            let name_or_unit = !text.contains(' ') && text.len() < 20;
            assert!(is_chinese(text) || name_or_unit, "{key}: {text}");
        }
        for (key, text) in english {
            assert!(!is_chinese(text) || key == "chinese", "{key}: {text}");
        }
    }
}
