//! The client's address as a trusted proxy names it: `X-Forwarded-For`, and `Forwarded` of RFC 7239.

use std::{fmt, net::IpAddr, str::FromStr, sync::Arc};

use actix_web::{
    dev::RequestHead,
    http::header::{self, HeaderName, HeaderValue},
};
use ipnet::{IpNet, Ipv4Net};

/// A network of addresses, such as `10.0.0.0/8` or `fd00::/8`. IPv4 networks are never in the form of IPv4-mapped IPv6 addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network(IpNet);

/// Networks of the proxies that are trusted. Cloning gives another handle to the same ones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustedProxies(Arc<[Network]>);

impl FromStr for Network {
    type Err = String;

    /// Reads a network, or an address without a prefix length as a network of one address.
    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let wrong = || "write a network or an address, such as 10.0.0.0/8, fd00::/8 or 192.0.2.1".to_owned();
        let (address, len) = text.split_once('/').map_or((text, None), |(address, len)| (address, Some(len)));
        // ipnet's own parser accepts octets with leading zeros, which some programs read as octal; std's does not.
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let network = match len {
            Some(_) => text.parse().map_err(|_| wrong())?,
            None => IpNet::from(address),
        };
        let truncated = network.trunc();
        if truncated != network {
            return Err(format!("the network of this address is {truncated}"));
        }
        Ok(Self(to_canonical(network)))
    }
}

/// Turns a network of IPv4-mapped IPv6 addresses into the IPv4 network. Addresses are compared in this form, so one in the other
/// form would never match.
fn to_canonical(network: IpNet) -> IpNet {
    let IpNet::V6(mapped) = network else { return network };
    let (address, len) = (mapped.addr().to_ipv4_mapped(), mapped.prefix_len().checked_sub(96));
    let network_v4 = address.zip(len).and_then(|(address, len)| Ipv4Net::new(address, len).ok());
    network_v4.map_or(network, IpNet::V4)
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<Vec<Network>> for TrustedProxies {
    fn from(networks: Vec<Network>) -> Self {
        Self(networks.into())
    }
}

impl TrustedProxies {
    /// Returns the address of the client that a trusted proxy names. None if the request does not come from a trusted proxy, or
    /// names no address that can be trusted.
    ///
    /// Each proxy appends the address of its own peer to the list. So the list is read from its end, past the trusted proxies, to
    /// the first other address: a trusted proxy has seen it as its peer. The entries before it may be made up by the client.
    pub(crate) fn client(&self, head: &RequestHead) -> Option<IpAddr> {
        let peer = head.peer_addr?.ip();
        if !self.contains(peer) {
            return None;
        }
        let find = |name, read| {
            let values: Vec<_> = head.headers().get_all(&name).collect();
            (!values.is_empty()).then(|| self.last_untrusted(&values, read))
        };
        let (x_forwarded_for, forwarded) = (
            find(HeaderName::from_static("x-forwarded-for"), addresses as ReadLine),
            find(header::FORWARDED, elements),
        );
        match (x_forwarded_for, forwarded) {
            // A proxy writes one of the two, and may pass on the other as a client wrote it.
            (Some(one), Some(other)) => one.filter(|_| one == other),
            (Some(found), None) | (None, Some(found)) => found,
            (None, None) => None,
        }
    }

    /// True if the address is a trusted proxy's.
    fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.0.contains(&address))
    }

    /// Returns the last address that is not a trusted proxy's; the first one if all are. An entry without an address ends the
    /// search.
    fn last_untrusted(&self, values: &[&HeaderValue], read: ReadLine) -> Option<IpAddr> {
        let mut last = None;
        for address in values.iter().rev().flat_map(|value| read(value.as_bytes())) {
            let Some(address) = address else { return last };
            last = Some(address);
            if !self.contains(address) {
                return last;
            }
        }
        last
    }
}

/// Reads one line of a header from its end. Returns the address of each entry, or none if it has none. The end is written by the
/// trusted proxy. The text before it can be anything, and must not change how the end is read.
type ReadLine = fn(&[u8]) -> Vec<Option<IpAddr>>;

/// Reads `X-Forwarded-For`: addresses, separated by commas.
fn addresses(line: &[u8]) -> Vec<Option<IpAddr>> {
    line.rsplit(|byte| *byte == b',').map(node).collect()
}

