//! Parses the head of a request (RFC 9112).

use std::net::SocketAddr;

use actix_http::{ConnectionType, Request};
use actix_web::{
    http::{
        Method, Uri, Version,
        header::{self, HeaderMap, HeaderName, HeaderValue},
        uri::Authority,
    },
    web::Bytes,
};

use super::bad_request::{BadRequest, MAX_HEADERS};
use crate::handshake::request as handshake;

/// Limit of the parser of URLs for a target, in bytes.
const MAX_TARGET: usize = u16::MAX as usize - 1;

/// A request, and the meaning of the bytes behind its head.
pub(super) struct Parsed {
    /// Without a payload.
    pub(super) request: Request,
    pub(super) body: Body,
    /// True if the client asks for a WebSocket: frames follow the head.
    pub(super) is_websocket: bool,
    /// True if the client may send another request on this connection (RFC 9112 section 9.3).
    pub(super) is_persistent: bool,
}

/// The end of a request's body (RFC 9112 section 6.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Body {
    None,
    /// A number of bytes, at least one.
    Length(u64),
    /// The chunks mark the end.
    Chunked,
}

/// Parses a complete head, whose request line was checked.
pub(super) fn parse(head: &Bytes, peer: Option<SocketAddr>) -> Result<Parsed, BadRequest> {
    let mut lines = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut parsed = httparse::Request::new(&mut lines);
    match parsed.parse(head) {
        Ok(httparse::Status::Complete(len)) if len == head.len() => {}
        Err(httparse::Error::TooManyHeaders) => return Err(BadRequest::TooManyHeaders),
        Err(httparse::Error::Token) => return Err(BadRequest::Target),
        _ => return Err(BadRequest::HeaderLine),
    }
    let (Some(method), Some(target)) = (parsed.method, parsed.path) else {
        return Err(BadRequest::RequestLine);
    };
    let method = Method::from_bytes(method.as_bytes()).map_err(|_| BadRequest::RequestLine)?;
    let version = if parsed.version == Some(1) { Version::HTTP_11 } else { Version::HTTP_10 };

    let mut request = Request::new();
    let request_head = request.head_mut();
    request_head.uri = parse_target(&method, head.slice_ref(target.as_bytes()))?;
    request_head.method = method;
    request_head.version = version;
    request_head.peer_addr = peer;
    for line in parsed.headers.iter() {
        let name = HeaderName::from_bytes(line.name.as_bytes()).map_err(|_| BadRequest::HeaderLine)?;
        let value =
            HeaderValue::from_maybe_shared(head.slice_ref(line.value)).map_err(|_| BadRequest::HeaderLine)?;
        request_head.headers.append(name, value);
    }
    check_host(&request_head.headers, version)?;
    let body = body(&request_head.headers, version)?;
    let is_websocket = handshake::is_upgrade(request_head) && body == Body::None;
    if is_websocket {
        // actix-ws expects it in this form.
        request_head.set_connection_type(ConnectionType::Upgrade);
    }
    let is_persistent = is_persistent(&request_head.headers, version);
    Ok(Parsed { request, body, is_websocket, is_persistent })
}

/// Parses a target, which has the form that its method needs (RFC 9112 section 3.2).
pub(crate) fn parse_target(method: &Method, target: Bytes) -> Result<Uri, BadRequest> {
    if target.len() > MAX_TARGET {
        return Err(BadRequest::TargetTooLong);
    }
    if method == Method::CONNECT {
        return Err(BadRequest::Connect);
    }
    let starts_with_slash = target.starts_with(b"/");
    let is_asterisk = target == "*" && method == Method::OPTIONS;
    let uri = Uri::from_maybe_shared(target).map_err(|_| BadRequest::Target)?;
    let is_absolute = uri.scheme().is_some() && uri.host().is_some_and(|host| !host.is_empty());
    if starts_with_slash || is_absolute || is_asterisk { Ok(uri) } else { Err(BadRequest::Target) }
}

/// Checks for one `Host`, which HTTP/1.1 needs, and which is empty or a host (RFC 9112 section 3.2).
pub(crate) fn check_host(headers: &HeaderMap, version: Version) -> Result<(), BadRequest> {
    let mut hosts = headers.get_all(header::HOST);
    match (hosts.next(), hosts.next()) {
        (None, _) if version < Version::HTTP_11 => Ok(()),
        (None, _) => Err(BadRequest::NoHost),
        (Some(_), Some(_)) => Err(BadRequest::TwoHosts),
        (Some(host), None) if host.is_empty() || is_host(host) => Ok(()),
        (Some(_), None) => Err(BadRequest::Host),
    }
}

/// True for an authority without user information (RFC 9110 section 7.2).
fn is_host(value: &HeaderValue) -> bool {
    let authority = value.to_str().ok().and_then(|text| text.parse::<Authority>().ok());
    authority.is_some_and(|authority| !authority.host().is_empty() && !authority.as_str().contains('@'))
}

