//! permessage-deflate (RFC 7692): the negotiation of its parameters.
//!
//! Compressed messages are echoed as they came, so the client's decompressor gets the output of the client's compressor. If the
//! client limits the server, the answer has to limit the client in the same way. An offer with a limit that the echo may not be
//! able to keep is declined.

use std::fmt::Write as _;

use ws_echo_shared::is_token;

/// The extension's name (RFC 7692 section 7).
const NAME: &str = "permessage-deflate";

/// Parameters that both sides agreed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// The value of the response's `Sec-WebSocket-Extensions`.
    pub response: String,
    /// True if each message is compressed on its own.
    pub no_context_takeover: bool,
    /// Size of the window that compressed messages may refer back into, as an exponent of 2: from 9 to 15.
    pub window_bits: u8,
}

/// A `Sec-WebSocket-Extensions` header that does not follow the grammar (RFC 6455 section 9.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "Sec-WebSocket-Extensions must list extensions as NAME; PARAMETER; PARAMETER=VALUE, separated by commas"
)]
pub struct BadExtensions;

/// The parameters of one offer (RFC 7692 section 7.1).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Offer {
    /// The client wants messages that are compressed each on its own.
    pub server_no_context_takeover: bool,
    /// The client compresses each message on its own.
    pub client_no_context_takeover: bool,
    /// Limit that the client wants on the server's window, as an exponent of 2.
    pub server_max_window_bits: Option<u8>,
    /// Limit of the client's own window. The outer option is none if the parameter was not offered, the inner one if it had no value.
    pub client_max_window_bits: Option<Option<u8>>,
}

/// Permission for messages to refer back to earlier ones (context takeover), which takes memory for each connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContextTakeover {
    /// Allowed, unless the client declines it.
    Allowed,
    /// Never. RFC 7692 sections 7.1.1.1 and 7.1.1.2 let the server decline it unasked.
    Never,
}

/// Chooses among the offers in the values of `Sec-WebSocket-Extensions`. Returns the agreement on the first offer that is not
/// declined, or none; other extensions are ignored.
///
/// # Errors
/// A header does not follow the grammar.
pub fn negotiate<'a>(
    headers: impl Iterator<Item = &'a [u8]>,
    takeover: ContextTakeover,
) -> Result<Option<Agreement>, BadExtensions> {
    Ok(offers(headers)?.iter().find_map(|offer| offer.accept(takeover)))
}

/// Returns the offers of permessage-deflate in the values of `Sec-WebSocket-Extensions`, in their order. Offers with unknown or bad
/// parameters, which a server has to decline, are left out.
///
/// # Errors
/// A header does not follow the grammar.
pub fn offers<'a>(headers: impl Iterator<Item = &'a [u8]>) -> Result<Vec<Offer>, BadExtensions> {
    let mut offers = Vec::new();
    for header in headers {
        let header = std::str::from_utf8(header).map_err(|_| BadExtensions)?;
        for extension in split(header, b',') {
            let extension = extension.trim_matches([' ', '\t']);
            // RFC 9110 section 5.6.1.2: empty elements of a list are ignored.
            if extension.is_empty() {
                continue;
            }
            let (name, parameters) = parse(extension)?;
            if name == NAME {
                offers.extend(Offer::read(&parameters));
            }
        }
    }
    Ok(offers)
}

