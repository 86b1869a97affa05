//! The URL field: reads an endpoint, or reports the fault and suggests a correction.

use std::net::Ipv4Addr;

use ws_echo_shared::paths;
use yew::AttrValue;

use super::authority;
use super::pasted::{self, is_invisible};
use super::url_problem::{UrlFault, UrlProblem};

/// Origin of the page. The host is empty if the page is a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    pub secure: bool,
    /// Host, with the port unless it is the scheme's default.
    pub host: String,
    /// Base path of the server: empty, or for example `/tools/echo`.
    pub base: String,
}

/// Returns the server's base path. `page_path` is the path of its page, which lies directly below the base path.
pub fn base_of(page_path: &str) -> &str {
    page_path.rsplit_once('/').map_or("", |(folder, _)| folder.trim_end_matches('/'))
}

impl Origin {
    pub fn echo_url(&self) -> String {
        self.url(&format!("{}{}", self.base, paths::ECHO))
    }

    pub fn is_echo(&self, path: &str) -> bool {
        path.strip_prefix(&*self.base) == Some(paths::ECHO)
    }

    fn url(&self, path: &str) -> String {
        let host = if self.host.is_empty() { "localhost:8080" } else { &self.host };
        format!("{}://{host}{path}", scheme_for(self, host))
    }
}

/// Reads the URL field, or returns the fault to show beside it. A suggested URL is itself valid.
///
/// Browsers accept some URLs that other WebSocket clients reject: relative ones, and `http:` instead of `ws:`. The page accepts
/// only what RFC 6455 section 3 defines, so that its URLs work with every client, and suggests the correct form of others. A host with
/// a port, `localhost:9000/path`, leaves nothing to guess but the scheme, so it gets one; [`with_other_scheme`] gives the other one.
pub fn parse(typed: &str, page: &Origin) -> Result<AttrValue, UrlProblem> {
    let url = typed.trim();
    let Err(UrlProblem { fault, suggestion }) = judge(url, page) else {
        return Ok(url.to_owned().into());
    };
    if let Some(whole) = suggestion.clone().filter(|whole| is_host_and_port(url, whole))
        && mend(whole.clone(), page).as_ref() == Some(&whole)
    {
        return Ok(whole);
    }
    let tidied = pasted::tidy(url);
    // A surrounding quote or bracket is the fault to name: it also causes the fault that `judge` found.
    let fault =
        match url.chars().next().filter(|first| pasted::is_opening(*first) && !tidied.starts_with(*first)) {
            Some(first) => UrlFault::Character(first),
            None => fault,
        };
    let meant = Some(tidied).filter(|tidied| tidied != url).and_then(|tidied| mend(tidied.into(), page));
    let suggestion = meant.or_else(|| mend(suggestion?, page));
    Err(UrlProblem { fault, suggestion })
}

/// Returns the URL with `wss` in place of `ws`, or the reverse. Returns `None` if the page may not open that one.
pub fn with_other_scheme(url: &str, page: &Origin) -> Option<AttrValue> {
    let (scheme, rest) = url.split_once("://")?;
    parse(&format!("{}://{rest}", if scheme == "ws" { "wss" } else { "ws" }), page).ok()
}

/// True if the text is a host with a port, and `whole` is the same behind a scheme.
fn is_host_and_port(text: &str, whole: &str) -> bool {
    let has_scheme_alone = whole.split_once("://").is_some_and(|(_, rest)| rest == text);
    let authority = authority::parse(authority::split(text).0);
    has_scheme_alone && authority.is_ok_and(|it| it.port.is_some() && !is_known_scheme(it.host))
}

/// Follows suggestions until the URL is valid. Returns `None` if they lead nowhere.
fn mend(mut url: AttrValue, page: &Origin) -> Option<AttrValue> {
    // Upper limit of the corrections: each fault is corrected at most once.
    const FAULTS: usize = 8;
    for _ in 0..FAULTS {
        if let Some((_, rest)) = url.split_once("://")
            && rest.split_once("://").is_some_and(|(scheme, _)| is_known_scheme(scheme))
        {
            // A whole URL was pasted behind a scheme.
            url = rest.to_owned().into();
        }
        match judge(&url, page) {
            Ok(()) => {
                let (_, rest) = url.split_once("://")?;
                // Browsers read a number as an IPv4 address: 1 is 0.0.0.1. Such a URL is hardly intended, so it is not suggested.
                let is_number = host_of(rest).bytes().all(|byte| byte.is_ascii_digit());
                return (!is_number).then_some(url);
            }
            Err(problem) => url = problem.suggestion?,
        }
    }
    None
}

