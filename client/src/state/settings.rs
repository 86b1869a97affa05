//! What a reader sets once, and the browser keeps.

use super::language::Language;
use super::value::{Value, object};

/// The version of the stored form. What has another one is not read.
const VERSION: u64 = 1;

/// The settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The language; none is what the browser prefers.
    pub language: Option<Language>,
    /// The colours.
    pub theme: Theme,
    /// How the time of a message is shown.
    pub times: Times,
    /// How many messages are kept: [`MESSAGES`].
    pub max_messages: usize,
    /// How many MiB of messages are kept: [`MEBIBYTES`].
    pub max_mebibytes: usize,
}

/// The colours of the page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Theme {
    /// Those that the system prefers.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// How times are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Times {
    /// The time of day.
    #[default]
    Clock,
    /// Since the first message.
    Relative,
}

/// How few and how many something may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// At least.
    pub least: usize,
    /// At most.
    pub most: usize,
}

/// How many messages may be kept. A million small ones take a browser some 200 MB.
pub const MESSAGES: Limits = Limits { least: 100, most: 2_000_000 };
/// How many MiB may be kept. A page of WebAssembly has at most 4 GiB for everything.
pub const MEBIBYTES: Limits = Limits { least: 1, most: 2_048 };

impl Limits {
    /// Reads a number that lies within.
    pub fn parse(self, typed: &str) -> Option<usize> {
        typed.trim().parse().ok().filter(|number| (self.least..=self.most).contains(number))
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            language: None,
            theme: Theme::default(),
            times: Times::default(),
            max_messages: 100_000,
            max_mebibytes: 512,
        }
    }
}

impl Theme {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// One word for style sheets and storage.
    pub const fn id(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of such a word.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.id() == id)
    }
}

impl Times {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Clock, Self::Relative];

    /// One word for storage.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Clock => "clock",
            Self::Relative => "relative",
        }
    }

    /// The times of such a word.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|times| times.id() == id)
    }
}

impl Settings {
    /// Reads the stored form. What is missing, damaged or out of range is as by default, and the rest is kept.
    pub fn parse(stored: &str) -> Self {
        let default = Self::default();
        let value = Value::parse(stored);
        if value.get("version").and_then(Value::as_u64) != Some(VERSION) {
            return default;
        }
        let word = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
        let number = |name: &str, limits: Limits| limits.parse(&value.get(name)?.to_string());
        Self {
            language: Language::from_tag(word("language")),
            theme: Theme::from_id(word("theme")).unwrap_or_default(),
            times: Times::from_id(word("times")).unwrap_or_default(),
            max_messages: number("maxMessages", MESSAGES).unwrap_or(default.max_messages),
            max_mebibytes: number("maxMebibytes", MEBIBYTES).unwrap_or(default.max_mebibytes),
        }
    }

    /// The form to store.
    pub fn to_json(&self) -> String {
        object([
            ("version", VERSION.into()),
            ("language", self.language.map(Language::tag).into()),
            ("theme", self.theme.id().into()),
            ("times", self.times.id().into()),
            ("maxMessages", self.max_messages.into()),
            ("maxMebibytes", self.max_mebibytes.into()),
        ])
        .to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_comes_back() {
        let settings = Settings {
            language: Some(Language::Chinese),
            theme: Theme::Dark,
            times: Times::Relative,
            max_messages: 1_000_000,
            max_mebibytes: 1,
        };
        assert_eq!(Settings::parse(&settings.to_json()), settings);
        assert_eq!(Settings::parse(&Settings::default().to_json()), Settings::default());
    }

    #[test]
    fn damage_costs_no_more_than_what_it_hit() {
        for damaged in
            ["", "{", "null", "[1]", "{\"version\":2,\"theme\":\"dark\"}", "{\"theme\":\"dark\"}", "\u{0}"]
        {
            assert_eq!(Settings::parse(damaged), Settings::default(), "{damaged:?}");
        }
        let half = r#"{"version":1,"theme":"dark","language":7,"times":"never","maxMessages":-5,"maxMebibytes":"64"}"#;
        assert_eq!(Settings::parse(half), Settings { theme: Theme::Dark, ..Settings::default() });
        let huge = r#"{"version":1,"maxMessages":1e99,"maxMebibytes":4096}"#;
        assert_eq!(Settings::parse(huge), Settings::default());
    }

    #[test]
    fn a_limit_takes_whole_numbers_within() {
        for (typed, number) in [
            ("100", Some(100)),
            (" 2000000 ", Some(2_000_000)),
            ("99", None),
            ("2000001", None),
            ("", None),
            ("1e3", None),
        ] {
            assert_eq!(MESSAGES.parse(typed), number, "{typed:?}");
        }
    }
}
