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
    /// The bytes decoded, as JSON.
    MessagePack,
    Cbor,
}

/// Returns the views that suit a message, the best one first.
///
/// The JSON view is for objects and arrays; numbers and strings alone look no better in it. A text that is too long to be read
/// automatically only has to begin and end like JSON, and its default view is the text.
pub fn fitting(body: &Body) -> Vec<View> {
    let Some(text) = text_of(body) else {
        let bytes = body.as_bytes();
        let decoded = [(View::MessagePack, begins_message_pack(bytes)), (View::Cbor, begins_cbor(bytes))];
        let decoded = decoded.into_iter().filter_map(|(view, fits)| fits.then_some(view));
        return std::iter::once(View::Hex).chain(decoded).collect();
    };
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

/// True if bytes may be a map or an array of MessagePack: by the first byte, and by the length that its items have at least.
fn begins_message_pack(bytes: &[u8]) -> bool {
    match bytes {
        [first @ 0x80..=0x9f, rest @ ..] => has_items(first & 15, *first < 0x90, rest),
        [0xdc..=0xdf, rest @ ..] => rest.len() > 2,
        _ => false,
    }
}

/// True if bytes may be a map or an array of CBOR.
fn begins_cbor(bytes: &[u8]) -> bool {
    match bytes {
        [first @ (0x80..=0x97 | 0xa0..=0xb7), rest @ ..] => has_items(first & 31, *first >= 0xa0, rest),
        [0x98..=0x9b | 0xb8..=0xbb, rest @ ..] => rest.len() > 2,
        [0x9f | 0xbf, .., last] => *last == 0xff,
        // The tag that says that CBOR follows (RFC 8949, section 3.4.6).
        [0xd9, 0xd9, 0xf7, rest @ ..] => begins_cbor(rest),
        _ => false,
    }
}

/// True if bytes have room for this many items of an array, or members of a map. None of them means that there are no bytes.
fn has_items(items: u8, is_map: bool, bytes: &[u8]) -> bool {
    let least = usize::from(items) << u8::from(is_map);
    if least == 0 { bytes.is_empty() } else { bytes.len() >= least }
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
        for (bytes, views) in [
            (&b"\x82\xa1a\x01\xa1b\x02"[..], &[View::Hex, View::MessagePack, View::Cbor][..]),
            (b"\x90", &[View::Hex, View::MessagePack]),
            (b"\xde\0\x10\xa1", &[View::Hex, View::MessagePack]),
            (b"\xa1\x61a\x01", &[View::Hex, View::Cbor]),
            (b"\xd9\xd9\xf7\x80", &[View::Hex, View::Cbor]),
            (b"\x9f\x01\xff", &[View::Hex, View::Cbor]),
            (b"\x8f\xa1", &[View::Hex]),
            (b"\x80\0", &[View::Hex]),
            (b"\xbf\xff\0", &[View::Hex]),
            (b"\xff\xd8\xff\xe0", &[View::Hex]),
        ] {
            assert_eq!(fitting(&Body::binary(bytes)), views, "{bytes:?}");
        }
        assert_eq!(shared_text(&Body::binary("é".as_bytes())).as_deref(), Some("é"));
        assert_eq!(shared_text(&Body::binary([0xff])), None);
    }
}
