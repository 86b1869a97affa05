//! The query of an address, in the format of forms (URL Standard, `application/x-www-form-urlencoded`).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Characters to encode: all but the unreserved ones of RFC 3986 section 2.3, and `:` and `/`, which keep a URL in a query readable.
/// Other characters that a query may contain are encoded, because programs that find links in text end the link there.
const ENCODED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b':').remove(b'/');

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    pub name: String,
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
    query.extend(utf8_percent_encode(value, ENCODED));
}

/// Returns the decoded text, and whether it was well encoded: two hexadecimal digits behind each `%`, and valid UTF-8.
fn decode(text: &str) -> (String, bool) {
    let text = text.replace('+', " ");
    let is_escape = |after: &str| {
        after.as_bytes().get(..2).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    let sound = text.split('%').skip(1).all(is_escape);
    let decoded = percent_decode_str(&text);
    match decoded.clone().decode_utf8() {
        Ok(text) => (text.into_owned(), sound),
        Err(_) => (decoded.decode_utf8_lossy().into_owned(), false),
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
