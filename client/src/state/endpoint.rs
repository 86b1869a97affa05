//! The URL field: what was typed, and the endpoint that it means or what is wrong with it.

use std::net::Ipv4Addr;

use ws_echo_shared::paths;
use yew::AttrValue;

use super::authority::{self, AuthorityProblem};
use super::texts::{Texts, fill};

/// Where the page came from; empty if it came from no host, but from a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// Whether by https.
    pub secure: bool,
    /// Host, and port unless it is the scheme's own.
    pub host: String,
    /// The path below which the server has all it has: empty, or such as `/tools/echo`.
    pub base: String,
}

/// The base path of the server whose page has this path: it lies at the top.
pub fn base_of(page_path: &str) -> &str {
    page_path.rsplit_once('/').map_or("", |(folder, _)| folder.trim_end_matches('/'))
}

impl Origin {
    /// The echo endpoint of the server that served the page.
    pub fn echo_url(&self) -> String {
        self.url(&format!("{}{}", self.base, paths::ECHO))
    }

    /// Whether the path is that of the echo.
    pub fn is_echo(&self, path: &str) -> bool {
        path.strip_prefix(&*self.base) == Some(paths::ECHO)
    }

    fn url(&self, path: &str) -> String {
        let host = if self.host.is_empty() { "localhost:8080" } else { &self.host };
        format!("{}://{host}{path}", scheme_for(self, host))
    }
}

/// What is wrong with a URL, and what was probably meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UrlProblem {
    /// What is wrong.
    pub fault: UrlFault,
    /// The URL that was probably meant.
    pub suggestion: Option<AttrValue>,
}

/// What is wrong with a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UrlFault {
    /// There is none.
    Empty,
    /// The scheme is missing.
    NoScheme,
    /// Behind the scheme and its colon are no two slashes.
    NoSlashes,
    /// It begins with the path.
    NoHostNorScheme,
    /// The host is missing.
    NoHost,
    /// It is a page's: its scheme, and the one that is probably meant.
    OfAPage(&'static str, &'static str),
    /// The scheme is none of WebSocket.
    OtherScheme,
    /// It has white space.
    Space,
    /// It has a character that cannot be seen; mostly it came along with a copied text.
    Invisible(char),
    /// What is in brackets is no IPv6 address.
    NotIpv6(AttrValue),
    /// An IPv6 address without its brackets.
    BareIpv6,
    /// This port is none.
    Port(AttrValue),
    /// This port is one that browsers connect to for nothing.
    BlockedPort(u16),
    /// It has a fragment.
    Fragment,
    /// It is `ws:`, and the page came by https.
    Mixed,
    /// The browser took it for wrong, in its own words.
    Refused(String),
    /// The page's policy does not have this server on its list.
    Forbidden,
}

impl UrlFault {
    const fn alone(self) -> UrlProblem {
        UrlProblem { fault: self, suggestion: None }
    }

    fn suggesting(self, url: String) -> UrlProblem {
        UrlProblem { fault: self, suggestion: Some(url.into()) }
    }

    /// What is wrong and what to do, as sentences.
    pub fn text(&self, texts: &Texts) -> AttrValue {
        let texts = &texts.connection;
        AttrValue::Static(match self {
            Self::Empty => texts.url_empty,
            Self::NoScheme => texts.url_no_scheme,
            Self::NoSlashes => texts.url_no_slashes,
            Self::NoHostNorScheme => texts.url_no_host_nor_scheme,
            Self::NoHost => texts.url_no_host,
            Self::OfAPage(scheme, meant) => {
                return fill(texts.url_of_a_page, &[("scheme", scheme), ("meant", meant)]).into();
            }
            Self::OtherScheme => texts.url_other_scheme,
            Self::Space => texts.url_space,
            Self::Invisible(character) => {
                let code = format!("U+{:04X}", u32::from(*character));
                return fill(texts.url_invisible, &[("code", &code)]).into();
            }
            Self::NotIpv6(host) => return fill(texts.url_not_ipv6, &[("host", host)]).into(),
            Self::BareIpv6 => texts.url_bare_ipv6,
            Self::Port(port) => return fill(texts.url_port, &[("port", port)]).into(),
            Self::BlockedPort(port) => {
                return fill(texts.url_blocked_port, &[("port", &port.to_string())]).into();
            }
            Self::Fragment => texts.url_fragment,
            Self::Mixed => texts.url_mixed,
            Self::Forbidden => texts.url_forbidden,
            Self::Refused(reason) => {
                return fill(texts.url_refused, &[("reason", reason.trim_end_matches('.'))]).into();
            }
        })
    }
}

