//! The path under which everything is served.

use std::str::FromStr;

/// A path without a slash at its end: empty for the root, or such as `/tools/echo`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BasePath(String);

/// An error of a text that is no base path.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a base path; write a slash and names of letters, digits and -._~, such as /tools/echo")]
pub struct NotABasePath;

impl BasePath {
    /// Returns the path, to which a path that begins with a slash can be appended.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for BasePath {
    type Err = NotABasePath;

    fn from_str(text: &str) -> Result<Self, NotABasePath> {
        let text = text.trim();
        let path = text.strip_suffix('/').unwrap_or(text);
        if path.is_empty() && !text.is_empty() {
            return Ok(Self::default());
        }
        // RFC 3986 section 2.3: these characters are never percent-encoded, so there is one way to write the path.
        let is_name = |name: &str| {
            !matches!(name, "" | "." | "..")
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
        };
        match path.strip_prefix('/') {
            Some(names) if names.split('/').all(is_name) => Ok(Self(path.to_owned())),
            _ => Err(NotABasePath),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_path_has_a_slash_before_and_none_behind() {
        for (text, path) in [
            ("/", ""),
            ("/echo", "/echo"),
            ("/tools/echo/", "/tools/echo"),
            (" /a-1/b.c/~d_ ", "/a-1/b.c/~d_"),
        ] {
            assert_eq!(text.parse(), Ok(BasePath(path.into())), "{text}");
        }
        for text in [
            "",
            "echo",
            "//",
            "/a//b",
            "/..",
            "/a/./b",
            "/a b",
            "/{a}",
            "/a%20",
            "/ä",
            "/a?b",
            "https://a.test/b",
        ] {
            assert_eq!(text.parse::<BasePath>(), Err(NotABasePath), "{text}");
        }
    }
}
