//! Faults of a URL.

use yew::AttrValue;

use super::pasted::percent_encoded;
use crate::texts::{Texts, fill};

/// A fault of a URL, with a suggestion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UrlProblem {
    pub fault: UrlFault,
    /// The URL that was probably meant.
    pub suggestion: Option<AttrValue>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UrlFault {
    Empty,
    NoScheme,
    /// Two slashes are missing behind the scheme and its colon.
    NoSlashes,
    /// The URL begins with its path.
    NoHostNorScheme,
    NoHost,
    /// The scheme is `http` or `https`: the scheme, and its WebSocket counterpart.
    OfAPage(&'static str, &'static str),
    OtherScheme,
    Space,
    /// The URL contains an invisible character, which usually was copied along with the text.
    Invisible(char),
    /// The URL contains, or is surrounded by, a character that no URL may contain: mostly quotes.
    Character(char),
    /// The host contains a character that no host may contain.
    HostCharacter(char),
    NotIpv6(AttrValue),
    BareIpv6,
    /// The port is not a number from 0 to 65535.
    Port(AttrValue),
    /// The port is one that browsers never connect to.
    BlockedPort(u16),
    Fragment,
    /// The scheme is `ws`, but the page was loaded by https.
    Mixed,
    /// The browser refused the URL, with this reason.
    Refused(String),
    /// The page's Content-Security-Policy does not allow this server.
    Forbidden,
    /// The worker with the page's socket could not be started.
    NoWorker,
}

impl UrlFault {
    pub const fn alone(self) -> UrlProblem {
        UrlProblem { fault: self, suggestion: None }
    }

    pub fn suggesting(self, url: String) -> UrlProblem {
        UrlProblem { fault: self, suggestion: Some(url.into()) }
    }

    pub fn text(&self, texts: &Texts) -> AttrValue {
        let texts = &texts.connection;
        let naming = |text, name, value: &str| fill(text, &[(name, value)]).into();
        match self {
            Self::Empty => texts.url_empty.into(),
            Self::NoScheme => texts.url_no_scheme.into(),
            Self::NoSlashes => texts.url_no_slashes.into(),
            Self::NoHostNorScheme => texts.url_no_host_nor_scheme.into(),
            Self::NoHost => texts.url_no_host.into(),
            Self::OfAPage(scheme, meant) => {
                fill(texts.url_of_a_page, &[("scheme", scheme), ("meant", meant)]).into()
            }
            Self::OtherScheme => texts.url_other_scheme.into(),
            Self::Space => texts.url_space.into(),
            Self::Invisible(c) => naming(texts.url_invisible, "code", &format!("U+{:04X}", u32::from(*c))),
            Self::Character(c) => {
                let (character, code) = (c.to_string(), percent_encoded(*c));
                fill(texts.url_character, &[("character", &character), ("code", &code)]).into()
            }
            Self::HostCharacter(c) => naming(texts.url_host_character, "character", &c.to_string()),
            Self::NotIpv6(host) => naming(texts.url_not_ipv6, "host", host),
            Self::BareIpv6 => texts.url_bare_ipv6.into(),
            Self::Port(port) => naming(texts.url_port, "port", port),
            Self::BlockedPort(port) => naming(texts.url_blocked_port, "port", &port.to_string()),
            Self::Fragment => texts.url_fragment.into(),
            Self::Mixed => texts.url_mixed.into(),
            Self::Forbidden => texts.url_forbidden.into(),
            Self::NoWorker => texts.no_worker.into(),
            Self::Refused(reason) => naming(texts.url_refused, "reason", reason.trim_end_matches('.')),
        }
    }
}
