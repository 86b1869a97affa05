//! Languages of the page, and their loaded texts.

use std::sync::OnceLock;

use crate::texts::Texts;

/// The loaded texts, in the order of [`Language::ALL`].
static LOADED: [OnceLock<Texts>; Language::ALL.len()] = [const { OnceLock::new() }; Language::ALL.len()];

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Language {
    #[default]
    English,
    /// Simplified Chinese.
    Chinese,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::English, Self::Chinese];

    /// Returns the language tag (BCP 47).
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }

    pub fn from_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.tag() == tag)
    }

    /// Returns the first supported language among those that the browser prefers, or English if none is supported.
    pub fn preferred<'a>(tags: impl IntoIterator<Item = &'a str>) -> Self {
        let known = |tag: &str| match tag.split('-').next().unwrap_or_default().to_ascii_lowercase().as_str()
        {
            "en" => Some(Self::English),
            "zh" => Some(Self::Chinese),
            _ => None,
        };
        tags.into_iter().find_map(known).unwrap_or_default()
    }

    /// Takes over the texts of a packed file. Returns false if it is not of this build.
    pub fn load(self, packed: String) -> bool {
        Texts::read(packed.leak()).is_some_and(|texts| {
            // Texts that are there already are the same.
            let _ = LOADED[self as usize].set(texts);
            true
        })
    }

    pub fn is_loaded(self) -> bool {
        LOADED[self as usize].get().is_some()
    }

    /// Returns the texts in this language, or those in another one as long as these are not loaded.
    #[cfg(not(test))]
    pub fn texts(self) -> &'static Texts {
        LOADED[self as usize].get().or_else(|| LOADED.iter().find_map(OnceLock::get)).unwrap_or(&Texts::NONE)
    }

    #[cfg(test)]
    pub fn texts(self) -> &'static Texts {
        match self {
            Self::English => &super::EN,
            Self::Chinese => &super::ZH,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_known_language_counts() {
        for (tags, language) in [
            (&["en-US", "zh"][..], Language::English),
            (&["zh-CN", "en"], Language::Chinese),
            (&["de", "zh-Hant-TW"], Language::Chinese),
            (&["ZH"], Language::Chinese),
            (&["de-DE", "fr"], Language::English),
            (&["", "zha"], Language::English),
            (&[], Language::English),
        ] {
            assert_eq!(Language::preferred(tags.iter().copied()), language, "{tags:?}");
        }
    }

    #[test]
    fn a_tag_names_its_language() {
        for language in Language::ALL {
            assert_eq!(Language::from_tag(language.tag()), Some(language));
        }
        assert_eq!(Language::from_tag("tlh"), None);
    }
}