/// Reads `Forwarded` (RFC 7239 section 4): elements, separated by commas; an element is pairs, separated by semicolons.
fn elements(line: &[u8]) -> Vec<Option<IpAddr>> {
    let address = |element| {
        let mut values = rsplit(element, b';').filter_map(|pair| {
            let (name, value) = pair.split_at_checked(pair.iter().position(|byte| *byte == b'=')?)?;
            name.trim_ascii().eq_ignore_ascii_case(b"for").then(|| value[1..].trim_ascii())
        });
        let value = values.next()?;
        if values.next().is_some() {
            return None;
        }
        let quoted = value.strip_prefix(b"\"").and_then(|value| value.strip_suffix(b"\""));
        node(quoted.unwrap_or(value))
    };
    rsplit(line, b',').map(address).collect()
}

/// Splits at separators outside of quotes, from the end: so a quote that a client left open cannot hide the text of the proxy
/// behind it. In a well-formed text, a quote within quotes has an odd number of backslashes before it, and an opening quote has
/// none.
fn rsplit(text: &[u8], separator: u8) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let mut quoted = false;
        let found = text.iter().enumerate().rposition(|(index, byte)| {
            if *byte == b'"' {
                let backslashes = text[..index].iter().rev().take_while(|byte| **byte == b'\\').count();
                quoted = !quoted || backslashes % 2 == 1;
            }
            *byte == separator && !quoted
        });
        rest = found.map(|found| &text[..found]);
        Some(found.map_or(text, |found| &text[found + 1..]))
    })
}

/// Reads an address, with or without a port (RFC 7239 section 6). None for `unknown`, for an obfuscated identifier, and for any
/// other text.
fn node(text: &[u8]) -> Option<IpAddr> {
    let text = str::from_utf8(text).ok()?.trim_matches([' ', '\t']);
    let (address, port) = match text.strip_prefix('[') {
        Some(text) => text
            .split_once(']')
            .map(|(address, rest)| (address, Some(rest).filter(|rest| !rest.is_empty())))?,
        // A text with more colons is an IPv6 address, which has no port without brackets.
        None if text.matches(':').count() == 1 => {
            text.find(':').map(|colon| (&text[..colon], Some(&text[colon..])))?
        }
        None => (text, None),
    };
    let address: IpAddr = address.parse().ok()?;
    port.is_none_or(|port| port.strip_prefix(':').is_some_and(is_port)).then(|| address.to_canonical())
}

/// True if a text is a port number, or an obfuscated port: a name behind `_`.
fn is_port(text: &str) -> bool {
    match text.strip_prefix('_') {
        Some(name) => name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte)),
        None => text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u16>().is_ok(),
    }
}

