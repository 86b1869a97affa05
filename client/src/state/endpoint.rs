//! The URL field: what was typed, and the endpoint that it means or what is wrong with it.

use std::net::Ipv4Addr;

use ws_echo_shared::paths;
use yew::AttrValue;

/// Where the page came from; empty if it came from no host, but from a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// Whether by https.
    pub secure: bool,
    /// Host, and port unless it is the scheme's own.
    pub host: String,
}

impl Origin {
    /// The echo endpoint of the server that served the page.
    pub fn echo_url(&self) -> String {
        self.url(paths::ECHO)
    }

    fn url(&self, path: &str) -> String {
        let host = if self.host.is_empty() { "localhost:8080" } else { &self.host };
        format!("{}://{host}{path}", scheme_for(self, host))
    }
}

/// What is wrong with a URL, and what was probably meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UrlProblem {
    /// What is wrong and what to do, as sentences.
    pub text: AttrValue,
    /// The URL that was probably meant.
    pub suggestion: Option<AttrValue>,
}

impl UrlProblem {
    fn new(text: &'static str) -> Self {
        Self { text: text.into(), suggestion: None }
    }

    fn suggesting(text: impl Into<AttrValue>, url: String) -> Self {
        Self { text: text.into(), suggestion: Some(url.into()) }
    }

    /// The browser took the URL for wrong, in its own words.
    pub fn refused(reason: &str) -> Self {
        let text = format!(
            "The browser refuses this URL: {}. Check host, port and path.",
            reason.trim_end_matches('.')
        );
        Self { text: text.into(), suggestion: None }
    }
}

/// Reads what was typed.
///
/// Browsers take some URLs that other WebSocket clients do not: relative ones, and `http:` for `ws:`. This page is a
/// reference for such clients, so it takes only what RFC 6455 section 3 defines, and says how to write it.
///
/// # Errors
///
/// The problem to show beside the field.
pub fn parse(typed: &str, page: &Origin) -> Result<AttrValue, UrlProblem> {
    let url = typed.trim();
    if url.is_empty() {
        return Err(UrlProblem::suggesting("Enter the URL of a WebSocket server.", page.echo_url()));
    }
    let Some((scheme, rest)) = url.split_once("://").filter(|(scheme, _)| is_scheme(scheme)) else {
        return Err(without_scheme(url, page));
    };
    let rest = rest.trim_start_matches('/');
    let scheme = scheme.to_ascii_lowercase();
    match scheme.as_str() {
        "ws" | "wss" => {}
        "http" | "https" => {
            let meant = if scheme == "http" { "ws" } else { "wss" };
            return Err(UrlProblem::suggesting(
                format!("{scheme}:// is for pages; a WebSocket URL starts with {meant}://."),
                format!("{meant}://{rest}"),
            ));
        }
        _ => {
            let meant = scheme_for(page, host_of(rest));
            return Err(UrlProblem::suggesting(
                "A WebSocket URL starts with ws:// or wss://.",
                format!("{meant}://{rest}"),
            ));
        }
    }
    let host = host_of(rest);
    if host.is_empty() {
        return Err(UrlProblem::new("The host is missing: write ws://HOST/PATH or ws://HOST:PORT/PATH."));
    }
    if url.contains(char::is_whitespace) {
        return Err(UrlProblem::new(
            "A URL has no spaces: take them out, or write %20 for a space in the path.",
        ));
    }
    if let Some((before, _)) = url.split_once('#') {
        return Err(UrlProblem::suggesting(
            "A WebSocket URL has no fragment: leave out the # and what follows it, or write %23 for a # in the path.",
            before.to_owned(),
        ));
    }
    if scheme == "ws" && page.secure && !is_loopback(host) {
        return Err(UrlProblem::suggesting(
            "This page came by https, and from such a page browsers allow no plain ws:// (mixed content). Use wss://, \
             or open the page by http.",
            format!("wss://{rest}"),
        ));
    }
    Ok(url.to_owned().into())
}

fn without_scheme(url: &str, page: &Origin) -> UrlProblem {
    let lower = url.to_ascii_lowercase();
    let slashless = ["ws", "wss"].into_iter().find(|scheme| lower.starts_with(&format!("{scheme}:")));
    let (scheme, rest) = match slashless {
        Some(scheme) => (scheme, url[scheme.len() + 1..].trim_start_matches('/')),
        None if url.starts_with('/') && !url.starts_with("//") => {
            return UrlProblem::suggesting("The scheme and the host are missing.", page.url(url));
        }
        None => {
            let rest = url.trim_start_matches([':', '/']);
            (scheme_for(page, host_of(rest)), rest)
        }
    };
    if host_of(rest).is_empty() {
        return UrlProblem::new("The host is missing: write ws://HOST/PATH or ws://HOST:PORT/PATH.");
    }
    let text = if slashless.is_some() {
        "Two slashes belong between the scheme and the host."
    } else {
        "The scheme is missing: a WebSocket URL starts with ws:// or wss://."
    };
    UrlProblem::suggesting(text, format!("{scheme}://{rest}"))
}

/// The scheme that works from the page: from https only wss does, but for the own machine.
fn scheme_for(page: &Origin, host: &str) -> &'static str {
    if page.secure && (!is_loopback(host) || host == page.host) { "wss" } else { "ws" }
}

/// RFC 3986 section 3.1.
fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}

/// The host of what follows `://`, without credentials and port. Empty if there is none.
fn host_of(rest: &str) -> &str {
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    match host.find(']') {
        Some(end) => &host[..=end],
        None => host.split(':').next().unwrap_or_default(),
    }
}

/// The hosts that browsers take for the own machine and exempt from the rule on mixed content.
fn is_loopback(host: &str) -> bool {
    let host = host_of(host).trim_end_matches('.').to_ascii_lowercase();
    host == "localhost"
        || host.ends_with(".localhost")
        || host == "[::1]"
        || host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
#[path = "endpoint_tests.rs"]
mod tests;