impl UrlProblem {
    /// The browser took the URL for wrong, in its own words.
    pub fn refused(reason: &str) -> Self {
        UrlFault::Refused(reason.to_owned()).alone()
    }

    /// The page's Content-Security-Policy forbids the URL.
    pub const fn forbidden() -> Self {
        UrlFault::Forbidden.alone()
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
        return Err(UrlFault::Empty.suggesting(page.echo_url()));
    }
    let Some((scheme, rest)) = url.split_once("://").filter(|(scheme, _)| is_scheme(scheme)) else {
        return Err(without_scheme(url, page));
    };
    let rest = rest.trim_start_matches('/');
    let scheme = scheme.to_ascii_lowercase();
    let instead = match scheme.as_str() {
        "ws" | "wss" => None,
        "http" => Some((UrlFault::OfAPage("http", "ws"), "ws")),
        "https" => Some((UrlFault::OfAPage("https", "wss"), "wss")),
        _ => Some((UrlFault::OtherScheme, scheme_for(page, host_of(rest)))),
    };
    if let Some((fault, meant)) = instead {
        return Err(fault.suggesting(format!("{meant}://{rest}")));
    }
    let (authority, after) = authority::split(rest);
    if host_of(rest).is_empty() {
        return Err(UrlFault::NoHost.alone());
    }
    if url.contains(char::is_whitespace) {
        return Err(UrlFault::Space.alone());
    }
    if let Some(character) = url.chars().find(|c| is_invisible(*c)) {
        return Err(UrlFault::Invisible(character).suggesting(url.replace(is_invisible, "")));
    }
    let host = authority::parse(authority).map_err(|problem| bad_authority(problem, &scheme, after))?.host;
    if let Some((before, _)) = url.split_once('#') {
        return Err(UrlFault::Fragment.suggesting(before.to_owned()));
    }
    if scheme == "ws" && page.secure && !is_loopback(host) {
        return Err(UrlFault::Mixed.suggesting(format!("wss://{rest}")));
    }
    Ok(url.to_owned().into())
}

fn bad_authority(problem: AuthorityProblem, scheme: &str, after: &str) -> UrlProblem {
    match problem {
        AuthorityProblem::NoHost => UrlFault::NoHost.alone(),
        AuthorityProblem::NotIpv6(host) => UrlFault::NotIpv6(host).alone(),
        AuthorityProblem::BareIpv6(address) => {
            UrlFault::BareIpv6.suggesting(format!("{scheme}://[{address}]{after}"))
        }
        AuthorityProblem::Port(port) => UrlFault::Port(port).alone(),
        AuthorityProblem::BlockedPort(port) => UrlFault::BlockedPort(port).alone(),
    }
}

/// Control characters, and those without width or that only set a direction. Browsers drop some of them from a host without
/// a word, and send the others as part of the path.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn without_scheme(url: &str, page: &Origin) -> UrlProblem {
    let lower = url.to_ascii_lowercase();
    let slashless = ["ws", "wss"].into_iter().find(|scheme| lower.starts_with(&format!("{scheme}:")));
    let (scheme, rest) = match slashless {
        Some(scheme) => (scheme, url[scheme.len() + 1..].trim_start_matches('/')),
        None if url.starts_with('/') && !url.starts_with("//") => {
            return UrlFault::NoHostNorScheme.suggesting(page.url(url));
        }
        None => {
            let rest = url.trim_start_matches([':', '/']);
            (scheme_for(page, host_of(rest)), rest)
        }
    };
    if host_of(rest).is_empty() {
        return UrlFault::NoHost.alone();
    }
    let fault = if slashless.is_some() { UrlFault::NoSlashes } else { UrlFault::NoScheme };
    fault.suggesting(format!("{scheme}://{rest}"))
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
