//! The lab: endpoints that misbehave on request. Each scenario is data here; the server reads requests by it, the page builds its
//! forms from it, and `docs/lab.md` is made of it.

mod catalogue;
mod values;

use serde::Serialize;

pub use catalogue::SCENARIOS;
pub use values::{BadParameter, Problem, Value, Values};

/// Shortest identifier of a tap, in characters. An identifier is the only key to a tap, so it must be hard to guess.
pub const TAP_ID_MIN: usize = 16;

/// Longest identifier of a tap, in characters.
pub const TAP_ID_MAX: usize = 64;

/// Name of the parameter that asks for a tap.
pub const TAP: &str = "tap";

/// True if a text may be the identifier of a tap: letters, digits, `-` and `_` in a number from [`TAP_ID_MIN`] to [`TAP_ID_MAX`].
pub fn is_tap_id(text: &str) -> bool {
    (TAP_ID_MIN..=TAP_ID_MAX).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// A text in both languages of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Text {
    /// English.
    pub en: &'static str,
    /// Chinese.
    pub zh: &'static str,
}

/// A behaviour of the server, chosen by the path of the URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Scenario {
    /// The last segment of the path, below [`paths::LAB`](crate::paths::LAB).
    pub name: &'static str,
    /// Title, as a heading.
    pub title: Text,
    /// Behaviour of the server, as sentences.
    pub description: Text,
    /// Parameters of the query.
    pub parameters: &'static [Parameter],
    /// Queries to try, without the question mark.
    pub examples: &'static [&'static str],
}

/// A parameter of the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Parameter {
    /// Name in the query.
    pub name: &'static str,
    /// Meaning of the value.
    pub description: Text,
    /// Values that are allowed.
    #[serde(flatten)]
    pub kind: Kind,
    /// Value without the parameter, written as in the query.
    pub default: &'static str,
}

/// The values that a parameter may have. Times and sizes are written as the flags of the server are: `500ms`, `64KiB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Kind {
    /// A whole number.
    Number {
        /// Smallest value.
        least: u64,
        /// Largest value.
        most: u64,
    },
    /// A time, in milliseconds.
    Time {
        /// Shortest time.
        least: u64,
        /// Longest time.
        most: u64,
    },
    /// Times of at most `most` milliseconds, separated by commas.
    Times {
        /// Longest time.
        most: u64,
        /// Largest number of times.
        count: usize,
    },
    /// A number of bytes.
    Size {
        /// Smallest size.
        least: u64,
        /// Largest size.
        most: u64,
    },
    /// One of several words.
    Choice {
        /// The words.
        of: &'static [&'static str],
    },
    /// Text without control characters.
    Text {
        /// Greatest length, in bytes.
        most: usize,
    },
    /// A token of RFC 9110 section 5.6.2, or nothing.
    Token,
    /// Header lines, `NAME:VALUE`. The only kind of parameter that may stand in a query several times.
    Headers {
        /// Largest number of lines.
        count: usize,
    },
    /// Yes (`1`) or no (`0`).
    Flag,
}

impl Scenario {
    /// Returns the scenario with this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        SCENARIOS.iter().find(|scenario| scenario.name == name)
    }

    /// Returns the parameter with this name.
    pub fn parameter(&self, name: &str) -> Option<&'static Parameter> {
        self.parameters.iter().find(|parameter| parameter.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_is_sound() {
        for (index, scenario) in SCENARIOS.iter().enumerate() {
            assert!(SCENARIOS[..index].iter().all(|other| other.name != scenario.name), "{}", scenario.name);
            for text in [scenario.title, scenario.description] {
                assert!(!text.en.is_empty() && !text.zh.is_empty(), "{}", scenario.name);
            }
            assert!(!scenario.examples.is_empty(), "{}", scenario.name);
            for (index, parameter) in scenario.parameters.iter().enumerate() {
                let name = parameter.name;
                assert!(scenario.parameters[..index].iter().all(|other| other.name != name), "{name}");
                assert_ne!(name, TAP);
                assert!(!parameter.description.zh.is_empty(), "{name}");
                let read = parameter.read(parameter.default);
                assert!(read.is_ok(), "{} {name}={}: {read:?}", scenario.name, parameter.default);
            }
        }
    }

    #[test]
    fn a_tap_has_an_identifier_that_is_hard_to_guess() {
        assert!(is_tap_id("0123456789abcdef") && is_tap_id(&"a-_Z".repeat(16)));
        for bad in ["", "0123456789abcde", "0123456789abcde/", "0123456789abcde\u{e9}", &"a".repeat(65)] {
            assert!(!is_tap_id(bad), "{bad}");
        }
    }
}
