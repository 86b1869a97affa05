//! The token of HTTP's grammar.

/// True if the text is a token (RFC 9110 section 5.6.2): one or more ASCII letters, digits or characters of ``!#$%&'*+-.^_`|~``.
pub fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_one_character_or_more_of_the_rfcs_list() {
        for token in ["a", "Z9", "v2.example.com", "graphql-ws", "!#$%&'*+-.^_`|~"] {
            assert!(is_token(token), "{token:?}");
        }
        // The delimiters, white space, a control character, and a letter outside ASCII.
        for text in
            ["", "(", ")", ",", "/", ":", ";", "<", "=", ">", "?", "@", "[", "\\", "]", "{", "}", "\""]
        {
            assert!(!is_token(text), "{text:?}");
        }
        for text in [" ", "a b", "a\t", "\n", "\u{7f}", "é", "a/b"] {
            assert!(!is_token(text), "{text:?}");
        }
    }
}
