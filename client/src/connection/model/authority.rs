//! The authority of a URL: the part between `://` and the path (RFC 3986 section 3.2).

use std::net::{Ipv4Addr, Ipv6Addr};

use yew::AttrValue;

use super::url_problem::UrlFault;

/// An authority, split into its parts as browsers do it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Authority<'a> {
    /// The user name and the password, without the `@`.
    pub credentials: Option<&'a str>,
    /// The host: a name or an address. An IPv6 address keeps its brackets.
    pub host: &'a str,
    pub port: Option<u16>,
}

/// Splits the text behind `://` into the authority and the rest. A backslash ends the authority, because browsers read it as a
/// slash.
pub fn split(rest: &str) -> (&str, &str) {
    rest.split_at(rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len()))
}

/// Splits an authority into its parts, or returns the first fault found. Faults that are not detected here are left to the
/// browser, which refuses the URL.
pub fn parse(text: &str) -> Result<Authority<'_>, UrlFault> {
    let (credentials, place) = match text.rsplit_once('@') {
        Some((credentials, place)) => (Some(credentials), place),
        None => (None, text),
    };
    let not_ipv6 = || UrlFault::NotIpv6(place.to_owned().into());
    let (host, port) = if let Some(inside) = place.strip_prefix('[') {
        let (address, after) = inside.split_once(']').ok_or_else(not_ipv6)?;
        is_ipv6(address).then_some(()).ok_or_else(not_ipv6)?;
        let port = match after {
            "" => None,
            _ => Some(after.strip_prefix(':').ok_or_else(not_ipv6)?),
        };
        (&place[..place.len() - after.len()], port)
    } else if place.split_once('%').is_some_and(|(address, _)| is_ipv6(address)) {
        // An IPv6 address with a zone, which browsers do not accept in a URL.
        return Err(not_ipv6());
    } else if with_brackets(place).is_some() {
        return Err(UrlFault::BareIpv6);
    } else {
        match place.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (place, None),
        }
    };
    if host.is_empty() {
        return Err(UrlFault::NoHost);
    }
    let port = port.filter(|port| !port.is_empty()).map(parse_port).transpose()?;
    if let Some(character) = bad_character(host) {
        return Err(UrlFault::HostCharacter(character));
    }
    Ok(Authority { credentials, host, port })
}

fn is_ipv6(text: &str) -> bool {
    text.parse::<Ipv6Addr>().is_ok()
}

/// Corrects the brackets of a host with an optional port: adds them to an IPv6 address that lacks one or both, and removes them
/// from an IPv4 address. Returns `None` if there is nothing to correct.
///
/// The digits behind the last colon are a port if the whole is not an address, or if the address in front is the loopback `::1`:
/// `::1:8080` is more likely to mean port 8080 of this machine than another address.
pub fn with_brackets(place: &str) -> Option<String> {
    let bare = place.trim_start_matches('[').replacen(']', "", 1);
    let (address, port) = match bare.rsplit_once(':') {
        Some((address, port))
            if parse_port(port).is_ok() && is_ipv6(address) && (address == "::1" || !is_ipv6(&bare)) =>
        {
            (address, Some(port))
        }
        _ => (&*bare, None),
    };
    let with_port = |host: String| port.map_or(host.clone(), |port| format!("{host}:{port}"));
    if is_ipv6(address) {
        return Some(with_port(format!("[{address}]"))).filter(|written| written != place);
    }
    let host = bare.split(':').next().unwrap_or_default();
    (bare.len() < place.len() && host.parse::<Ipv4Addr>().is_ok()).then_some(bare)
}

/// Returns the first character that a host may not contain (RFC 3986 section 3.2.2). Characters outside ASCII are left to the
/// browser.
fn bad_character(host: &str) -> Option<char> {
    let is_good = |c: char| !c.is_ascii() || c.is_ascii_alphanumeric() || "-._~%!$&'()*+,;=".contains(c);
    if host.starts_with('[') { None } else { host.chars().find(|c| !is_good(*c)) }
}

fn parse_port(text: &str) -> Result<u16, UrlFault> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse() {
        Ok(port) if digits && is_blocked(port) => Err(UrlFault::BlockedPort(port)),
        Ok(port) if digits => Ok(port),
        _ => Err(UrlFault::Port(text.to_owned().into())),
    }
}

