//! Turns requests of HTTP/2 into those that the App and the handshake know.

use std::net::SocketAddr;

use actix_http::{ConnectionType, Request};
use actix_web::{
    http::{
        Method, Version,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
    web::Bytes,
};
use h2::ext::Protocol;
use http::request::Parts;

use crate::http1::{
    bad_request::{BadRequest, MAX_HEADERS},
    request::{check_host, parse_target},
};

/// The value of `:protocol` for a WebSocket (RFC 8441 section 5), in any case, as in `Upgrade` (RFC 9110 section 7.8): HAProxy passes on the
/// one of its client.
const WEBSOCKET: &str = "websocket";

/// A key for the rules of the handshake. RFC 8441 section 5 processes neither `Sec-WebSocket-Key` nor `Sec-WebSocket-Accept`.
const KEY: HeaderValue = HeaderValue::from_static("AAAAAAAAAAAAAAAAAAAAAA==");

/// Converts a request, whose header fields the crate `h2` has checked. Returns it without a payload. A request for a WebSocket becomes the GET
/// of RFC 6455 section 4.1.
///
/// # Errors
/// The request is one that HTTP/1.1 would not have passed on either.
pub(super) fn convert(parts: &Parts, peer: Option<SocketAddr>) -> Result<Request, BadRequest> {
    let protocol = parts.extensions.get::<Protocol>();
    if protocol.is_some_and(|protocol| !protocol.as_str().eq_ignore_ascii_case(WEBSOCKET)) {
        return Err(BadRequest::Protocol);
    }
    let is_websocket = protocol.is_some();
    let method = match is_websocket {
        true => Method::GET,
        false => Method::from_bytes(parts.method.as_str().as_bytes()).map_err(|_| BadRequest::Method)?,
    };
    if parts.headers.len() > MAX_HEADERS {
        return Err(BadRequest::TooManyHeaders);
    }
    let target = parts.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    let uri = parse_target(&method, Bytes::copy_from_slice(target.as_bytes()))?;

    let mut request = Request::new();
    let head = request.head_mut();
    (head.method, head.uri, head.version, head.peer_addr) = (method, uri, Version::HTTP_2, peer);
    for (name, value) in &parts.headers {
        let name = HeaderName::from_bytes(name.as_str().as_bytes()).map_err(|_| BadRequest::HeaderLine)?;
        let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| BadRequest::HeaderLine)?;
        head.headers.append(name, value);
    }
    join_cookies(&mut head.headers);
    if let Some(authority) = parts.uri.authority() {
        // It takes the place of Host, which names the same server (RFC 9113 section 8.3.1).
        let authority = HeaderValue::from_str(authority.as_str()).map_err(|_| BadRequest::Host)?;
        let hosts = head.headers.get_all(header::HOST);
        if hosts.into_iter().any(|host| !host.as_bytes().eq_ignore_ascii_case(authority.as_bytes())) {
            return Err(BadRequest::TwoHosts);
        }
        head.headers.insert(header::HOST, authority);
    }
    // A request without an authority is good (RFC 9113 section 8.3.1): the health checks of HAProxy have none.
    if head.headers.contains_key(header::HOST) {
        check_host(&head.headers, Version::HTTP_2)?;
    }
    if is_websocket {
        head.headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        head.headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
        head.headers.insert(header::SEC_WEBSOCKET_KEY, KEY);
        // actix-ws expects it in this form.
        head.set_connection_type(ConnectionType::Upgrade);
    }
    Ok(request)
}

/// Joins the fields of a cookie, which HTTP/2 may split, into one (RFC 9113 section 8.2.3).
fn join_cookies(headers: &mut HeaderMap) {
    let cookies: Vec<_> = headers.get_all(header::COOKIE).map(HeaderValue::as_bytes).collect();
    if cookies.len() < 2 {
        return;
    }
    if let Ok(cookie) = HeaderValue::from_bytes(&cookies.join(&b"; "[..])) {
        headers.insert(header::COOKIE, cookie);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(method: &str, uri: &str, fields: &[(&str, &str)]) -> Parts {
        let mut request = http::Request::builder().method(method).uri(uri);
        for (name, value) in fields {
            request = request.header(*name, *value);
        }
        request.body(()).unwrap().into_parts().0
    }

    fn websocket(fields: &[(&str, &str)]) -> Parts {
        let mut parts = parts("CONNECT", "http://a.test/echo?x", fields);
        parts.extensions.insert(Protocol::from_static("websocket"));
        parts
    }

    #[test]
    fn an_extended_connect_becomes_the_get_of_a_handshake() {
        let request = convert(&websocket(&[("sec-websocket-version", "13")]), None).unwrap();
        let head = request.head();
        assert_eq!((head.method.as_str(), head.uri.to_string().as_str()), ("GET", "/echo?x"));
        for (name, value) in [("host", "a.test"), ("upgrade", "websocket"), ("sec-websocket-version", "13")] {
            assert_eq!(head.headers.get(name).unwrap(), value);
        }
    }

    #[test]
    fn the_protocol_is_matched_in_any_case() {
        let mut upper = websocket(&[]);
        upper.extensions.insert(Protocol::from_static("WebSocket"));
        assert!(convert(&upper, None).is_ok());
    }

    #[test]
    fn other_tunnels_are_refused() {
        let mut other = websocket(&[]);
        other.extensions.insert(Protocol::from_static("connect-udp"));
        assert_eq!(convert(&other, None).unwrap_err(), BadRequest::Protocol);
        let connect = parts("CONNECT", "a.test:80", &[]);
        assert_eq!(convert(&connect, None).unwrap_err(), BadRequest::Connect);
    }

    #[test]
    fn one_server_is_named() {
        let host = |uri, fields: &[_]| {
            convert(&parts("GET", uri, fields), None)
                .map(|request| request.head().headers().get(header::HOST).cloned())
        };
        let a = Ok(Some(HeaderValue::from_static("a.test")));
        assert_eq!(host("http://a.test/", &[]), a);
        assert_eq!(host("/", &[("host", "a.test")]), a);
        assert_eq!(host("http://a.test/", &[("host", "A.test")]), a);
        assert_eq!(host("http://a.test/", &[("host", "b.test")]), Err(BadRequest::TwoHosts));
        assert_eq!(host("/", &[("host", "a/b")]), Err(BadRequest::Host));
        assert_eq!(host("/", &[]), Ok(None));
    }

    #[test]
    fn a_split_cookie_is_one_cookie() {
        let request = parts("GET", "http://a.test/", &[("cookie", "a=b"), ("cookie", "c=d")]);
        let request = convert(&request, None).unwrap();
        let cookies: Vec<_> = request.head().headers().get_all(header::COOKIE).collect();
        assert_eq!(cookies, ["a=b; c=d"]);
    }
}