/// Returns the first fault of a URL, with a suggestion that corrects only this fault.
fn judge(url: &str, page: &Origin) -> Result<(), UrlProblem> {
    if url.is_empty() {
        return Err(UrlFault::Empty.suggesting(page.echo_url()));
    }
    if let Some(character) = url.chars().find(|c| pasted::is_quote(*c)) {
        return Err(UrlFault::Character(character).suggesting(pasted::without_quotes(url)));
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
    if authority.trim().is_empty() {
        return Err(UrlFault::NoHost.alone());
    }
    if url.contains(char::is_whitespace) {
        return Err(
            UrlFault::Space.suggesting(format!("{scheme}://{}", pasted::without_space(authority, after)))
        );
    }
    if let Some(character) = url.chars().find(|c| is_invisible(*c)) {
        return Err(UrlFault::Invisible(character).suggesting(url.replace(is_invisible, "")));
    }
    let host = authority::parse(authority).map_err(|fault| bad_authority(fault, &scheme, rest, page))?.host;
    if let Some((before, _)) = url.split_once('#') {
        return Err(UrlFault::Fragment.suggesting(before.to_owned()));
    }
    if scheme == "ws" && page.secure && !is_loopback(host) {
        return Err(UrlFault::Mixed.suggesting(format!("wss://{rest}")));
    }
    Ok(())
}

fn bad_authority(fault: UrlFault, scheme: &str, rest: &str, page: &Origin) -> UrlProblem {
    let (authority, after) = authority::split(rest);
    let (credentials, place) = authority.split_at(authority.rfind('@').map_or(0, |at| at + 1));
    let suggestion = match fault {
        UrlFault::NoHost => with_host(authority, after, scheme, page),
        UrlFault::NotIpv6(_) | UrlFault::BareIpv6 => authority::with_brackets(place)
            .map(|place| format!("{scheme}://{credentials}{place}{after}").into()),
        _ => None,
    };
    UrlProblem { fault, suggestion }
}

/// Completes a URL that consists of a port only, with the page's own host.
fn with_host(port: &str, after: &str, scheme: &str, page: &Origin) -> Option<AttrValue> {
    let digits = port.strip_prefix(':').filter(|port| !port.is_empty())?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| {
        let host = Some(host_of(&page.host)).filter(|host| !host.is_empty()).unwrap_or("localhost");
        format!("{scheme}://{host}:{digits}{after}").into()
    })
}

fn without_scheme(url: &str, page: &Origin) -> UrlProblem {
    if url.starts_with('/') && !url.starts_with("//") {
        return UrlFault::NoHostNorScheme.suggesting(page.url(url));
    }
    if let Some((scheme, rest)) = without_slashes(url) {
        return match authority::split(rest).0 {
            "" => UrlFault::NoHost.alone(),
            _ => UrlFault::NoSlashes.suggesting(format!("{scheme}://{rest}")),
        };
    }
    let (start, after) = authority::split(url);
    let place = authority::with_brackets(start);
    let port =
        if start.bytes().all(|byte| byte.is_ascii_digit()) { format!(":{start}") } else { start.to_owned() };
    if place.is_none()
        && let Some(url) = with_host(&port, after, scheme_for(page, &page.host), page)
    {
        return UrlProblem { fault: UrlFault::NoHostNorScheme, suggestion: Some(url) };
    }
    let rest = match place {
        Some(place) => format!("{place}{after}"),
        None => url.trim_start_matches([':', '/', '\\']).to_owned(),
    };
    if host_of(&rest).is_empty() {
        return UrlFault::NoHost.alone();
    }
    // HTTPS has this port, and what answers there speaks TLS.
    let is_secure = authority::parse(authority::split(&rest).0).is_ok_and(|it| it.port == Some(443));
    let scheme = if is_secure { "wss" } else { scheme_for(page, host_of(&rest)) };
    UrlFault::NoScheme.suggesting(format!("{scheme}://{rest}"))
}

/// Recognizes a known scheme with a wrong or incomplete `://` behind it. Returns the WebSocket scheme and the rest. `ws:8080` is
/// not such a case, but a host and a port.
fn without_slashes(url: &str) -> Option<(&'static str, &str)> {
    let (name, rest) = url.split_at(url.find([':', ';', '/', '\\'])?);
    let separators = rest.len() - rest.trim_start_matches([':', ';', '/', '\\']).len();
    let (separator, rest) = rest.split_at(separators);
    let is_port = separator == ":" && rest.starts_with(|first: char| first.is_ascii_digit()) && {
        authority::split(rest).0.bytes().all(|byte| byte.is_ascii_digit())
    };
    let is_path = separator == "/" || separator == "\\";
    (!is_port && !is_path).then_some(())?;
    match name.to_ascii_lowercase().as_str() {
        "ws" | "http" => Some(("ws", rest)),
        "wss" | "https" => Some(("wss", rest)),
        _ => None,
    }
}

fn is_known_scheme(text: &str) -> bool {
    ["ws", "wss", "http", "https"].iter().any(|scheme| text.eq_ignore_ascii_case(scheme))
}

/// Returns the scheme that works from this page: a page loaded by https may use only wss, except to the local machine.
fn scheme_for(page: &Origin, host: &str) -> &'static str {
    if page.secure && (!is_loopback(host) || host == page.host) { "wss" } else { "ws" }
}

/// True if the text is a valid scheme (RFC 3986 section 3.1).
fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}

/// Returns the host from the text behind `://`, without credentials and port; empty if there is none.
fn host_of(rest: &str) -> &str {
    let host = authority::split(rest).0.rsplit('@').next().unwrap_or_default();
    match host.find(']') {
        Some(end) => &host[..=end],
        None => host.split(':').next().unwrap_or_default(),
    }
}

/// True for hosts that browsers treat as the local machine and exempt from the rule on mixed content.
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