impl Offer {
    /// Reads an offer. None if it is declined: a parameter is unknown, is given twice, or has a bad value.
    fn read(parameters: &[Parameter<'_>]) -> Option<Self> {
        let mut offer = Self::default();
        for (index, (name, value)) in parameters.iter().enumerate() {
            if parameters[..index].iter().any(|(before, _)| before == name) {
                return None;
            }
            match (*name, value) {
                ("server_no_context_takeover", None) => offer.server_no_context_takeover = true,
                ("client_no_context_takeover", None) => offer.client_no_context_takeover = true,
                ("server_max_window_bits", Some(bits)) => {
                    offer.server_max_window_bits = Some(window_bits(bits)?);
                }
                ("client_max_window_bits", None) => offer.client_max_window_bits = Some(None),
                ("client_max_window_bits", Some(bits)) => {
                    offer.client_max_window_bits = Some(Some(window_bits(bits)?));
                }
                _ => return None,
            }
        }
        Some(offer)
    }

    /// Returns the agreement on this offer; none if it is declined.
    fn accept(&self, takeover: ContextTakeover) -> Option<Agreement> {
        let mut response = NAME.to_owned();
        let never = takeover == ContextTakeover::Never;
        if self.server_no_context_takeover || never {
            response.push_str("; server_no_context_takeover");
        }
        let no_context_takeover = self.server_no_context_takeover || self.client_no_context_takeover || never;
        if no_context_takeover {
            response.push_str("; client_no_context_takeover");
        }
        let mut window_bits = MAX_BITS;
        if let Some(asked) = self.server_max_window_bits {
            let limits = self.limit_window(asked)?;
            window_bits = limits.server;
            let _ = write!(response, "; server_max_window_bits={}", limits.server);
            if let Some(bits) = limits.client {
                let _ = write!(response, "; client_max_window_bits={bits}");
            }
        }
        Some(Agreement { response, no_context_takeover, window_bits })
    }

    /// Limits the server's window to the size that the client asks for. The server sends messages that the client has compressed,
    /// so the client's window has to be limited too. None if it cannot be.
    fn limit_window(&self, asked: u8) -> Option<Limits> {
        // RFC 7692 section 7.1.2.2: a client without this parameter must not be answered with it, and may use the largest window.
        let offered = self.client_max_window_bits;
        match offered {
            _ if asked == MAX_BITS => Some(Limits { server: MAX_BITS, client: None }),
            None => None,
            // Few clients can keep to a window of 8 bits: zlib compresses with 9 instead, or not at all.
            _ if asked < MIN_BITS => None,
            // The client limits its window to 8 bits unasked. It would refuse an answer of 9, which is above its offer.
            Some(Some(bits)) if bits < MIN_BITS => Some(Limits { server: asked, client: None }),
            Some(bits) => {
                let bits = bits.unwrap_or(MAX_BITS).min(asked);
                Some(Limits { server: bits, client: Some(bits) })
            }
        }
    }
}

/// Values of the parameters `server_max_window_bits` and `client_max_window_bits` of a response.
struct Limits {
    server: u8,
    client: Option<u8>,
}

/// Size of the largest window, as an exponent of 2.
pub(super) const MAX_BITS: u8 = 15;

/// Size of the smallest window that zlib compresses with, as an exponent of 2.
const MIN_BITS: u8 = 9;

/// Parses a number from 8 to 15 without leading zeros (RFC 7692 section 7.1.2.1).
fn window_bits(text: &str) -> Option<u8> {
    text.parse().ok().filter(|bits| (8..=MAX_BITS).contains(bits) && !text.starts_with(['0', '+']))
}

/// Name and value of a parameter.
type Parameter<'a> = (&'a str, Option<String>);

/// Splits an extension into its name and parameters (RFC 6455 section 9.1).
fn parse(extension: &str) -> Result<(&str, Vec<Parameter<'_>>), BadExtensions> {
    let mut parts = split(extension, b';').into_iter().map(|part| part.trim_matches([' ', '\t']));
    let name = parts.next().filter(|name| is_token(name)).ok_or(BadExtensions)?;
    let parameters = parts.map(|part| {
        let (key, value) = match part.split_once('=') {
            Some((key, value)) => {
                (key.trim_end_matches([' ', '\t']), Some(unquote(value.trim_start_matches([' ', '\t']))?))
            }
            None => (part, None),
        };
        if is_token(key) { Ok((key, value)) } else { Err(BadExtensions) }
    });
    Ok((name, parameters.collect::<Result<_, _>>()?))
}

