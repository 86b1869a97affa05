//! Taps of the page's own server, in URLs.

use ws_echo_shared::lab::{TAP, is_tap_id};
use ws_echo_shared::paths;

use crate::common::query;
use crate::connection::model::endpoint::Origin;

/// Returns the beginning of the URLs of the page's own server: everything in front of [`paths`].
pub fn root(page: &Origin) -> String {
    let mut url = page.echo_url();
    url.truncate(url.len() - paths::ECHO.len());
    url
}

/// Returns a URL without a tap that the page made: the last parameter, of 32 hexadecimal digits.
pub fn without(url: &str) -> String {
    let parts = url.rsplit_once(['?', '&']).filter(|(_, last)| {
        let id = last.split_once('=').filter(|(name, _)| *name == TAP).map_or("", |(_, id)| id);
        id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit())
    });
    parts.map_or(url, |(url, _)| url).to_owned()
}

/// The handshake of a connection.
#[derive(Debug, PartialEq, Eq)]
pub struct Tapped {
    pub url: String,
    /// Identifier of the connection's tap.
    pub tap: Option<String>,
}

/// Decides about the tap of a connection to `url`. Only the page's own server is asked for one: its echo, and its lab. A tap that the page
/// made is not used again, because the server may still have its connection.
///
/// * `is_asked` - True if a connection is to get a tap that its URL does not ask for.
/// * `last` - Identifier of the last connection's tap.
/// * `fresh` - Returns 32 random hexadecimal digits.
pub fn tapped(url: &str, page: &Origin, is_asked: bool, last: Option<&str>, fresh: fn() -> String) -> Tapped {
    let path = url.strip_prefix(&*root(page)).and_then(|target| target.split(['?', '#']).next());
    let can_tap = path.is_some_and(|path| {
        path == paths::ECHO || path.strip_prefix(paths::LAB).is_some_and(|name| name.starts_with('/'))
    });
    let given = query::parse(url.split_once('?').map_or("", |(_, query)| query))
        .find(|parameter| parameter.name == TAP)
        .map(|parameter| parameter.value);
    let plain = without(url);
    let is_used = plain != url && given.as_deref() == last;
    if can_tap && (is_used || is_asked && given.is_none()) {
        let id = fresh();
        let separator = if plain.contains('?') { '&' } else { '?' };
        return Tapped { url: format!("{plain}{separator}{TAP}={id}"), tap: Some(id) };
    }
    Tapped { url: url.to_owned(), tap: given.filter(|id| can_tap && is_tap_id(id)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> Origin {
        Origin { secure: false, host: "a.example:8080".into(), base: "/tools".into() }
    }

    #[test]
    fn a_tap_that_the_page_made_is_taken_out() {
        assert_eq!(root(&page()), "ws://a.example:8080/tools");
        let made = "tap=0123456789abcdef0123456789abcdef";
        let lab = "ws://a.example:8080/tools/lab/push";
        for (url, rest) in [
            (format!("{lab}?{made}"), lab.to_owned()),
            (format!("{lab}?a=b%20c&{made}"), format!("{lab}?a=b%20c")),
            (format!("{lab}?{made}&a=1"), format!("{lab}?{made}&a=1")),
            (format!("{lab}?tap=chosen-by-the-user"), format!("{lab}?tap=chosen-by-the-user")),
        ] {
            assert_eq!(without(&url), rest);
        }
    }

    #[test]
    fn a_connection_to_the_own_server_can_have_a_tap() {
        const LAST: &str = "0123456789abcdef0123456789abcdef";
        let (fresh, new, made): (fn() -> String, _, _) = (|| "f".repeat(32), "f".repeat(32), "e".repeat(32));
        let own = "ws://a.example:8080/tools";
        for (url, is_asked, dialed, tap) in [
            ("/echo", false, "/echo", ""),
            ("/echo", true, "/echo?tap=NEW", "NEW"),
            ("/echo?a=b", true, "/echo?a=b&tap=NEW", "NEW"),
            ("/lab/push?tap=MADE", false, "/lab/push?tap=MADE", "MADE"),
            ("/lab/push?tap=LAST", false, "/lab/push?tap=NEW", "NEW"),
            ("/lab/push?every=1s&tap=LAST", true, "/lab/push?every=1s&tap=NEW", "NEW"),
            ("/echo?tap=chosen-by-the-user", true, "/echo?tap=chosen-by-the-user", "chosen-by-the-user"),
            ("/echo?tap=short", true, "/echo?tap=short", ""),
            ("/lab", true, "/lab", ""),
            ("/labs/push", true, "/labs/push", ""),
            ("/other?tap=MADE", true, "/other?tap=MADE", ""),
        ] {
            let [url, dialed, tap] = [url, dialed, tap]
                .map(|text| text.replace("NEW", &new).replace("LAST", LAST).replace("MADE", &made));
            let tapped = tapped(&format!("{own}{url}"), &page(), is_asked, Some(LAST), fresh);
            let tap = Some(tap).filter(|tap| !tap.is_empty());
            assert_eq!(tapped, Tapped { url: format!("{own}{dialed}"), tap }, "{url}");
        }
        let foreign = format!("ws://b.example/echo?tap={LAST}");
        let tapped = tapped(&foreign, &page(), true, Some(LAST), fresh);
        assert_eq!(tapped, Tapped { url: foreign, tap: None });
    }
}
