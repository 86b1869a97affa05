//! Values of parameters, as they stand in the query of a request.

use std::fmt;

use serde::{Serialize, Serializer, ser::SerializeMap as _};

use super::{Kind, Parameter, Scenario, TAP};
use crate::is_token;

/// Longest part of a bad value that is repeated in an error, in characters.
const SHOWN: usize = 100;

/// The value of a parameter: times in milliseconds, sizes in bytes, and flags as truth values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// A number, a time or a size.
    Number(u64),
    /// A flag.
    Flag(bool),
    /// A word or a text.
    Text(String),
    /// Times.
    Numbers(Vec<u64>),
    /// Header lines, as name and value.
    Headers(Vec<(String, String)>),
}

/// The values of all parameters of a scenario, in the order of the catalogue. Parameters that the query has not have their defaults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Values(Vec<(&'static str, Value)>);

impl Serialize for Values {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// A parameter that a scenario does not take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BadParameter {
    /// Name, as far as it is short.
    pub parameter: String,
    /// Value, as far as it is short.
    pub value: String,
    /// The rule that was broken.
    pub problem: Problem,
    /// Values, or names of parameters, that are allowed.
    pub allowed: String,
}

/// The rule that a parameter breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Problem {
    /// The scenario has no such parameter.
    Unknown,
    /// The parameter stands in the query twice.
    Doubled,
    /// The value is not allowed.
    Value,
}

impl BadParameter {
    /// An error about `parameter`. Names and values that are long are cut.
    pub fn new(parameter: &str, value: &str, problem: Problem, allowed: impl Into<String>) -> Self {
        let shown = |text: &str| text.chars().take(SHOWN).collect();
        Self { parameter: shown(parameter), value: shown(value), problem, allowed: allowed.into() }
    }
}

impl fmt::Display for BadParameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { parameter, value, problem, allowed } = self;
        match problem {
            Problem::Unknown => write!(f, "there is no parameter {parameter:?}; there are {allowed}"),
            Problem::Doubled => write!(f, "the parameter {parameter:?} may be given once"),
            Problem::Value => write!(f, "{parameter}={value:?} is not allowed; write {allowed}"),
        }
    }
}

impl Scenario {
    /// Reads the parameters of a query, which are decoded already. The parameter of the tap is passed over.
    ///
    /// # Errors
    /// The first parameter that is unknown, is given twice, or has a value that is not allowed.
    pub fn read<'a>(&self, query: impl Iterator<Item = (&'a str, &'a str)>) -> Result<Values, BadParameter> {
        let mut given: Vec<Option<Value>> = vec![None; self.parameters.len()];
        for (name, value) in query.filter(|(name, _)| *name != TAP) {
            let Some(index) = self.parameters.iter().position(|parameter| parameter.name == name) else {
                return Err(BadParameter::new(name, value, Problem::Unknown, self.names()));
            };
            let parameter = &self.parameters[index];
            let read = parameter
                .read(value)
                .map_err(|allowed| BadParameter::new(name, value, Problem::Value, allowed))?;
            given[index] = match (given[index].take(), read, parameter.kind) {
                (None, read, _) => Some(read),
                (Some(Value::Headers(mut lines)), Value::Headers(more), Kind::Headers { count }) => {
                    lines.extend(more);
                    if lines.len() > count {
                        let allowed = format!("at most {count} of them");
                        return Err(BadParameter::new(name, value, Problem::Value, allowed));
                    }
                    Some(Value::Headers(lines))
                }
                _ => return Err(BadParameter::new(name, value, Problem::Doubled, "one value")),
            };
        }
        let values = self.parameters.iter().zip(given).map(|(parameter, given)| {
            // The defaults are sound, by a test.
            let value = given.or_else(|| parameter.read(parameter.default).ok());
            (parameter.name, value.unwrap_or(Value::Number(0)))
        });
        Ok(Values(values.collect()))
    }

    fn names(&self) -> String {
        let mut names: Vec<_> = self.parameters.iter().map(|parameter| parameter.name).collect();
        names.push(TAP);
        names.join(", ")
    }
}