#[cfg(test)]
mod any_headers;

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use actix_web::test::TestRequest;

    use super::*;

    fn client(peer: &str, headers: &[(&str, &str)]) -> Option<String> {
        let proxies = ["10.0.0.0/8", "fd00::/8", "192.0.2.7"].map(|text| text.parse().unwrap());
        let mut request = TestRequest::get().peer_addr(SocketAddr::new(peer.parse().unwrap(), 1));
        for header in headers {
            request = request.append_header(*header);
        }
        let request = request.to_http_request();
        TrustedProxies::from(proxies.to_vec()).client(request.head()).map(|address| address.to_string())
    }

    #[test]
    fn networks_are_read_and_errors_have_a_correct_example() {
        for text in ["10.0.0.0/8", "0.0.0.0/0", "::/0", "fd00::/8", "2001:db8::1/128"] {
            assert_eq!(text.parse::<Network>().unwrap().to_string(), text);
        }
        for (text, network) in [
            ("192.0.2.1", "192.0.2.1/32"),
            ("::1", "::1/128"),
            ("::ffff:10.0.0.0/104", "10.0.0.0/8"),
            ("::ffff:192.0.2.1", "192.0.2.1/32"),
        ] {
            assert_eq!(text.parse::<Network>().unwrap().to_string(), network);
        }
        for (text, wanted) in [
            ("10.0.0.1/8", "the network of this address is 10.0.0.0/8"),
            ("fd00::1/8", "the network of this address is fd00::/8"),
            ("10.0.0.0/33", "such as 10.0.0.0/8"),
            ("10.0.0.0/+8", "such as 10.0.0.0/8"),
            ("010.0.0.0/8", "such as 10.0.0.0/8"),
            ("10.0.0.0/", "such as 10.0.0.0/8"),
            ("proxy", "such as 10.0.0.0/8"),
        ] {
            let error = text.parse::<Network>().unwrap_err();
            assert!(error.contains(wanted), "{text}: {error}");
        }
    }

    #[test]
    fn a_client_that_is_not_trusted_keeps_its_address() {
        for peer in ["11.0.0.1", "192.0.2.8", "::1", "fc00::1"] {
            assert_eq!(
                client(peer, &[("X-Forwarded-For", "203.0.113.1"), ("Forwarded", "for=203.0.113.1")]),
                None
            );
        }
    }

    #[test]
    fn the_last_address_that_is_not_a_proxys_is_the_clients() {
        for (list, found) in [
            ("203.0.113.1", Some("203.0.113.1")),
            ("1.1.1.1, 203.0.113.1", Some("203.0.113.1")),
            ("1.1.1.1,203.0.113.1 , 10.1.1.1,192.0.2.7", Some("203.0.113.1")),
            ("203.0.113.1:4711", Some("203.0.113.1")),
            ("2001:db8::1", Some("2001:db8::1")),
            ("[2001:db8::1]:4711", Some("2001:db8::1")),
            ("[2001:db8::1]", Some("2001:db8::1")),
            ("203.0.113.1:65536", None),
            ("203.0.113.1:+1", None),
            ("[2001:db8::1]80", None),
            ("[2001:db8::1", None),
            ("fe80::1%eth0", None),
            ("\"1.1.1.1, 203.0.113.1", Some("203.0.113.1")),
            ("::ffff:203.0.113.1", Some("203.0.113.1")),
            ("10.0.0.2, 10.0.0.1", Some("10.0.0.2")),
            ("203.0.113.1, unknown", None),
            ("203.0.113.1, x, 10.0.0.1", Some("10.0.0.1")),
            ("203.0.113.1,", None),
            ("", None),
        ] {
            for peer in ["10.0.0.1", "::ffff:10.0.0.1", "fd00::1"] {
                assert_eq!(client(peer, &[("X-Forwarded-For", list)]).as_deref(), found, "{list}");
            }
        }
        let lines = [("X-Forwarded-For", "1.1.1.1"), ("X-Forwarded-For", "203.0.113.1, 10.0.0.1")];
        assert_eq!(client("10.0.0.1", &lines).as_deref(), Some("203.0.113.1"));
    }

    #[test]
    fn the_header_of_the_standard_is_read_as_well() {
        for (list, found) in [
            ("for=203.0.113.1", Some("203.0.113.1")),
            ("For=203.0.113.1;proto=https;by=10.0.0.1", Some("203.0.113.1")),
            ("proto=http; for=\"[2001:db8::1]:4711\"", Some("2001:db8::1")),
            ("for=1.1.1.1, for=\"203.0.113.1:80\", for=10.0.0.1", Some("203.0.113.1")),
            ("for=203.0.113.1;host=\"a,b;for=1.1.1.1\"", Some("203.0.113.1")),
            ("for=203.0.113.1, for=unknown", None),
            ("for=203.0.113.1, for=_hidden", None),
            ("for=203.0.113.1, proto=https", None),
            ("for=\"203.0.113.1:_http\"", Some("203.0.113.1")),
            ("for=\"[2001:db8::1]:_a.b-c\"", Some("2001:db8::1")),
            ("for=203.0.113.1;host=\"a\\\", for=1.1.1.1, b\\\\\"", Some("203.0.113.1")),
            ("for=1.1.1.1;for=203.0.113.1", None),
            ("203.0.113.1", None),
            ("for=\"203.0.113.1", None),
            ("for=1.1.1.1, for=\"203.0.113.1:80, for=2.2.2.2\"", None),
            // The client left a quote open, and the proxy wrote its element behind that.
            ("for=\"1.1.1.1, for=203.0.113.1", Some("203.0.113.1")),
            ("for=\"1.1.1.1\\\", for=203.0.113.1", Some("203.0.113.1")),
            ("for=\", for=\"[2001:db8::1]\"", Some("2001:db8::1")),
        ] {
            assert_eq!(client("10.0.0.1", &[("Forwarded", list)]).as_deref(), found, "{list}");
        }
    }

    #[test]
    fn headers_that_contradict_each_other_are_not_believed() {
        let both = |one, other| client("10.0.0.1", &[("X-Forwarded-For", one), ("Forwarded", other)]);
        assert_eq!(both("203.0.113.1", "for=203.0.113.1").as_deref(), Some("203.0.113.1"));
        assert_eq!(both("203.0.113.1", "for=1.1.1.1"), None);
        assert_eq!(both("unknown", "for=1.1.1.1"), None);
    }
}
