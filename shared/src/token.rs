//! The token of HTTP's grammar.

/// Whether a text is a token: one or more of the characters that RFC 9110 section 5.6.2 lists.
pub fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}
