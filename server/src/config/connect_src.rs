//! WebSocket servers that the page may connect to, besides this one (CSP Level 3 section 6.1.2, `connect-src`).

use std::{fmt, str::FromStr};

/// A source: `ws:` or `wss:` for every server of that scheme, or one server, such as `wss://echo.example.com:8443` or
/// `wss://*.example.com`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectSource(String);

/// An error of a text that is no source.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a WebSocket server; write a scheme, ws: or wss:, or a server such as wss://echo.example.com, ws://localhost:9000 or wss://*.example.com"
)]
pub struct NotASource;

impl FromStr for ConnectSource {
    type Err = NotASource;

    fn from_str(text: &str) -> Result<Self, NotASource> {
        let text = text.trim().to_ascii_lowercase();
        let (scheme, rest) = text.split_once(':').ok_or(NotASource)?;
        let is_server = || {
            let host = rest.strip_prefix("//")?;
            let host = host.strip_suffix('/').unwrap_or(host);
            let (host, port) = host.rsplit_once(':').unwrap_or((host, "*"));
            let name = host.strip_prefix("*.").unwrap_or(host);
            let is_label = |label: &str| {
                !label.is_empty()
                    && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
            };
            Some(name.split('.').all(is_label) && (port == "*" || port.parse::<u16>().is_ok()))
        };
        // A valid source has no space, comma, semicolon or quote, which would begin another source or directive.
        if matches!(scheme, "ws" | "wss") && (rest.is_empty() || is_server() == Some(true)) {
            Ok(Self(text))
        } else {
            Err(NotASource)
        }
    }
}

impl fmt::Display for ConnectSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_schemes_and_servers() {
        for text in [
            "ws:",
            "wss:",
            "WSS://Echo.Example.com",
            "wss://a.test:8443",
            "ws://localhost:*",
            "wss://*.a.test",
            "ws://127.0.0.1:9000/",
        ] {
            assert_eq!(
                text.parse::<ConnectSource>().map(|source| source.to_string()),
                Ok(text.to_ascii_lowercase()),
                "{text}"
            );
        }
        for text in [
            "",
            "*",
            "'self'",
            "a.test",
            "https://a.test",
            "https:",
            "wss://",
            "wss://*",
            "wss://a.*.test",
            "wss://a.test:http",
            "wss://a.test:70000",
            "wss://a;script-src *",
            "wss://a b",
            "wss://a/b",
            "wss://[::1]",
        ] {
            assert_eq!(text.parse::<ConnectSource>(), Err(NotASource), "{text}");
        }
    }
}
