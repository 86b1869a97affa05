//! Links that open the page in a state: `?url=&protocol=&connect=1&send=`.
//!
//! A link may come from anybody. So it sends nothing unless it also connects, and it connects by itself only to where the page
//! comes from; before anything else it asks. Its messages are sent once, when the connection opens, and then they are taken out
//! of the page's address: neither a reconnect nor a reload nor the way back through the history sends them again.

use yew::AttrValue;

use super::authority::{self, without_credentials};
use super::endpoint::{self, Origin};
use super::format::grouped;
use super::protocols;
use super::query::{self, Parameter};
use super::texts::{Texts, fill};

/// The longest address of a link, in bytes: the length that all that handles an address should support (RFC 9110 section 4.1).
/// This server takes more, proxies before it may not.
pub const LONGEST: usize = 8_000;

/// What a link asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Link {
    /// The URL; none for the page's own server.
    pub url: Option<String>,
    /// The subprotocols to offer: names, without commas and spaces.
    pub protocols: Vec<String>,
    /// Whether to connect.
    pub connect: bool,
    /// The text messages to send. Without `connect` they are only there to be seen.
    pub send: Vec<String>,
}

/// What to do with a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    /// Fill in what it says, and do nothing.
    FillIn,
    /// Connect, and send its messages.
    Connect,
    /// Ask, then connect and send.
    Ask,
}

/// A parameter of a link is badly encoded; this is its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadEncoding(pub AttrValue);

/// A link would be longer than [`LONGEST`]; this is its length in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong(pub usize);

/// What is said about a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkNotice {
    /// A link was copied; perhaps without the messages, with which it would have been too long.
    Copied(Option<TooLong>),
    /// The browser let no link be copied; perhaps without the messages, too.
    NotCopied,
    /// There is none that would work.
    TooLong(TooLong),
    /// The page was opened by a link of which some is badly encoded.
    Damaged(Vec<BadEncoding>),
}

impl LinkNotice {
    /// What happened.
    pub const fn text(&self, texts: &Texts) -> &'static str {
        match self {
            Self::Copied(_) => texts.links.copied,
            Self::NotCopied | Self::TooLong(_) => texts.links.not_copied,
            Self::Damaged(_) => texts.links.bad_link,
        }
    }

    /// What to do about it, or to know.
    pub fn hint(&self, texts: &Texts) -> Option<AttrValue> {
        let texts = &texts.links;
        let lengths = |text, TooLong(bytes): &TooLong| {
            fill(text, &[("bytes", &grouped(*bytes)), ("most", &grouped(LONGEST))]).into()
        };
        match self {
            Self::Copied(None) => None,
            Self::Copied(Some(length)) => Some(lengths(texts.without_message, length)),
            Self::NotCopied => Some(texts.copy_by_hand.into()),
            Self::TooLong(length) => Some(lengths(texts.too_long, length)),
            Self::Damaged(parts) => {
                let mut names: Vec<&str> = parts.iter().map(|BadEncoding(name)| name.as_str()).collect();
                names.dedup();
                Some(fill(texts.bad_link_hint, &[("names", &names.join(", "))]).into())
            }
        }
    }
}

impl Link {
    /// Reads the query of the page's address, and tells what in it is badly encoded. Parameters that are not a link's are
    /// ignored; of a second `url` or `connect` too.
    pub fn parse(query: &str) -> (Self, Vec<BadEncoding>) {
        let mut link = Self::default();
        let mut connect = None;
        let mut problems = Vec::new();
        for Parameter { name, value, sound } in query::parse(query) {
            match name.as_str() {
                "url" if link.url.is_none() => link.url = Some(value).filter(|url| !url.is_empty()),
                "protocol" => {
                    link.protocols.extend(protocols::names(&value).map(str::to_owned));
                }
                "connect" if connect.is_none() => connect = Some(value == "1"),
                "send" => link.send.push(value),
                _ => continue,
            }
            if !sound {
                problems.push(BadEncoding(name.into()));
            }
        }
        link.connect = connect.unwrap_or_default();
        (link, problems)
    }

    /// The query of an address that means this.
    pub fn query(&self) -> String {
        let mut query = String::new();
        if let Some(url) = &self.url {
            query::push(&mut query, "url", url);
        }
        self.protocols.iter().for_each(|name| query::push(&mut query, "protocol", name));
        if self.connect {
            query::push(&mut query, "connect", "1");
        }
        self.send.iter().for_each(|text| query::push(&mut query, "send", text));
        query
    }

    /// The whole address, for others to follow: the page's, without its query, and what this asks for. It has no password.
    ///
    /// # Errors
    ///
    /// It would be too long. Mostly it is the messages, and [`Self::silent`] would fit.
    pub fn address(&self, page: &str) -> Result<String, TooLong> {
        let url = self.url.as_deref().map(|url| without_credentials(url).to_string());
        let address = format!("{page}{}", Self { url, ..self.clone() }.query());
        if address.len() > LONGEST { Err(TooLong(address.len())) } else { Ok(address) }
    }

    /// The same without messages.
    #[must_use]
    pub fn silent(&self) -> Self {
        Self { send: Vec::new(), ..self.clone() }
    }

    /// What to do with this link on a page of the origin.
    pub fn plan(&self, page: &Origin) -> Plan {
        match &self.url {
            _ if !self.connect => Plan::FillIn,
            None => Plan::Connect,
            // Nothing will be opened. To try is to be told why.
            Some(url) if endpoint::parse(url, page).is_err() => Plan::Connect,
            Some(url) if may_without_question(url, page, self.send.is_empty()) => Plan::Connect,
            Some(_) => Plan::Ask,
        }
    }

    /// Whether this link's host and port are those of the page, as written.
    pub fn is_own_host(&self, page: &Origin) -> bool {
        self.url.as_deref().is_none_or(|url| own_path(url, page).is_some())
    }
}

/// Whether to connect to the URL at once: it is of the page's own host and port, and if there is anything to send, it is the
/// echo. Another service there would take the page for its own, and its reader for the author of the messages.
fn may_without_question(url: &str, page: &Origin, silent: bool) -> bool {
    own_path(url, page).is_some_and(|path| silent || page.is_echo(path))
}

/// The path of a URL whose host and port are the page's own, as written; none if they are not. Who writes them in another way
/// is asked, though perhaps needlessly.
fn own_path<'a>(url: &'a str, page: &Origin) -> Option<&'a str> {
    let (scheme, rest) = url.trim().split_once("://")?;
    let secure = match scheme.to_ascii_lowercase().as_str() {
        "ws" => false,
        "wss" => true,
        _ => return None,
    };
    let (place, after) = authority::split(rest);
    let (there, here) = (authority::parse(place).ok()?, authority::parse(&page.host).ok()?);
    let port = |port: Option<u16>, secure| port.unwrap_or(if secure { 443 } else { 80 });
    let is_own = there.credentials.is_none()
        && there.host.eq_ignore_ascii_case(here.host)
        && port(there.port, secure) == port(here.port, page.secure);
    let (path, _) = after.split_once('?').unwrap_or((after, ""));
    is_own.then_some(path)
}

#[cfg(test)]
#[path = "link_tests.rs"]
mod tests;
