//! The request of an opening handshake (RFC 6455 section 4.2.1), and its answer.

use std::fmt::Write as _;

use actix_http::ws::hash_key;
use actix_web::{
    dev::{RequestHead, Url},
    http::{
        Method, Version,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
};
use ws_echo_engine::permessage_deflate::Agreement;

use crate::{config::echo_policy::EchoPolicy, handshake::refusal::Refusal};

/// A handshake that may be answered with 101.
pub(crate) struct Handshake {
    /// The value of `Sec-WebSocket-Accept`, in ASCII.
    accept: [u8; 28],
    /// The subprotocol that is spoken.
    pub(crate) subprotocol: Option<String>,
    /// The agreement on compression, for an engine that has it.
    pub(crate) deflate: Option<Agreement>,
}

impl Handshake {
    /// Checks a request.
    ///
    /// # Errors
    /// The first rule that it breaks, or the reason that the policy has against it.
    pub(crate) fn read(request: &RequestHead, policy: &EchoPolicy) -> Result<Self, Refusal> {
        if !is_upgrade(request) {
            return Err(match request.version {
                Version::HTTP_2 => Refusal::NotAConnect,
                _ => Refusal::NotAnUpgrade,
            });
        }
        let headers = request.headers();
        if headers.get(header::HOST).is_none_or(HeaderValue::is_empty) {
            return Err(Refusal::Host);
        }
        let only = |name: HeaderName| {
            let mut values = headers.get_all(name);
            let first = values.next();
            if values.next().is_some() { None } else { first }
        };
        let has_body = headers.contains_key(header::TRANSFER_ENCODING)
            || headers.get(header::CONTENT_LENGTH).is_some_and(|length| length != "0");
        if has_body {
            return Err(Refusal::Body);
        }
        if only(header::SEC_WEBSOCKET_VERSION).is_none_or(|version| version != "13") {
            return Err(Refusal::Version);
        }
        let key = only(header::SEC_WEBSOCKET_KEY)
            .map(HeaderValue::as_bytes)
            .filter(|key| is_key(key))
            .ok_or(Refusal::Key)?;
        // No browser sends two; each of them has to be good.
        let mut origins = headers.get_all(header::ORIGIN).map(HeaderValue::as_bytes).peekable();
        let is_admitted = match origins.peek() {
            Some(_) => origins.all(|origin| policy.origins.admits(Some(origin))),
            None => policy.origins.admits(None),
        };
        if !is_admitted {
            return Err(Refusal::Origin);
        }
        let values = |name| headers.get_all(name).map(HeaderValue::as_bytes);
        let subprotocol = policy.subprotocols.choose(values(header::SEC_WEBSOCKET_PROTOCOL))?;
        Ok(Self {
            accept: hash_key(key),
            subprotocol: subprotocol.map(str::to_owned),
            deflate: policy.deflate.negotiate(values(header::SEC_WEBSOCKET_EXTENSIONS))?,
        })
    }

    /// Returns the value of `Sec-WebSocket-Accept`.
    pub(crate) fn accept(&self) -> String {
        self.accept.map(char::from).iter().collect()
    }

    /// Returns the header fields of the answer with the subprotocol and the extension that were agreed on: name and value of each.
    pub(crate) fn agreed(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let extensions = self.deflate.as_ref().map(|agreement| agreement.response.as_str());
        let fields = [
            ("Sec-WebSocket-Protocol", self.subprotocol.as_deref()),
            ("Sec-WebSocket-Extensions", extensions),
        ];
        fields.into_iter().filter_map(|(name, value)| Some((name, value?)))
    }

    /// Returns the head of the answer (RFC 6455 section 4.2.2 item 5).
    pub(crate) fn response_head(&self) -> Vec<u8> {
        let mut head = String::from(
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ",
        );
        head.extend(self.accept.map(char::from));
        for (name, value) in self.agreed() {
            let _ = write!(head, "\r\n{name}: {value}");
        }
        head.push_str("\r\n\r\n");
        head.into_bytes()
    }
}

/// True if a request asks for a WebSocket: it has the form of RFC 6455 section 4.1, whatever else is wrong with it. `Upgrade` and
/// `Connection` are lists (RFC 9110 sections 7.6.1 and 7.8). An extended CONNECT of HTTP/2 was given that form.
pub(crate) fn is_upgrade(request: &RequestHead) -> bool {
    request.method == Method::GET
        && request.version >= Version::HTTP_11
        && has_token(request.headers(), &header::CONNECTION, "upgrade")
        && has_token(request.headers(), &header::UPGRADE, "websocket")
}

/// True if a request is for a path, by the same reading of its target as the App's, which decodes it.
pub(crate) fn is_at(request: &RequestHead, path: &str) -> bool {
    let target = request.uri.path();
    target == path || target.contains('%') && Url::new(request.uri.clone()).path() == path
}

/// True if a list of tokens, which can stand in several header lines, has this one in any case.
pub(crate) fn has_token(headers: &HeaderMap, name: &HeaderName, wanted: &str) -> bool {
    headers
        .get_all(name)
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b','))
        .any(|token| token.trim_ascii().eq_ignore_ascii_case(wanted.as_bytes()))
}

/// True if a key is 16 bytes in base64: 22 characters and the padding. Of the last character two bits count.
fn is_key(key: &[u8]) -> bool {
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    key.len() == 24 && key.ends_with(b"==") && key[..22].iter().all(is_base64) && b"AQgw".contains(&key[21])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sixteen_bytes_in_base64() {
        assert!(is_key(b"dGhlIHNhbXBsZSBub25jZQ=="));
        for key in [
            "",
            "dGhlIHNhbXBsZSBub25jZQ",
            "dGhlIHNhbXBsZSBub25jZR==",
            "dGhlIHNhbXBsZSBub25jZ===",
            "dGhlIHNhbXBsZSBub25j",
            "dGhlIHNhbXBsZSBub 5jZQ==",
        ] {
            assert!(!is_key(key.as_bytes()), "{key}");
        }
    }
}
