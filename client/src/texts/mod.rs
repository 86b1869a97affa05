//! Catalogue of every string that the page shows, in all languages.
//!
//! A string stands in all languages side by side, so that a missing translation is a compile error.

/// Defines a section: a struct of strings, and a constant of it for each language.
macro_rules! texts {
    ($section:ident { $($(#[$doc:meta])* $key:ident: $english:expr, $chinese:expr;)* }) => {
        #[derive(Debug)]
        pub struct $section {
            $($(#[$doc])* pub $key: &'static str,)*
        }

        impl $section {
            pub(super) const EN: Self = Self { $($key: $english,)* };
            pub(super) const ZH: Self = Self { $($key: $chinese,)* };

            #[cfg(test)]
            pub(super) fn entries(&self, section: &str) -> Vec<(String, &'static str)> {
                vec![$((format!("{section}.{}", stringify!($key)), self.$key),)*]
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
use ws_echo_shared::CloseCode;

macro_rules! catalogue {
    ($($section:ident: $type:ident,)+) => {
        /// All strings of the page in one language.
        #[derive(Debug)]
        pub struct Texts {
            /// Returns the meaning of a close code as a sentence.
            pub close_code_meaning: fn(CloseCode) -> &'static str,
            $(pub $section: $type,)+
        }

        pub static EN: Texts = Texts { close_code_meaning: CloseCode::meaning, $($section: $type::EN,)+ };
        pub static ZH: Texts =
            Texts { close_code_meaning: close_codes::meaning_in_chinese, $($section: $type::ZH,)+ };

        #[cfg(test)]
        impl Texts {
            fn entries(&self) -> Vec<(String, &'static str)> {
                [$(self.$section.entries(stringify!($section)),)+].concat()
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
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn placeholders(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect()
    }

    /// Splits a text into its singular and plural. Only texts with a number have two forms.
    fn forms(text: &str) -> Vec<&str> {
        if text.contains("{n}") { text.split('|').collect() } else { vec![text] }
    }

    #[test]
    fn no_string_is_empty_in_any_language() {
        for texts in [&EN, &ZH] {
            for (key, text) in texts.entries() {
                assert!(forms(text).iter().all(|form| !form.trim().is_empty()), "{key}");
            }
        }
    }

    #[test]
    fn every_translation_has_the_placeholders_of_its_original() {
        for ((key, english), (_, chinese)) in EN.entries().into_iter().zip(ZH.entries()) {
            for form in forms(english) {
                assert_eq!(placeholders(form), placeholders(chinese), "{key}");
            }
            assert_eq!(english.matches('{').count(), english.matches('}').count(), "{key}");
            assert_eq!(forms(chinese).len(), 1, "{key}: Chinese has one form for every number");
        }
    }

    #[test]
    fn chinese_is_chinese() {
        let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        let meanings =
            (0..=u16::MAX).map(|code| ("close code".to_owned(), (ZH.close_code_meaning)(CloseCode(code))));
        for (key, text) in ZH.entries().into_iter().chain(meanings) {
            let name_or_unit = !text.contains(' ') && text.len() < 20;
            assert!(chinese(text) || name_or_unit, "{key}: {text}");
        }
        for (key, text) in EN.entries() {
            assert!(!chinese(text) || key == "settings.chinese", "{key}: {text}");
        }
    }
}