impl Parameter {
    /// Reads a value.
    ///
    /// # Errors
    /// The values that are allowed, as words that follow "write".
    pub fn read(&self, text: &str) -> Result<Value, String> {
        let read = match self.kind {
            Kind::Number { least, most } => {
                let number = number(text).filter(|(_, rest)| rest.is_empty());
                within(number.map(|(number, _)| number), least, most).map(Value::Number)
            }
            Kind::Time { least, most } => within(time(text), least, most).map(Value::Number),
            Kind::Size { least, most } => within(size(text), least, most).map(Value::Number),
            Kind::Times { most, count } => {
                let times =
                    text.split(',').map(|text| within(time(text), 1, most)).collect::<Option<Vec<_>>>();
                times.filter(|times| times.len() <= count).map(Value::Numbers)
            }
            Kind::Choice { of } => of.contains(&text).then(|| Value::Text(text.into())),
            Kind::Text { most } => {
                let is_good = text.len() <= most && !text.chars().any(char::is_control);
                is_good.then(|| Value::Text(text.into()))
            }
            Kind::Token => (text.is_empty() || is_token(text)).then(|| Value::Text(text.into())),
            Kind::Headers { .. } if text.is_empty() => Some(Value::Headers(Vec::new())),
            Kind::Headers { .. } => header(text).map(|line| Value::Headers(vec![line])),
            Kind::Flag => match text {
                "1" | "true" => Some(Value::Flag(true)),
                "0" | "false" => Some(Value::Flag(false)),
                _ => None,
            },
        };
        read.ok_or_else(|| self.allowed())
    }

    /// Returns the values that are allowed, as words that follow "write".
    pub fn allowed(&self) -> String {
        match self.kind {
            Kind::Number { least, most } => format!("a whole number from {least} to {most}"),
            Kind::Time { least, most } => {
                format!(
                    "a time from {} to {}, such as {}",
                    time_text(least),
                    time_text(most),
                    self.example("500ms")
                )
            }
            Kind::Size { least, most } => {
                let (least, most) = (size_text(least), size_text(most));
                format!("a size from {least} to {most}, such as {}", self.example("64KiB"))
            }
            Kind::Times { most, count } => {
                let most = time_text(most);
                format!(
                    "up to {count} times of at most {most}, separated by commas, such as {}",
                    self.default
                )
            }
            Kind::Choice { of } => of.join(" or "),
            Kind::Text { most } => format!("a text of at most {most} bytes without control characters"),
            Kind::Token => "letters, digits and !#$%&'*+-.^_`|~".into(),
            Kind::Headers { count } => format!(
                "NAME:VALUE with at most 8 KiB of printable ASCII, up to {count} times; not a header of the \
                 handshake or of the connection, and no cookie"
            ),
            Kind::Flag => "1 or 0".into(),
        }
    }

    fn example<'a>(&'a self, other: &'a str) -> &'a str {
        if self.default.starts_with(|first| matches!(first, '1'..='9')) { self.default } else { other }
    }
}

fn within(value: Option<u64>, least: u64, most: u64) -> Option<u64> {
    value.filter(|value| (least..=most).contains(value))
}

/// Units of a time, in milliseconds. A longer unit follows each that begins like it.
const TIMES: [(&str, u64); 4] = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)];

/// Units of a size, in bytes.
const SIZES: [(&str, u64); 8] = [
    ("B", 1),
    ("", 1),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("kB", 1_000),
    ("KB", 1_000),
    ("MB", 1_000_000),
];

/// Reads a time such as `500ms` or `1m30s`, in milliseconds.
fn time(text: &str) -> Option<u64> {
    let mut rest = text.trim();
    let mut sum = 0_u64;
    loop {
        let (number, behind) = number(rest)?;
        let (unit, factor) = TIMES.iter().find(|(unit, _)| behind.starts_with(unit))?;
        sum = sum.checked_add(number.checked_mul(*factor)?)?;
        rest = behind[unit.len()..].trim_start();
        if rest.is_empty() {
            return Some(sum);
        }
    }
}

/// Reads a size such as `64KiB`, in bytes.
fn size(text: &str) -> Option<u64> {
    let (number, unit) = number(text.trim())?;
    let unit = unit.trim_start();
    let (_, factor) = SIZES.iter().find(|(name, _)| *name == unit)?;
    number.checked_mul(*factor)
}

/// Splits a text into the number at its beginning and the rest.
fn number(text: &str) -> Option<(u64, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    Some((text[..end].parse().ok()?, &text[end..]))
}

/// Returns a time in milliseconds as a query has it: in the largest unit that gives a whole number.
fn time_text(ms: u64) -> String {
    let (unit, factor) = match ms {
        0 => ("s", 1),
        _ => *TIMES.iter().rev().find(|(_, factor)| ms.is_multiple_of(*factor)).unwrap_or(&TIMES[0]),
    };
    format!("{}{unit}", ms / factor)
}

