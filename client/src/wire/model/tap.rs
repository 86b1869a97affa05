//! Taps of the page's own server, in URLs.

use ws_echo_shared::lab::TAP;
use ws_echo_shared::paths;

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
}