/// Returns the end of the body. A body that can be read in two ways is refused: a proxy in front could read it in the other one
/// (RFC 9112 section 11.2).
fn body(headers: &HeaderMap, version: Version) -> Result<Body, BadRequest> {
    let mut encodings = headers.get_all(header::TRANSFER_ENCODING);
    let mut lengths = headers.get_all(header::CONTENT_LENGTH);
    match (encodings.next(), lengths.next()) {
        (None, None) => Ok(Body::None),
        (Some(encoding), None) => {
            let is_chunked = encoding.as_bytes().eq_ignore_ascii_case(b"chunked");
            if is_chunked && encodings.next().is_none() && version >= Version::HTTP_11 {
                Ok(Body::Chunked)
            } else {
                Err(BadRequest::TransferEncoding)
            }
        }
        (Some(_), Some(_)) => Err(BadRequest::TransferEncoding),
        (None, Some(length)) => {
            let is_number = !length.is_empty() && length.as_bytes().iter().all(u8::is_ascii_digit);
            let length = length.to_str().ok().filter(|_| is_number).and_then(|length| length.parse().ok());
            match (length, lengths.next()) {
                (Some(0), None) => Ok(Body::None),
                (Some(length), None) => Ok(Body::Length(length)),
                _ => Err(BadRequest::ContentLength),
            }
        }
    }
}

fn is_persistent(headers: &HeaderMap, version: Version) -> bool {
    let has = |option: &str| handshake::has_token(headers, &header::CONNECTION, option);
    !has("close") && (version >= Version::HTTP_11 || has("keep-alive"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(request: &str) -> Result<Parsed, BadRequest> {
        parse(&Bytes::copy_from_slice(request.as_bytes()), None)
    }

    fn with(lines: &str) -> Result<(Body, bool), BadRequest> {
        of(&format!("GET / HTTP/1.1\r\nHost: a\r\n{lines}\r\n"))
            .map(|parsed| (parsed.body, parsed.is_persistent))
    }

    #[test]
    fn a_body_has_one_length() {
        for (lines, expected) in [
            ("", Ok((Body::None, true))),
            ("Content-Length: 0\r\n", Ok((Body::None, true))),
            ("Content-Length: 12\r\n", Ok((Body::Length(12), true))),
            ("Transfer-Encoding: Chunked\r\n", Ok((Body::Chunked, true))),
            ("Content-Length: 1\r\nContent-Length: 1\r\n", Err(BadRequest::ContentLength)),
            ("Content-Length: 1, 1\r\n", Err(BadRequest::ContentLength)),
            ("Content-Length: +1\r\n", Err(BadRequest::ContentLength)),
            ("Content-Length:\r\n", Err(BadRequest::ContentLength)),
            ("Content-Length: 99999999999999999999\r\n", Err(BadRequest::ContentLength)),
            ("Content-Length: 0\r\nTransfer-Encoding: chunked\r\n", Err(BadRequest::TransferEncoding)),
            ("Transfer-Encoding: gzip, chunked\r\n", Err(BadRequest::TransferEncoding)),
            ("Transfer-Encoding: identity\r\n", Err(BadRequest::TransferEncoding)),
            (
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                Err(BadRequest::TransferEncoding),
            ),
            ("Connection: close\r\n", Ok((Body::None, false))),
            ("Connection: keep-alive\r\nConnection: x, Close\r\n", Ok((Body::None, false))),
        ] {
            assert_eq!(with(lines), expected, "{lines}");
        }
    }

    #[test]
    fn http_1_0_closes_unless_it_asks_for_more() {
        for (lines, persistent) in [("", false), ("Connection: keep-alive\r\n", true)] {
            assert_eq!(of(&format!("GET / HTTP/1.0\r\n{lines}\r\n")).unwrap().is_persistent, persistent);
        }
    }

    #[test]
    fn targets_are_in_the_form_that_the_method_wants() {
        for (line, expected) in [
            ("GET /a?b", Ok("/a")),
            ("GET //a", Ok("//a")),
            ("GET http://a.test", Ok("/")),
            ("GET http://a.test/echo", Ok("/echo")),
            ("OPTIONS *", Ok("*")),
            ("GET *", Err(BadRequest::Target)),
            ("GET echo", Err(BadRequest::Target)),
            ("GET a.test:80", Err(BadRequest::Target)),
            ("GET ?a", Err(BadRequest::Target)),
            ("GET /`", Err(BadRequest::Target)),
            ("CONNECT a.test:80", Err(BadRequest::Connect)),
        ] {
            let parsed = of(&format!("{line} HTTP/1.1\r\nHost: a\r\n\r\n"));
            let path = parsed.as_ref().map(|parsed| parsed.request.path()).map_err(|bad| *bad);
            assert_eq!(path, expected, "{line}");
        }
    }

    #[test]
    fn hosts_are_names_or_addresses_with_or_without_a_port() {
        for (host, good) in [
            ("example.com", true),
            ("example.com:8080", true),
            ("192.0.2.1", true),
            ("[2001:db8::1]:80", true),
            ("a_b.test", true),
            ("", true),
            (":80", false),
            ("a b", false),
            ("a/b", false),
            ("user@example.com", false),
        ] {
            let parsed = of(&format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n"));
            assert_eq!(parsed.map(|_| ()), if good { Ok(()) } else { Err(BadRequest::Host) }, "{host:?}");
        }
        assert_eq!(of("GET / HTTP/1.1\r\n\r\n").map(|_| ()), Err(BadRequest::NoHost));
        assert_eq!(of("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n").map(|_| ()), Err(BadRequest::TwoHosts));
        assert!(of("GET / HTTP/1.0\r\n\r\n").is_ok());
    }

    #[test]
    fn header_lines_are_taken_in_one_way_or_not_at_all() {
        for line in ["X : a", " X: a", "X", "X: a\r\n b", "X: a\rb", ": a", "X(: a"] {
            assert_eq!(with(&format!("{line}\r\n")), Err(BadRequest::HeaderLine), "{line:?}");
        }
        let many: String = (0..MAX_HEADERS).map(|number| format!("X-{number}: a\r\n")).collect();
        assert_eq!(with(&many), Err(BadRequest::TooManyHeaders));
    }
}
