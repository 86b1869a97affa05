//! JSON text, written value by value.

use std::fmt::{Debug, Display, Write as _};

/// The text written so far. Writing to a String cannot fail.
#[derive(Default)]
pub(crate) struct Json(pub(crate) String);

impl Json {
    pub(crate) fn text(&mut self, text: &str) {
        self.0.push('"');
        self.escaped(text);
        self.0.push('"');
    }

    pub(crate) fn plain(&mut self, value: impl Display) {
        let _ = write!(self.0, "{value}");
    }

    /// Writes a float with the digits that its type needs. What is no number stands between angle brackets.
    pub(crate) fn float(&mut self, value: impl Debug + Copy + Into<f64>) {
        let exact: f64 = value.into();
        if exact.is_finite() {
            let _ = write!(self.0, "{value:?}");
        } else if exact.is_nan() {
            self.0.push_str("\"<NaN>\"");
        } else {
            self.0.push_str(if exact > 0.0 { "\"<Infinity>\"" } else { "\"<-Infinity>\"" });
        }
    }

    pub(crate) fn bytes<'a>(&mut self, parts: impl IntoIterator<Item = &'a [u8]>) {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        self.0.push_str("\"h'");
        for byte in parts.into_iter().flatten() {
            for digit in [byte >> 4, byte & 15] {
                self.0.push(char::from(DIGITS[usize::from(digit)]));
            }
        }
        self.0.push_str("'\"");
    }

    /// Turns everything behind `start`, which is one value, into a key.
    pub(crate) fn make_key(&mut self, start: usize) {
        if self.0.get(start..).is_some_and(|value| value.starts_with('"')) {
            return;
        }
        let value = self.0.split_off(start);
        self.0.push_str("\"<");
        self.escaped(&value);
        self.0.push_str(">\"");
    }

    fn escaped(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '"' | '\\' => self.0.extend(['\\', c]),
                '\n' => self.0.push_str("\\n"),
                '\r' => self.0.push_str("\\r"),
                '\t' => self.0.push_str("\\t"),
                c if c < ' ' => {
                    let _ = write!(self.0, "\\u{:04x}", u32::from(c));
                }
                c => self.0.push(c),
            }
        }
    }
}
