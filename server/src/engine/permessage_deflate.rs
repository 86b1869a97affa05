//! permessage-deflate (RFC 7692): which parameters are agreed on.
//!
//! Compressed messages are echoed as they came. Both directions then carry the same sequence of compressed messages, so what
//! holds for the client's compressor must be good for the client's decompressor: where the client limits what the server may
//! do, the answer limits the client in the same way.

use std::fmt::Write as _;

use crate::token::is_token;

/// The extension's name (RFC 7692 section 7).
const NAME: &str = "permessage-deflate";

/// What both sides agreed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// The value of the response's `Sec-WebSocket-Extensions`.
    pub response: String,
    /// Whether each message is compressed on its own.
    pub no_context_takeover: bool,
    /// The size of the window that compressed messages may refer back into, as the exponent of 2: from 8 to 15.
    pub window_bits: u8,
}

/// A `Sec-WebSocket-Extensions` header that does not follow the grammar (RFC 6455 section 9.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "Sec-WebSocket-Extensions must list extensions as NAME; PARAMETER; PARAMETER=VALUE, separated by commas"
)]
pub struct BadExtensions;

/// The parameters of one offer (RFC 7692 section 7.1).
#[derive(Debug, Default)]
struct Offer {
    server_no_context_takeover: bool,
    client_no_context_takeover: bool,
    server_max_window_bits: Option<u8>,
    /// The outer option: whether it was offered; the inner one: its value.
    client_max_window_bits: Option<Option<u8>>,
}

/// Takes the first offer that can be had; other extensions are passed over. None if there is none.
///
/// # Errors
/// When a header does not follow the grammar.
pub fn negotiate<'a>(headers: impl Iterator<Item = &'a [u8]>) -> Result<Option<Agreement>, BadExtensions> {
    let mut agreement = None;
    for header in headers {
        let header = std::str::from_utf8(header).map_err(|_| BadExtensions)?;
        for extension in split(header, b',') {
            let extension = extension.trim_matches([' ', '\t']);
            // RFC 9110 section 5.6.1.2: empty elements of a list are passed over.
            if extension.is_empty() {
                continue;
            }
            let (name, parameters) = parse(extension)?;
            if name == NAME && agreement.is_none() {
                agreement = Offer::read(&parameters).and_then(|offer| offer.accept());
            }
        }
    }
    Ok(agreement)
}

impl Offer {
    /// None for an offer that is to be declined: a parameter that is unknown, given twice, or has a bad value.
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

    fn accept(&self) -> Option<Agreement> {
        let mut response = NAME.to_owned();
        if self.server_no_context_takeover {
            response.push_str("; server_no_context_takeover");
        }
        let no_context_takeover = self.server_no_context_takeover || self.client_no_context_takeover;
        if no_context_takeover {
            response.push_str("; client_no_context_takeover");
        }
        let mut window_bits = MAX_BITS;
        if let Some(asked) = self.server_max_window_bits {
            // A client that did not offer the parameter must not be answered with it (RFC 7692 section 7.1.2.2); such a one
            // always compresses with the largest window.
            let client = self.client_max_window_bits.map(|bits| bits.unwrap_or(MAX_BITS));
            let bits = client.unwrap_or(MAX_BITS).min(asked);
            if client.is_none() && asked < MAX_BITS {
                return None;
            }
            window_bits = bits;
            let _ = write!(response, "; server_max_window_bits={bits}");
            if client.is_some() {
                let _ = write!(response, "; client_max_window_bits={bits}");
            }
        }
        Some(Agreement { response, no_context_takeover, window_bits })
    }
}

/// The largest window is of 2^15 bytes.
pub(super) const MAX_BITS: u8 = 15;

/// A number from 8 to 15 without leading zeros (RFC 7692 section 7.1.2.1).
fn window_bits(text: &str) -> Option<u8> {
    text.parse().ok().filter(|bits| (8..=MAX_BITS).contains(bits) && !text.starts_with(['0', '+']))
}

/// A parameter's name and value.
type Parameter<'a> = (&'a str, Option<String>);

/// An extension's name and parameters (RFC 6455 section 9.1).
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

/// A token, or a quoted string whose content is a token.
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

/// Splits at a separator that is not within quotes.
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

    fn answer(headers: &[&'static str]) -> Result<Option<String>, BadExtensions> {
        let agreement = negotiate(headers.iter().map(|header| header.as_bytes()))?;
        Ok(agreement.map(|agreement| {
            assert_eq!(
                agreement.no_context_takeover,
                agreement.response.contains("client_no_context_takeover")
            );
            agreement.response
        }))
    }

    #[test]
    fn what_is_asked_of_the_server_is_asked_of_the_client_as_well() {
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

    #[test]
    fn an_offer_that_cannot_be_had_is_passed_over_for_the_next() {
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
    fn a_header_that_breaks_the_grammar_is_told() {
        for header in
            ["permessage deflate", "; a", "a; =1", "a; b=", "a; b=\"c", "a; b=\"c d\"", "a; b c", "a=b", "a;"]
        {
            assert_eq!(answer(&[header]), Err(BadExtensions), "{header}");
        }
    }
}
