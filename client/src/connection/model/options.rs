//! Optional settings for connecting and disconnecting: the subprotocols to offer, and the Close frame that the page sends when the
//! user disconnects.

use ws_echo_shared::{CloseCode, is_token, limits::CLOSE_REASON};
use yew::AttrValue;

use crate::texts::{Texts, fill, plural};

/// Contents of the fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    pub protocols: AttrValue,
    pub close_code: AttrValue,
    pub close_reason: AttrValue,
    /// True if connections to the page's own server get a tap.
    pub is_tapped: bool,
    /// Names of the snippets to send after connecting.
    pub opening: Vec<AttrValue>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProtocolProblem {
    /// The name is not a token, so a header cannot contain it.
    NotAToken(AttrValue),
    Twice(AttrValue),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloseRequest {
    /// Close code: 1000, or 3000 to 4999, as browsers allow no others.
    pub code: CloseCode,
    /// Reason: at most 123 bytes of UTF-8.
    pub reason: AttrValue,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloseProblem {
    /// The code is not one that a page may send.
    Code,
    /// The reason exceeds the limit by this number of bytes.
    Reason(usize),
}

impl Default for Options {
    fn default() -> Self {
        let (empty, code) = (AttrValue::Static(""), AttrValue::Static("1000"));
        Self {
            protocols: empty.clone(),
            close_code: code,
            close_reason: empty,
            is_tapped: false,
            opening: Vec::new(),
        }
    }
}

impl Options {
    /// Returns the subprotocols to offer, in the order of preference, or the first name that RFC 6455 section 4.1 item 10 does not allow: names must be tokens (RFC 9110 section 5.6.2),
    /// and unique.
    pub fn subprotocols(&self) -> Result<Vec<AttrValue>, ProtocolProblem> {
        let mut names: Vec<AttrValue> = Vec::new();
        for name in names_in(&self.protocols) {
            let name = AttrValue::from(name.to_owned());
            if !is_token(&name) {
                return Err(ProtocolProblem::NotAToken(name));
            }
            if names.contains(&name) {
                return Err(ProtocolProblem::Twice(name));
            }
            names.push(name);
        }
        Ok(names)
    }

    /// Returns the contents of the Close frame, or the fault to show beside the fields. An empty code means 1000.
    pub fn close_request(&self) -> Result<CloseRequest, CloseProblem> {
        let code = match self.close_code.trim() {
            "" => CloseCode::NORMAL,
            typed => CloseCode(typed.parse().map_err(|_| CloseProblem::Code)?),
        };
        if !matches!(code.0, 1000 | 3000..=4999) {
            return Err(CloseProblem::Code);
        }
        match self.close_reason.len().saturating_sub(CLOSE_REASON) {
            0 => Ok(CloseRequest { code, reason: self.close_reason.clone() }),
            over => Err(CloseProblem::Reason(over)),
        }
    }
}

/// Splits a list of subprotocols at commas and spaces, without validating the names.
pub fn names_in(protocols: &str) -> impl Iterator<Item = &str> {
    protocols.split([',', ' ']).filter(|name| !name.is_empty())
}

impl ProtocolProblem {
    pub fn text(&self, texts: &Texts) -> AttrValue {
        let (text, name) = match self {
            Self::NotAToken(name) => (texts.connection.protocol_not_a_token, name),
            Self::Twice(name) => (texts.connection.protocol_twice, name),
        };
        fill(text, &[("name", name)]).into()
    }
}

impl CloseProblem {
    pub fn text(self, texts: &Texts) -> AttrValue {
        match self {
            Self::Code => AttrValue::Static(texts.connection.close_code_problem),
            Self::Reason(over) => plural(texts.connection.close_reason_problem, over).into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::EN;

    fn subprotocols(typed: &str) -> Result<Vec<AttrValue>, ProtocolProblem> {
        Options { protocols: typed.to_owned().into(), ..Options::default() }.subprotocols()
    }

    fn close(code: &str, reason: &str) -> Result<CloseRequest, CloseProblem> {
        let (close_code, close_reason) = (code.to_owned().into(), reason.to_owned().into());
        Options { close_code, close_reason, ..Options::default() }.close_request()
    }

    #[test]
    fn names_are_parted_by_commas_and_spaces() {
        for (typed, names) in [
            ("", &[][..]),
            (" , ", &[]),
            ("chat", &["chat"]),
            ("chat, v2.example.com", &["chat", "v2.example.com"]),
            ("graphql-ws  mqtt,", &["graphql-ws", "mqtt"]),
            // Names differ by case.
            ("a, A", &["a", "A"]),
        ] {
            assert_eq!(subprotocols(typed).unwrap(), names, "{typed:?}");
        }
    }

    #[test]
    fn a_name_is_a_token_and_there_once() {
        for bad in ["a/b", "a:b", "(a)", "é", "a\tb", "\"a\""] {
            assert_eq!(subprotocols(bad), Err(ProtocolProblem::NotAToken(bad.to_owned().into())));
        }
        assert_eq!(subprotocols("a, b, a"), Err(ProtocolProblem::Twice("a".into())));
    }

    #[test]
    fn a_page_may_send_1000_and_3000_to_4999() {
        for (typed, code) in [("1000", 1000), ("", 1000), (" 3000 ", 3000), ("4999", 4999)] {
            assert_eq!(close(typed, "").map(|request| request.code), Ok(CloseCode(code)), "{typed:?}");
        }
        for typed in ["1001", "2999", "5000", "0", "-1", "70000", "abc", "1000.0"] {
            assert_eq!(close(typed, ""), Err(CloseProblem::Code), "{typed:?}");
        }
    }

    #[test]
    fn a_reason_is_measured_in_bytes() {
        assert!(close("1000", &"x".repeat(123)).is_ok());
        for reason in ["x".repeat(124), "🦀".repeat(31)] {
            assert_eq!(close("1000", &reason), Err(CloseProblem::Reason(1)), "{reason}");
        }
        assert_eq!(CloseProblem::Reason(2).text(&EN), "The reason is 2 bytes too long: 123 are allowed.");
    }
}
