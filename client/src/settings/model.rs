//! Settings, which the browser stores.

use serde_json::Value;

use crate::common::stored::{Form, object};
use crate::texts::language::Language;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Language; `None` follows the browser's preference.
    pub language: Option<Language>,
    pub theme: Theme,
    pub times: Times,
    /// Maximum number of messages in the log, within [`MESSAGES`].
    pub max_messages: usize,
    /// Maximum size of the log in MiB, within [`MEBIBYTES`].
    pub max_mebibytes: usize,
    /// True if URLs and sent messages are stored.
    pub remember: bool,
    /// True if the log is stored over a reload. Without `remember` it is not.
    pub keep_log: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Theme {
    /// The system's preference.
    #[default]
    System,
    Light,
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
    /// Time since the row above.
    Previous,
}

/// Range of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub least: usize,
    pub most: usize,
}

/// Range for the number of messages. A million small ones take about 200 MB in a browser.
pub const MESSAGES: Limits = Limits { least: 100, most: 2_000_000 };
/// Range for the size of the log in MiB. A WebAssembly page has at most 4 GiB in all.
pub const MEBIBYTES: Limits = Limits { least: 1, most: 2_048 };

const MAX_MESSAGES: usize = 100_000;
const MAX_MEBIBYTES: usize = 512;

impl Limits {
    /// Reads a number, and returns it if it is in the range.
    pub fn parse(self, typed: &str) -> Option<usize> {
        typed.trim().parse().ok().filter(|number| self.contains(*number))
    }

    fn contains(self, number: usize) -> bool {
        (self.least..=self.most).contains(&number)
    }

    fn read(self, stored: &Value) -> Option<usize> {
        stored.as_u64().and_then(|number| number.try_into().ok()).filter(|number| self.contains(*number))
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            language: None,
            theme: Theme::default(),
            times: Times::default(),
            max_messages: MAX_MESSAGES,
            max_mebibytes: MAX_MEBIBYTES,
            remember: true,
            keep_log: false,
        }
    }
}

impl Theme {
    /// Returns the keyword for style sheets and forms.
    pub const fn id(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Returns the theme of a keyword; the default if it is unknown.
    pub fn from_id(id: &str) -> Self {
        [Self::Light, Self::Dark].into_iter().find(|theme| theme.id() == id).unwrap_or_default()
    }
}

impl Times {
    /// Returns the keyword for forms.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Clock => "clock",
            Self::Relative => "relative",
            Self::Previous => "previous",
        }
    }

    /// Returns the format of a keyword; the default if it is unknown.
    pub fn from_id(id: &str) -> Self {
        [Self::Relative, Self::Previous].into_iter().find(|times| times.id() == id).unwrap_or_default()
    }
}

impl Form for Settings {
    fn read(fields: &Value) -> Self {
        let word = |name| fields[name].as_str().unwrap_or_default();
        Self {
            language: Language::from_tag(word("language")),
            theme: Theme::from_id(word("theme")),
            times: Times::from_id(word("times")),
            max_messages: MESSAGES.read(&fields["maxMessages"]).unwrap_or(MAX_MESSAGES),
            max_mebibytes: MEBIBYTES.read(&fields["maxMebibytes"]).unwrap_or(MAX_MEBIBYTES),
            remember: fields["remember"].as_bool().unwrap_or(true),
            keep_log: fields["keepLog"].as_bool().unwrap_or_default(),
        }
    }

    fn write(&self) -> Value {
        object([
            ("language", self.language.map(Language::tag).into()),
            ("theme", self.theme.id().into()),
            ("times", self.times.id().into()),
            ("maxMessages", self.max_messages.into()),
            ("maxMebibytes", self.max_mebibytes.into()),
            ("remember", self.remember.into()),
            ("keepLog", self.keep_log.into()),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::common::stored;

    #[test]
    fn what_is_stored_comes_back() {
        let settings = Settings {
            language: Some(Language::Chinese),
            theme: Theme::Dark,
            times: Times::Previous,
            max_messages: 1_000_000,
            max_mebibytes: 1,
            remember: false,
            keep_log: true,
        };
        let stored = r#"{"language":"zh-CN","theme":"dark","times":"previous","maxMessages":1000000,"maxMebibytes":1,"remember":false,"keepLog":true}"#;
        assert_eq!(settings.write(), stored::parse(stored));
        assert_eq!(stored::read::<Settings>(stored), settings);
    }

    #[test]
    fn damage_costs_no_more_than_what_it_hit() {
        for damaged in ["", "{", "null", "[1]", "\u{0}"] {
            assert_eq!(stored::read::<Settings>(damaged), Settings::default(), "{damaged:?}");
        }
        let half = r#"{"version":1,"theme":"dark","language":7,"times":"never","maxMessages":-5,"maxMebibytes":"64"}"#;
        assert_eq!(stored::read::<Settings>(half), Settings { theme: Theme::Dark, ..Settings::default() });
        let huge = r#"{"version":1,"maxMessages":1e99,"maxMebibytes":4096}"#;
        assert_eq!(stored::read::<Settings>(huge), Settings::default());
    }

    #[test]
    fn what_an_earlier_version_knows_of_a_later_ones_is_read() {
        let later = r#"{"version":2,"theme":"sepia","times":"relative","language":"tlh","more":[{}]}"#;
        assert_eq!(
            stored::read::<Settings>(later),
            Settings { times: Times::Relative, ..Settings::default() }
        );
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