/// Reads a token, or a quoted string whose content is a token.
fn unquote(value: &str) -> Result<String, BadExtensions> {
    let Some(quoted) = value.strip_prefix('"') else {
        return if is_token(value) { Ok(value.to_owned()) } else { Err(BadExtensions) };
    };
    let quoted = quoted.strip_suffix('"').ok_or(BadExtensions)?;
    let mut content = String::new();
    let mut characters = quoted.chars();
    while let Some(character) = characters.next() {
        content.push(if character == '\\' { characters.next().ok_or(BadExtensions)? } else { character });
    }
    if is_token(&content) { Ok(content) } else { Err(BadExtensions) }
}

/// Splits at separators outside of quotes.
fn split(text: &str, separator: u8) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut quoted, mut escaped) = (0, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if byte == separator && !quoted => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the response, and the size of the window as an exponent of 2.
    fn agreed(headers: &[&'static str]) -> Result<Option<(String, u8)>, BadExtensions> {
        let headers = || headers.iter().map(|header| header.as_bytes());
        let agreement = negotiate(headers(), ContextTakeover::Allowed)?;
        let never = negotiate(headers(), ContextTakeover::Never)?;
        assert_eq!(never.is_some(), agreement.is_some());
        if let (Some(never), Some(agreement)) = (never, &agreement) {
            assert!(never.no_context_takeover);
            assert_eq!(never.window_bits, agreement.window_bits);
            let both = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
            let rest = agreement.response.replace("; server_no_context_takeover", "");
            let rest = rest.replace("; client_no_context_takeover", "");
            assert_eq!(never.response, rest.replacen("permessage-deflate", both, 1));
        }
        Ok(agreement.map(|agreement| {
            assert_eq!(
                agreement.no_context_takeover,
                agreement.response.contains("client_no_context_takeover")
            );
            (agreement.response, agreement.window_bits)
        }))
    }

    fn answer(headers: &[&'static str]) -> Result<Option<String>, BadExtensions> {
        Ok(agreed(headers)?.map(|(response, _)| response))
    }

    #[test]
    fn a_limit_on_the_server_limits_the_client_as_well() {
        for (offer, response) in [
            ("permessage-deflate", "permessage-deflate"),
            ("permessage-deflate; client_max_window_bits", "permessage-deflate"),
            ("permessage-deflate; client_max_window_bits=10", "permessage-deflate"),
            (
                "permessage-deflate; server_no_context_takeover",
                "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
            ),
            (
                "permessage-deflate; client_no_context_takeover",
                "permessage-deflate; client_no_context_takeover",
            ),
            (
                "permessage-deflate; server_max_window_bits=10; client_max_window_bits",
                "permessage-deflate; server_max_window_bits=10; client_max_window_bits=10",
            ),
            (
                "permessage-deflate; server_max_window_bits=12; client_max_window_bits=9",
                "permessage-deflate; server_max_window_bits=9; client_max_window_bits=9",
            ),
            (
                "permessage-deflate; server_max_window_bits=15",
                "permessage-deflate; server_max_window_bits=15",
            ),
            (
                "permessage-deflate ;\tserver_max_window_bits = \"1\\0\" ; client_max_window_bits",
                "permessage-deflate; server_max_window_bits=10; client_max_window_bits=10",
            ),
        ] {
            assert_eq!(answer(&[offer]), Ok(Some(response.into())), "{offer}");
        }
    }

    /// Clients on zlib have no window of 8 bits: they compress with 9 instead, or cannot compress at all. Python's `websockets`
    /// did not connect when it was told to use 8.
    #[test]
    fn a_window_is_agreed_on_only_if_the_client_can_keep_to_it() {
        for (offer, response) in [
            // No limit on the server's window: none on the client's.
            ("client_max_window_bits=8", Some(("", 15))),
            ("client_max_window_bits=9", Some(("", 15))),
            ("server_max_window_bits=15; client_max_window_bits", Some(("; server_max_window_bits=15", 15))),
            (
                "server_max_window_bits=15; client_max_window_bits=8",
                Some(("; server_max_window_bits=15", 15)),
            ),
            (
                "server_max_window_bits=15; client_max_window_bits=12",
                Some(("; server_max_window_bits=15", 15)),
            ),
            // A client whose window cannot be limited.
            ("server_max_window_bits=8", None),
            ("server_max_window_bits=9", None),
            ("server_max_window_bits=14", None),
            // A window that few clients can keep to.
            ("server_max_window_bits=8; client_max_window_bits", None),
            ("server_max_window_bits=8; client_max_window_bits=8", None),
            ("server_max_window_bits=8; client_max_window_bits=9", None),
            ("server_max_window_bits=8; client_max_window_bits=15", None),
            // A client that offers 8 uses 9 at most. The answer does not say so: `websockets` refuses more than it offered.
            ("server_max_window_bits=9; client_max_window_bits=8", Some(("; server_max_window_bits=9", 9))),
            (
                "server_max_window_bits=12; client_max_window_bits=8",
                Some(("; server_max_window_bits=12", 12)),
            ),
            // The smaller one of the two.
            (
                "server_max_window_bits=9; client_max_window_bits",
                Some(("; server_max_window_bits=9; client_max_window_bits=9", 9)),
            ),
            (
                "server_max_window_bits=14; client_max_window_bits",
                Some(("; server_max_window_bits=14; client_max_window_bits=14", 14)),
            ),
            (
                "server_max_window_bits=9; client_max_window_bits=15",
                Some(("; server_max_window_bits=9; client_max_window_bits=9", 9)),
            ),
            (
                "server_max_window_bits=14; client_max_window_bits=9",
                Some(("; server_max_window_bits=9; client_max_window_bits=9", 9)),
            ),
        ] {
            let offer: &str = format!("permessage-deflate; {offer}").leak();
            let expected = response.map(|(response, bits)| (format!("permessage-deflate{response}"), bits));
            assert_eq!(agreed(&[offer]), Ok(expected.clone()), "{offer}");
            // A declined offer is followed by the next one.
            let next = expected.unwrap_or(("permessage-deflate".into(), 15));
            assert_eq!(agreed(&[offer, "permessage-deflate"]), Ok(Some(next)), "{offer}");
        }
    }

    #[test]
    fn an_offer_that_is_declined_is_followed_by_the_next() {
        for offer in [
            "permessage-deflate; server_max_window_bits=10",
            "permessage-deflate; server_max_window_bits",
            "permessage-deflate; server_max_window_bits=7",
            "permessage-deflate; server_max_window_bits=16; client_max_window_bits",
            "permessage-deflate; server_max_window_bits=010; client_max_window_bits",
            "permessage-deflate; client_max_window_bits=7",
            "permessage-deflate; server_no_context_takeover=1",
            "permessage-deflate; unknown",
            "permessage-deflate; client_no_context_takeover; client_no_context_takeover",
            "x-webkit-deflate-frame",
            "",
        ] {
            assert_eq!(answer(&[offer]), Ok(None), "{offer}");
            assert_eq!(
                answer(&[offer, "permessage-deflate"]),
                Ok(Some("permessage-deflate".into())),
                "{offer}"
            );
        }
        assert_eq!(answer(&[]), Ok(None));
        assert_eq!(
            answer(&[
                "permessage-deflate; server_max_window_bits=9, foo; a=\"b\", permessage-deflate; client_no_context_takeover"
            ]),
            Ok(Some("permessage-deflate; client_no_context_takeover".into()))
        );
    }

    #[test]
    fn a_header_that_breaks_the_grammar_is_an_error() {
        for header in
            ["permessage deflate", "; a", "a; =1", "a; b=", "a; b=\"c", "a; b=\"c d\"", "a; b c", "a=b", "a;"]
        {
            assert_eq!(answer(&[header]), Err(BadExtensions), "{header}");
        }
    }
}
