//! Settings, which the browser stores.

use super::language::Language;
use super::value::{Value, object};

/// Version of the stored format. Other versions are ignored.
const VERSION: u64 = 1;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Language; `None` follows the browser's preference.
    pub language: Option<Language>,
    pub theme: Theme,
    /// Format of the times in the log.
    pub times: Times,
    /// Maximum number of messages in the log, within [`MESSAGES`].
    pub max_messages: usize,
    /// Maximum size of the log in MiB, within [`MEBIBYTES`].
    pub max_mebibytes: usize,
}

/// Colour scheme of the page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Theme {
    /// The system's preference.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// Format of the times in the log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Times {
    /// Time of day.
    #[default]
    Clock,
    /// Time since the first message.
    Relative,
}

/// Range of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Lower limit.
    pub least: usize,
    /// Upper limit.
    pub most: usize,
}

/// Range for the number of messages. A million small ones take about 200 MB in a browser.
pub const MESSAGES: Limits = Limits { least: 100, most: 2_000_000 };
/// Range for the size of the log in MiB. A WebAssembly page has at most 4 GiB in all.
pub const MEBIBYTES: Limits = Limits { least: 1, most: 2_048 };

impl Limits {
    /// Reads a number, and returns it if it is in the range.
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
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// Returns the keyword for style sheets and storage.
    pub const fn id(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Returns the theme of a keyword.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.id() == id)
    }
}

impl Times {
    pub const ALL: [Self; 2] = [Self::Clock, Self::Relative];

    /// Returns the keyword for storage.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Clock => "clock",
            Self::Relative => "relative",
        }
    }

    /// Returns the format of a keyword.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|times| times.id() == id)
    }
}

impl Settings {
    /// Reads the stored settings. Missing, damaged or out-of-range values are replaced by defaults, one by one.
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

    /// Serializes the settings for the storage.
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
