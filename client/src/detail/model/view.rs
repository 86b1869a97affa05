//! Views of a message.

use std::rc::Rc;

use crate::common::json;
use crate::connection::model::message::Body;

/// Maximum length of a text that is read as JSON automatically, in bytes. Up to it, the time is not noticeable.
const READ_UNASKED: usize = 512 * 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    Text,
    /// The text formatted as JSON.
    Json,
    Hex,
}

/// Returns the views that suit a message, the best one first.
///
/// The JSON view is for objects and arrays; numbers and strings alone look no better in it. A text that is too long to be read
/// automatically only has to begin and end like JSON, and its default view is the text.
pub fn fitting(body: &Body) -> Vec<View> {
    let Some(text) = text_of(body) else { return vec![View::Hex] };
    let is_long = text.len() > READ_UNASKED;
    let is_json = looks_like_json(text) && (is_long || json::check(text).is_ok());
    match body {
        Body::Text(_) if is_json && !is_long => vec![View::Json, View::Text, View::Hex],
        Body::Text(_) if is_json => vec![View::Text, View::Json, View::Hex],
        Body::Text(_) => vec![View::Text, View::Hex],
        Body::Binary(_) if text.is_empty() => vec![View::Hex],
        Body::Binary(_) if is_json => vec![View::Hex, View::Text, View::Json],
        Body::Binary(_) => vec![View::Hex, View::Text],
    }
}

/// Returns the text of a message, or of bytes that are valid UTF-8. Bytes are copied.
pub fn shared_text(body: &Body) -> Option<Rc<str>> {
    match body {
        Body::Text(text) => Some(text.clone()),
        Body::Binary(_) => text_of(body).map(Rc::from),
    }
}

fn text_of(body: &Body) -> Option<&str> {
    match body {
        Body::Text(text) => Some(text),
        Body::Binary(bytes) => str::from_utf8(bytes).ok(),
    }
}

fn looks_like_json(text: &str) -> bool {
    let text = text.trim_matches([' ', '\t', '\n', '\r']);
    matches!((text.chars().next(), text.chars().next_back()), (Some('{'), Some('}')) | (Some('['), Some(']')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_looked_at_as_text_unless_it_is_an_object_or_an_array() {
        for text in ["", "hello", "{", "{a}", "1", "\"a\"", "null", "[1,]", "{]", "[1] [2]"] {
            assert_eq!(fitting(&Body::text(text)), [View::Text, View::Hex], "{text:?}");
        }
        for text in ["{}", " [1]\r\n", "{\"a\":[]}"] {
            assert_eq!(fitting(&Body::text(text)), [View::Json, View::Text, View::Hex], "{text:?}");
        }
    }

    #[test]
    fn a_long_text_is_not_read_unasked() {
        let bad = format!("[{}]", "x".repeat(READ_UNASKED));
        assert_eq!(fitting(&Body::text(bad)), [View::Text, View::Json, View::Hex]);
        assert_eq!(fitting(&Body::text("x".repeat(READ_UNASKED + 1))), [View::Text, View::Hex]);
    }

    #[test]
    fn bytes_are_a_text_if_they_are_utf_8() {
        for (bytes, views) in [
            (&b""[..], &[View::Hex][..]),
            (b"\xff", &[View::Hex]),
            (b"abc", &[View::Hex, View::Text]),
            (b"[1]", &[View::Hex, View::Text, View::Json]),
        ] {
            assert_eq!(fitting(&Body::binary(bytes)), views, "{bytes:?}");
        }
        assert_eq!(shared_text(&Body::binary("é".as_bytes())).as_deref(), Some("é"));
        assert_eq!(shared_text(&Body::binary([0xff])), None);
    }
}
