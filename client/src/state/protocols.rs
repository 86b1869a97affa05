//! The subprotocols to offer: what was typed, and what it means.

use ws_echo_shared::is_token;
use yew::AttrValue;

use super::texts::{Texts, fill};

/// What is wrong with what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProtocolProblem {
    /// No header could carry this name.
    NotAToken(AttrValue),
    /// This name is there twice.
    Twice(AttrValue),
}

/// Reads a list with commas or spaces between its names, in the order of preference.
///
/// # Errors
///
/// The first name that RFC 6455 section 4.1 item 10 does not allow: names are tokens (RFC 9110 section 5.6.2), each once.
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

/// The names of a list with commas or spaces between them, whatever they are.
pub fn names(typed: &str) -> impl Iterator<Item = &str> {
    typed.split([',', ' ']).filter(|name| !name.is_empty())
}

impl ProtocolProblem {
    /// What is wrong and what would be right, as a sentence.
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
