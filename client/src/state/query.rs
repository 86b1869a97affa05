//! The query of an address, in the format of forms (URL Standard, `application/x-www-form-urlencoded`).

use std::fmt::Write as _;

/// A decoded parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    pub name: String,
    /// Value; empty if there is none.
    pub value: String,
    /// True if name and value were well encoded. Bad encoding is kept as it stands, as browsers do.
    pub sound: bool,
}

/// Reads a query, with or without its question mark.
pub fn parse(query: &str) -> impl Iterator<Item = Parameter> {
    let query = query.strip_prefix('?').unwrap_or(query);
    query.split('&').filter(|part| !part.is_empty()).map(|part| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let ((name, name_sound), (value, value_sound)) = (decode(name), decode(value));
        Parameter { name, value, sound: name_sound && value_sound }
    })
}

/// Appends a parameter to a query, which may be empty.
pub fn push(query: &mut String, name: &str, value: &str) {
    query.push(if query.is_empty() { '?' } else { '&' });
    query.push_str(name);
    query.push('=');
    for &byte in value.as_bytes() {
        if is_plain(byte) {
            query.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(query, "%{byte:02X}");
        }
    }
}

/// True for bytes that stay unencoded: the unreserved characters of RFC 3986 section 2.3, and `:` and `/`, which keep a URL in a
/// query readable. Other characters that a query may contain are encoded, because programs that find links in text end the link
/// there.
const fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b':' | b'/')
}

/// Returns the decoded text, and whether it was well encoded: two hexadecimal digits behind each `%`, and valid UTF-8.
fn decode(text: &str) -> (String, bool) {
    let mut bytes = Vec::with_capacity(text.len());
    let mut sound = true;
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        bytes.push(match (first, after) {
            (b'+', _) => b' ',
            (b'%', [high, low, after @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                rest = after;
                digit(*high) << 4 | digit(*low)
            }
            (b'%', _) => {
                sound = false;
                b'%'
            }
            (byte, _) => *byte,
        });
    }
    match String::from_utf8(bytes) {
        Ok(text) => (text, sound),
        Err(error) => (String::from_utf8_lossy(error.as_bytes()).into_owned(), false),
    }
}

/// Returns the value of a hexadecimal digit; 0 for anything else.
const fn digit(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => byte - b'0',
        b'a'..=b'f' => byte - b'a' + 10,
        b'A'..=b'F' => byte - b'A' + 10,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(query: &str) -> Vec<(String, String)> {
        parse(query).map(|parameter| (parameter.name, parameter.value)).collect()
    }

    #[test]
    fn names_and_values_are_decoded() {
        for (query, name, value) in [
            ("?a=b", "a", "b"),
            ("a=b", "a", "b"),
            ("?a", "a", ""),
            ("?a=", "a", ""),
            ("?a=b=c", "a", "b=c"),
            ("?a=b?c", "a", "b?c"),
            ("?a=b+c%20d%2Be", "a", "b c d+e"),
            ("?%61=%F0%9F%A6%80%f0%9f%a6%80", "a", "🦀🦀"),
            ("?a=%00%0A", "a", "\0\n"),
        ] {
            assert_eq!(pairs(query), [(name.to_owned(), value.to_owned())], "{query}");
            assert!(parse(query).all(|parameter| parameter.sound), "{query}");
        }
        assert_eq!(pairs("?"), []);
        assert_eq!(pairs("?&&a=1&&b=2&").len(), 2);
    }

    #[test]
    fn what_is_badly_encoded_is_kept_and_told() {
        for (query, value) in [
            ("a=100%", "100%"),
            ("a=%4", "%4"),
            ("a=%zz%41", "%zzA"),
            ("a=%ff", "\u{fffd}"),
            ("a=%%41", "%A"),
        ] {
            let parameter = parse(query).next().unwrap();
            assert_eq!((parameter.value.as_str(), parameter.sound), (value, false), "{query}");
        }
    }

    #[test]
    fn a_url_stays_legible() {
        let mut query = String::new();
        push(&mut query, "url", "wss://a.example:1/b?c=d&e");
        push(&mut query, "send", "x y+z 100% (é)\n");
        assert_eq!(query, "?url=wss://a.example:1/b%3Fc%3Dd%26e&send=x%20y%2Bz%20100%25%20%28%C3%A9%29%0A");
    }
}
