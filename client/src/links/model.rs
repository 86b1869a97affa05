//! Links that open the page in a given state: `?url=&protocol=&connect=1&as=&send=`.
//!
//! A link may come from anyone. Therefore it sends nothing unless it also connects, and it connects without confirmation only to
//! the page's own host. Its messages are sent once, when the connection opens, and are then removed from the page's address, so
//! that no reconnect, reload or history navigation sends them again.

use yew::AttrValue;

use crate::common::bytes_input::Mode;
use crate::common::format::grouped;
use crate::common::query::{self, Parameter};
use crate::composer::model::history::Draft;
use crate::connection::model::authority::{self, without_credentials};
use crate::connection::model::endpoint::{self, Origin};
use crate::connection::model::message::Body;
use crate::connection::model::options::names_in;
use crate::texts::{Texts, fill};

/// Maximum length of a link, in bytes: the minimum that RFC 9110 section 4.1 recommends to support. This server accepts more, but
/// proxies in front of it may not.
pub const LONGEST: usize = 8_000;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Link {
    /// URL to connect to; `None` for the page's own server.
    pub url: Option<String>,
    /// Subprotocols to offer: names without commas and spaces.
    pub protocols: Vec<String>,
    pub connect: bool,
    /// Form of the messages: text, or bytes as hex or Base64.
    pub form: Mode,
    /// Messages to send. Without `connect` they are only shown.
    pub send: Vec<String>,
}

/// Action for a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    FillIn,
    /// Connect, and send the messages.
    Connect,
    /// Ask for confirmation, then connect and send.
    Ask,
}

/// Length in bytes of a link that would exceed [`LONGEST`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong(pub usize);

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkNotice {
    /// A link was copied. `Some` if the messages had to be left out because the link would have been too long.
    Copied(Option<TooLong>),
    NotCopied,
    /// Every form of the link is too long.
    TooLong(TooLong),
    /// The page was opened by a link with badly encoded parameters, which have these names.
    Damaged(Vec<String>),
}

impl LinkNotice {
    pub const fn text(&self, texts: &Texts) -> &'static str {
        match self {
            Self::Copied(_) => texts.links.copied,
            Self::NotCopied | Self::TooLong(_) => texts.links.not_copied,
            Self::Damaged(_) => texts.links.bad_link,
        }
    }

    /// Describes the remedy, or further details.
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
            Self::Damaged(names) => {
                let mut names = names.clone();
                names.dedup();
                Some(fill(texts.bad_link_hint, &[("names", &names.join(", "))]).into())
            }
        }
    }
}

impl Link {
    /// Reads the query of the page's address. Also returns the names of the parameters that are badly encoded: by
    /// their percent signs, or as bytes in hex or Base64. Unknown parameters are ignored, as are
    /// repeated `url` and `connect`.
    pub fn parse(query: &str) -> (Self, Vec<String>) {
        let mut link = Self::default();
        let (mut connect, mut form) = (None, None);
        let mut problems = Vec::new();
        for Parameter { name, value, sound } in query::parse(query) {
            match name.as_str() {
                "url" if link.url.is_none() => link.url = Some(value).filter(|url| !url.is_empty()),
                "protocol" => {
                    link.protocols.extend(names_in(&value).map(str::to_owned));
                }
                "connect" if connect.is_none() => connect = Some(value == "1"),
                "as" if form.is_none() => {
                    form = Some(Mode::named(&value));
                    if form == Some(None) {
                        problems.push(name.clone());
                    }
                }
                "send" => link.send.push(value),
                _ => continue,
            }
            if !sound {
                problems.push(name);
            }
        }
        link.connect = connect.unwrap_or_default();
        link.form = form.flatten().unwrap_or_default();
        if link.drafts().any(|draft| draft.body().is_err()) {
            problems.push("send".to_owned());
        }
        (link, problems)
    }

    /// Returns the messages as the composer shows them.
    pub fn drafts(&self) -> impl Iterator<Item = Draft> {
        self.send.iter().map(|text| Draft::new(self.form, text.clone()))
    }

    pub fn bodies(&self) -> Vec<Body> {
        self.drafts().filter_map(|draft| draft.body().ok()).collect()
    }

    /// Returns the query of an address with these contents.
    pub fn query(&self) -> String {
        let mut query = String::new();
        if let Some(url) = &self.url {
            query::push(&mut query, "url", url);
        }
        self.protocols.iter().for_each(|name| query::push(&mut query, "protocol", name));
        if self.connect {
            query::push(&mut query, "connect", "1");
        }
        if self.form != Mode::Text {
            query::push(&mut query, "as", self.form.name());
        }
        self.send.iter().for_each(|text| query::push(&mut query, "send", text));
        query
    }

    /// Returns the whole address of a link to share: the page's address without its query, and these contents without a password.
    /// Returns the length if it exceeds the limit. Mostly the messages are the cause, and [`Self::silent`] fits.
    pub fn address(&self, page: &str) -> Result<String, TooLong> {
        let url = self.url.as_deref().map(|url| without_credentials(url).to_string());
        let address = format!("{page}{}", Self { url, ..self.clone() }.query());
        if address.len() > LONGEST { Err(TooLong(address.len())) } else { Ok(address) }
    }

    #[must_use]
    pub fn silent(&self) -> Self {
        Self { form: Mode::Text, send: Vec::new(), ..self.clone() }
    }

    /// Returns the action for this link on a page with this origin.
    ///
    /// A URL needs no confirmation if it has the page's own host and port, and if there are messages to send, the path of the echo.
    /// Another service there would trust the page's origin, and take the user for the author of the messages. An invalid URL needs
    /// none either: no connection opens, and the attempt shows the reason.
    pub fn plan(&self, page: &Origin) -> Plan {
        let is_safe = |path| self.send.is_empty() || page.is_echo(path);
        match &self.url {
            _ if !self.connect => Plan::FillIn,
            Some(url) if endpoint::parse(url, page).is_ok() && !own_path(url, page).is_some_and(is_safe) => {
                Plan::Ask
            }
            _ => Plan::Connect,
        }
    }

    /// True if host and port of the link are written like those of the page.
    pub fn is_own_host(&self, page: &Origin) -> bool {
        self.url.as_deref().is_none_or(|url| own_path(url, page).is_some())
    }
}

/// Returns the path of a URL whose host and port are written like the page's own, or `None`. Another spelling of the same host
/// leads to a confirmation that may be unnecessary, but does no harm.
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
#[path = "model_tests.rs"]
mod tests;