fn size_text(bytes: u64) -> String {
    let unit = [("GiB", 30), ("MiB", 20), ("KiB", 10)].into_iter();
    match unit.clone().find(|(_, bits)| bytes > 0 && bytes.trailing_zeros() >= *bits) {
        Some((unit, bits)) => format!("{}{unit}", bytes >> bits),
        None => bytes.to_string(),
    }
}

/// Names of headers that a request may not choose: those that frame the answer, those of the handshake, and those that change the state of a
/// browser for the whole origin.
const RESERVED: [&str; 22] = [
    "connection",
    "content-length",
    "content-encoding",
    "transfer-encoding",
    "te",
    "trailer",
    "upgrade",
    "keep-alive",
    "proxy-connection",
    "date",
    "host",
    "set-cookie",
    "set-cookie2",
    "clear-site-data",
    "strict-transport-security",
    "public-key-pins",
    "alt-svc",
    "nel",
    "report-to",
    "reporting-endpoints",
    "origin-agent-cluster",
    "content-security-policy",
];

/// Reads a header line.
fn header(text: &str) -> Option<(String, String)> {
    let (name, value) = text.split_once(':')?;
    let value = value.trim_matches([' ', '\t']);
    let lower = name.to_ascii_lowercase();
    let is_good = is_token(name)
        && name.len() <= 256
        && !RESERVED.contains(&lower.as_str())
        && !lower.starts_with("sec-websocket-")
        && value.len() <= 8 * 1024
        && value.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    is_good.then(|| (name.to_owned(), value.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_sizes_are_written_as_flags_write_them() {
        for (text, ms) in [
            ("500ms", 500),
            ("1s", 1_000),
            ("1m30s", 90_000),
            ("1m 30s", 90_000),
            ("0s", 0),
            ("2h", 7_200_000),
        ] {
            assert_eq!(time(text), Some(ms), "{text}");
        }
        for (text, bytes) in [("0", 0), ("64KiB", 65_536), ("1 MiB", 1 << 20), ("10B", 10), ("2kB", 2_000)] {
            assert_eq!(size(text), Some(bytes), "{text}");
        }
        for bad in ["", "1", "-1s", "1x", "s", "1s!", "99999999999999999999s", "18446744073709551615h"] {
            assert_eq!(time(bad), None, "{bad}");
        }
        for bad in ["", "-1", "KiB", "1XB", "18446744073709551615GiB"] {
            assert_eq!(size(bad), None, "{bad}");
        }
        assert_eq!(
            [0, 1, 1_000, 90_000, 60_000, 3_600_000].map(time_text),
            ["0s", "1ms", "1s", "90s", "1m", "1h"]
        );
        assert_eq!([0, 1_000, 1_024, 1 << 20].map(size_text), ["0", "1000", "1KiB", "1MiB"]);
    }

    #[test]
    fn a_header_line_cannot_break_the_answer() {
        assert_eq!(header("X-A: b c "), Some(("X-A".into(), "b c".into())));
        for bad in [
            "",
            "X-A",
            ":b",
            "X A: b",
            "X-A: b\r\nSet-Cookie: c",
            "X-A: \0",
            "X-A: \u{e9}",
            "Set-Cookie: a=b",
            "sec-websocket-accept: x",
            "Content-Length: 3",
            "Transfer-Encoding: chunked",
        ] {
            assert_eq!(header(bad), None, "{bad}");
        }
        assert_eq!(header(&format!("X-A: {}", "b".repeat(8 * 1024 + 1))), None);
    }

    #[test]
    fn an_error_names_parameter_value_and_the_allowed_values() {
        let push = Scenario::named("push").unwrap();
        let error = |query: &[(&'static str, &'static str)]| push.read(query.iter().copied()).unwrap_err();
        let unknown = error(&[("evry", "1s")]);
        assert_eq!((unknown.parameter.as_str(), unknown.problem), ("evry", Problem::Unknown));
        assert!(unknown.allowed.contains("every") && unknown.allowed.contains("tap"), "{}", unknown.allowed);
        assert_eq!(error(&[("count", "1"), ("count", "1")]).problem, Problem::Doubled);
        let bad = error(&[("every", "soon")]);
        assert_eq!(bad.problem, Problem::Value);
        assert!(bad.to_string().contains("such as 1s"), "{bad}");
        assert!(push.read([("tap", "x"), ("every", "2s")].into_iter()).is_ok());
    }
}
