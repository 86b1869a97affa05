//! Encodes the heads of answers, and frames their bodies (RFC 9112 sections 6 and 9).

use std::{fmt::Write as _, time::SystemTime};

use actix_http::{ResponseHead, body::BodySize};
use actix_web::{
    http::{
        StatusCode, Version,
        header::{self, HeaderName},
    },
    web::{BufMut as _, BytesMut},
};

use crate::serving::framing::Framing;

/// Room for most heads, in bytes.
pub(crate) const HEAD_RESERVE: usize = 1024;

/// Properties of a request that its answer depends on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RequestForm {
    pub(crate) version: Version,
    /// The answer to HEAD has no body.
    pub(crate) is_head: bool,
}

impl RequestForm {
    /// Properties for a request that could not be parsed.
    pub(crate) const UNKNOWN: Self = Self { version: Version::HTTP_11, is_head: false };
}

/// The form of an answer whose head was encoded.
pub(crate) struct Encoded {
    pub(crate) framing: Framing,
    /// True if no other request is answered on this connection.
    pub(crate) closes: bool,
}

/// Writes the head of an answer to `out`. `size` is the size of its body. `closes`: the connection ends after this answer in any
/// case.
pub(crate) fn encode(
    response: &ResponseHead,
    size: BodySize,
    form: RequestForm,
    closes: bool,
    out: &mut BytesMut,
) -> Encoded {
    let status = response.status;
    let switches = status == StatusCode::SWITCHING_PROTOCOLS;
    let is_http_11 = form.version >= Version::HTTP_11;
    // RFC 9110 section 6.4.1.
    let has_content = !(status.is_informational()
        || status == StatusCode::NO_CONTENT
        || status == StatusCode::NOT_MODIFIED);
    let is_chunked = has_content && size == BodySize::Stream && is_http_11;
    let ends_with_the_connection = has_content && size == BodySize::Stream && !is_http_11;
    let closes = !switches && (closes || ends_with_the_connection);

    out.reserve(HEAD_RESERVE);
    let version = if is_http_11 { "HTTP/1.1" } else { "HTTP/1.0" };
    let _ = write!(out, "{version} {} {}\r\n", status.as_u16(), response.reason());
    let upgrade = if response.headers.contains_key(header::UPGRADE) { ", upgrade" } else { "" };
    match (closes, is_http_11) {
        _ if switches => out.put_slice(b"connection: upgrade\r\n"),
        (true, true) => {
            let _ = write!(out, "connection: close{upgrade}\r\n");
        }
        (false, false) => {
            let _ = write!(out, "connection: keep-alive{upgrade}\r\n");
        }
        _ if !upgrade.is_empty() => out.put_slice(b"connection: upgrade\r\n"),
        _ => {}
    }
    match size {
        _ if !has_content => {}
        BodySize::None => out.put_slice(b"content-length: 0\r\n"),
        BodySize::Sized(len) => {
            let _ = write!(out, "content-length: {len}\r\n");
        }
        BodySize::Stream if is_chunked => out.put_slice(b"transfer-encoding: chunked\r\n"),
        BodySize::Stream => {}
    }
    for (name, value) in &response.headers {
        // The length of a 304 is that of the answer to a GET, which only the handler knows (RFC 9110 section 8.6).
        let is_length = [header::CONTENT_LENGTH, header::TRANSFER_ENCODING].contains(name);
        if *name == header::CONNECTION || is_length && (has_content || switches) {
            continue;
        }
        put(out, name, value.as_bytes());
    }
    if !switches && !response.headers.contains_key(header::DATE) {
        put(out, &header::DATE, date().as_bytes());
    }
    out.put_slice(b"\r\n");

    let framing = match size {
        _ if form.is_head || !has_content && !switches => Framing::None,
        BodySize::Stream if is_chunked => Framing::Chunked,
        BodySize::None | BodySize::Sized(0) => Framing::None,
        BodySize::Sized(_) | BodySize::Stream => Framing::Raw,
    };
    Encoded { framing, closes }
}

/// Returns the value of `Date`.
pub(crate) fn date() -> String {
    httpdate::fmt_http_date(SystemTime::now())
}

fn put(out: &mut BytesMut, name: &HeaderName, value: &[u8]) {
    for part in [name.as_str().as_bytes(), b": ", value, b"\r\n"] {
        out.put_slice(part);
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    const GET: RequestForm = RequestForm { version: Version::HTTP_11, is_head: false };
    const HEAD: RequestForm = RequestForm { version: Version::HTTP_11, is_head: true };
    const OLD: RequestForm = RequestForm { version: Version::HTTP_10, is_head: false };

    #[test]
    fn each_body_has_an_end_that_the_client_can_tell() {
        let (none, three, stream) = (BodySize::None, BodySize::Sized(3), BodySize::Stream);
        for (status, size, form, line, framing, closes) in [
            (200, three, GET, "content-length: 3", Framing::Raw, false),
            (200, none, GET, "content-length: 0", Framing::None, false),
            (200, stream, GET, "transfer-encoding: chunked", Framing::Chunked, false),
            (200, three, HEAD, "content-length: 3", Framing::None, false),
            (200, stream, HEAD, "transfer-encoding: chunked", Framing::None, false),
            (200, three, OLD, "connection: keep-alive", Framing::Raw, false),
            (200, stream, OLD, "", Framing::Raw, true),
            (304, three, GET, "", Framing::None, false),
            (204, none, GET, "", Framing::None, false),
            (101, stream, GET, "connection: upgrade", Framing::Raw, false),
        ] {
            let head = ResponseHead::new(StatusCode::from_u16(status).unwrap());
            let mut bytes = BytesMut::new();
            let encoded = encode(&head, size, form, false, &mut bytes);
            assert_eq!((encoded.framing, encoded.closes), (framing, closes), "{status} {size:?}");
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            let lines: Vec<_> = text.lines().skip(1).filter(|line| !line.is_empty()).collect();
            let told = lines.iter().filter(|told| !told.starts_with("date: ") && **told != line);
            assert!(line.is_empty() || lines.contains(&line), "{text}");
            assert!(
                told.clone().all(|told| *told == "content-length: 3" && form.version == Version::HTTP_10),
                "{text}"
            );
        }
    }

    #[test]
    fn a_connection_that_closes_says_so() {
        let mut head = ResponseHead::new(StatusCode::UPGRADE_REQUIRED);
        let line = |head: &ResponseHead, form, closes| {
            let mut bytes = BytesMut::new();
            encode(head, BodySize::Sized(3), form, closes, &mut bytes);
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            text.lines().find(|line| line.starts_with("connection: ")).map(str::to_owned)
        };
        assert_eq!(line(&head, GET, false), None);
        assert_eq!(line(&head, GET, true).unwrap(), "connection: close");
        assert_eq!(line(&head, OLD, true), None);
        head.headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        assert_eq!(line(&head, GET, false).unwrap(), "connection: upgrade");
        assert_eq!(line(&head, GET, true).unwrap(), "connection: close, upgrade");
    }
}
