//! Web pages that may connect, by their origin (RFC 6455 section 10.2).

use std::{fmt, str::FromStr};

/// A serialized origin, as browsers send it: `scheme://host` or `scheme://host:port`, in lower case (RFC 6454 section 6.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(String);

/// An error of a text that is no origin.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "not an origin; write it as a browser sends it, such as https://example.com or http://localhost:8081"
)]
pub struct NotAnOrigin;

impl FromStr for Origin {
    type Err = NotAnOrigin;

    fn from_str(text: &str) -> Result<Self, NotAnOrigin> {
        let text = text.trim();
        let text = text.strip_suffix('/').unwrap_or(text).to_ascii_lowercase();
        let (scheme, authority) = text.split_once("://").ok_or(NotAnOrigin)?;
        let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
        let uri: actix_web::http::Uri = text.parse().map_err(|_| NotAnOrigin)?;
        let is_bare =
            uri.authority().is_some_and(|parsed| parsed.as_str() == authority && !authority.contains('@'));
        if !is_scheme || !is_bare {
            return Err(NotAnOrigin);
        }
        // Browsers leave out the default port of a scheme.
        let default_port = match scheme {
            "http" => ":80",
            "https" => ":443",
            _ => "",
        };
        let text =
            if default_port.is_empty() { &text } else { text.strip_suffix(default_port).unwrap_or(&text) };
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Origins that may connect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OriginPolicy {
    /// All origins. The server uses no cookies, so a page of another origin gains nothing.
    Any,
    /// The origins of a list, and clients that send no origin, which are not web pages.
    Only(Vec<Origin>),
}

impl OriginPolicy {
    /// True if a handshake with this `Origin` header is admitted.
    pub fn admits(&self, header: Option<&[u8]>) -> bool {
        match (self, header) {
            (Self::Any, _) | (Self::Only(_), None) => true,
            (Self::Only(list), Some(header)) => list.iter().any(|origin| origin.0.as_bytes() == header),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_read_as_browsers_write_them() {
        for (text, origin) in [
            ("https://example.com", "https://example.com"),
            ("HTTPS://Example.COM/", "https://example.com"),
            ("http://localhost:8081", "http://localhost:8081"),
            ("http://a.test:80", "http://a.test"),
            ("https://a.test:443", "https://a.test"),
            ("http://a.test:443", "http://a.test:443"),
            ("http://[::1]:8080", "http://[::1]:8080"),
            ("chrome-extension://abcdef", "chrome-extension://abcdef"),
        ] {
            assert_eq!(
                text.parse::<Origin>().map(|origin| origin.to_string()),
                Ok(origin.to_owned()),
                "{text}"
            );
        }
        for text in [
            "",
            "example.com",
            "null",
            "*",
            "https://",
            "https://a/b",
            "https://u@a",
            "1a://b",
            "https://a b",
        ] {
            assert_eq!(text.parse::<Origin>(), Err(NotAnOrigin), "{text}");
        }
    }

    #[test]
    fn a_list_admits_its_origins_and_programs() {
        let policy = OriginPolicy::Only(vec!["https://a.test".parse().unwrap()]);
        assert!(policy.admits(Some(b"https://a.test")));
        assert!(policy.admits(None));
        assert!(!policy.admits(Some(b"https://a.test.evil.test")));
        assert!(!policy.admits(Some(b"http://a.test")));
        assert!(!policy.admits(Some(b"null")));
        assert!(OriginPolicy::Any.admits(Some(b"null")));
    }
}