/// True for the ports of other protocols, which browsers never connect to (Fetch Standard, "port blocking").
#[rustfmt::skip]
const fn is_blocked(port: u16) -> bool {
    matches!(port,
        0 | 1 | 7 | 9 | 11 | 13 | 15 | 17 | 19..=23 | 25 | 37 | 42 | 43 | 53 | 69 | 77 | 79 | 87 | 95 | 101..=104 | 109..=111
        | 113 | 115 | 117 | 119 | 123 | 135 | 137 | 139 | 143 | 161 | 179 | 389 | 427 | 465 | 512..=515 | 526 | 530..=532
        | 540 | 548 | 554 | 556 | 563 | 587 | 601 | 636 | 989 | 990 | 993 | 995 | 1719 | 1720 | 1723 | 2049 | 3659 | 4045
        | 4190 | 5060 | 5061 | 6000 | 6566 | 6665..=6669 | 6679 | 6697 | 10080)
}

/// Removes the user name and the password from a URL, for every place where others may see it or where it is stored.
pub fn without_credentials(url: &str) -> AttrValue {
    let plain = url.split_once("://").and_then(|(scheme, rest)| {
        let (authority, after) = split(rest);
        let (_, place) = authority.rsplit_once('@')?;
        Some(format!("{scheme}://{place}{after}"))
    });
    plain.unwrap_or_else(|| url.to_owned()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authority_ends_where_browsers_end_it() {
        for (rest, parts) in [
            ("a", ("a", "")),
            ("a:1/b@c", ("a:1", "/b@c")),
            ("a?b", ("a", "?b")),
            ("a\\@b", ("a", "\\@b")),
            ("[::1]:1/", ("[::1]:1", "/")),
        ] {
            assert_eq!(split(rest), parts, "{rest}");
        }
    }

    #[test]
    fn names_and_addresses_and_ports_are_told_apart() {
        for (text, credentials, host, port) in [
            ("a", None, "a", None),
            ("a:", None, "a", None),
            ("a.example:8080", None, "a.example", Some(8080)),
            ("bücher.example:65535", None, "bücher.example", Some(65535)),
            ("[::1]", None, "[::1]", None),
            ("[2001:db8::1]:443", None, "[2001:db8::1]", Some(443)),
            ("user:pass@a:080", Some("user:pass"), "a", Some(80)),
            ("a@b@c", Some("a@b"), "c", None),
        ] {
            assert_eq!(parse(text), Ok(Authority { credentials, host, port }), "{text}");
        }
    }

    #[test]
    fn a_bad_authority_is_told_by_what_is_bad() {
        let place = |text: &str| AttrValue::from(text.to_owned());
        for (text, problem) in [
            ("", UrlFault::NoHost),
            (":80", UrlFault::NoHost),
            ("user@", UrlFault::NoHost),
            ("[::1", UrlFault::NotIpv6(place("[::1"))),
            ("[::zz]", UrlFault::NotIpv6(place("[::zz]"))),
            ("[fe80::1%eth0]", UrlFault::NotIpv6(place("[fe80::1%eth0]"))),
            ("[::1]80", UrlFault::NotIpv6(place("[::1]80"))),
            ("[127.0.0.1]", UrlFault::NotIpv6(place("[127.0.0.1]"))),
            ("::1", UrlFault::BareIpv6),
            ("2001:db8::1", UrlFault::BareIpv6),
            ("a:65536", UrlFault::Port(place("65536"))),
            ("a:-1", UrlFault::Port(place("-1"))),
            ("a:+1", UrlFault::Port(place("+1"))),
            ("a:b", UrlFault::Port(place("b"))),
            ("a:80:80", UrlFault::Port(place("80:80"))),
            ("fe80::1%eth0", UrlFault::NotIpv6(place("fe80::1%eth0"))),
            ("a\"b", UrlFault::HostCharacter('"')),
            ("a|b:80", UrlFault::HostCharacter('|')),
            ("[::1]:99999", UrlFault::Port(place("99999"))),
            ("a:0", UrlFault::BlockedPort(0)),
            ("a:22", UrlFault::BlockedPort(22)),
        ] {
            assert_eq!(parse(text), Err(problem), "{text}");
        }
        for port in [80, 443, 1024, 3000, 8080, 9001] {
            assert!(parse(&format!("a:{port}")).is_ok(), "{port}");
        }
    }

    #[test]
    fn credentials_are_taken_out_and_nothing_else() {
        for (url, plain) in [
            ("ws://user:pass@a:1/b?c@d", "ws://a:1/b?c@d"),
            ("ws://a:1/b@c", "ws://a:1/b@c"),
            ("ws://@a", "ws://a"),
            ("nothing@all", "nothing@all"),
        ] {
            assert_eq!(without_credentials(url), plain);
        }
    }
}
