//! The field of the subprotocols to offer.

use ws_echo_shared::is_token;
use yew::AttrValue;

use crate::texts::{Texts, fill};

/// A fault in the list of subprotocols.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProtocolProblem {
    /// The name is not a token, so a header cannot contain it.
    NotAToken(AttrValue),
    /// The name occurs twice.
    Twice(AttrValue),
}

/// Reads names separated by commas or spaces, in the order of preference.
///
/// # Errors
///
/// Returns the first name that RFC 6455 section 4.1 item 10 does not allow: names must be tokens (RFC 9110 section 5.6.2), and
/// unique.
pub fn parse(typed: &str) -> Result<Vec<AttrValue>, ProtocolProblem> {
    let mut names: Vec<AttrValue> = Vec::new();
    for name in self::names(typed) {
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

/// Splits a list at commas and spaces, without validating the names.
pub fn names(typed: &str) -> impl Iterator<Item = &str> {
    typed.split([',', ' ']).filter(|name| !name.is_empty())
}

impl ProtocolProblem {
    /// Describes the fault and its remedy in a sentence.
    pub fn text(&self, texts: &Texts) -> AttrValue {
        let (text, name) = match self {
            Self::NotAToken(name) => (texts.connection.protocol_not_a_token, name),
            Self::Twice(name) => (texts.connection.protocol_twice, name),
        };
        fill(text, &[("name", name)]).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_parted_by_commas_and_spaces() {
        for (typed, names) in [
            ("", &[][..]),
            (" , ", &[]),
            ("chat", &["chat"]),
            ("chat, v2.example.com", &["chat", "v2.example.com"]),
            ("graphql-ws  mqtt,", &["graphql-ws", "mqtt"]),
        ] {
            assert_eq!(parse(typed).unwrap(), names, "{typed:?}");
        }
    }

    #[test]
    fn a_name_is_a_token_and_there_once() {
        for bad in ["a/b", "a:b", "(a)", "é", "a\tb", "\"a\""] {
            assert_eq!(parse(bad), Err(ProtocolProblem::NotAToken(bad.to_owned().into())));
        }
        assert_eq!(parse("a, b, a"), Err(ProtocolProblem::Twice("a".into())));
        assert_eq!(parse("a, A").unwrap().len(), 2, "names differ by case");
    }
}
