//! Collects the bytes of a request's head, up to the empty line that ends it.
//!
//! Each byte is scanned once, however the bytes are split. Errors that show before the end of the head, such as another protocol,
//! are reported at once: a client that speaks TLS never sends an empty line.

use std::{
    cell::RefCell,
    future::poll_fn,
    io,
    pin::Pin,
    task::{Poll, ready},
};

use actix_web::web::{Bytes, BytesMut};
use tokio::io::{AsyncRead, ReadBuf};
use ws_echo_shared::is_token;

use super::{bad_request::BadRequest, request::Body};

/// Length of a read, in bytes, which is enough for most heads. Up to as many bytes behind a head are kept while it is answered.
const PIECE: usize = 2048;

thread_local! {
    /// Buffer of a read, which all connections of the thread share: an idle connection has no buffer of its own.
    static SCRATCH: RefCell<Box<[u8; PIECE]>> = RefCell::new(Box::new([0; PIECE]));
}

/// The longest method, in bytes. The longest that is registered (UPDATEREDIRECTREF) has 17.
const MAX_METHOD: usize = 32;

/// The first bytes of the PROXY protocol, version 2 and 1.
const PROXY_2: &[u8] = b"\r\n\r\n\0";
const PROXY_1: &[u8] = b"PROXY ";

/// The first line of the preface of HTTP/2 (RFC 9113 section 3.4).
const HTTP_2: &[u8] = b"PRI * HTTP/2.0";

/// The first byte of a TLS handshake (RFC 8446 section 5.1).
const TLS: u8 = 22;

/// The bytes of a connection that were read and are not served yet.
#[derive(Debug)]
pub(super) struct HeadReader {
    buffer: BytesMut,
    /// The longest head, in bytes on the wire, empty lines in front of it included.
    limit: usize,
    /// The number of bytes of the head that were scanned.
    scanned: usize,
    /// Memory of the taken heads that the buffer still shares, in bytes.
    taken: usize,
    /// Start of the line that is scanned.
    line_start: usize,
    /// True if the request line is complete.
    has_request_line: bool,
}

impl HeadReader {
    pub(super) fn new(limit: usize) -> Self {
        Self { buffer: BytesMut::new(), limit, scanned: 0, taken: 0, line_start: 0, has_request_line: false }
    }

    /// True if a request has begun. Empty lines in front of one are none (RFC 9112 section 2.2).
    pub(super) fn has_begun(&self) -> bool {
        self.buffer.iter().any(|byte| !b"\r\n".contains(byte))
    }

    /// Reads once. Returns the number of bytes, which is 0 at the end of the stream.
    pub(super) async fn fill<S: AsyncRead + Unpin>(&mut self, stream: &mut S) -> io::Result<usize> {
        poll_fn(|cx| {
            SCRATCH.with_borrow_mut(|scratch| {
                let mut piece = ReadBuf::new(&mut scratch[..]);
                ready!(Pin::new(&mut *stream).poll_read(cx, &mut piece))?;
                if self.buffer.capacity() - self.buffer.len() < piece.filled().len() {
                    // The buffer moves to new memory, or gets all of its memory back.
                    self.taken = 0;
                }
                self.buffer.extend_from_slice(piece.filled());
                Poll::Ready(Ok(piece.filled().len()))
            })
        })
        .await
    }

    /// True if the incomplete head is longer than most heads.
    pub(super) fn is_long(&self) -> bool {
        self.buffer.len() > PIECE
    }

    /// Returns the memory of the bytes that were read, in bytes.
    pub(super) fn capacity(&self) -> usize {
        self.taken + self.buffer.capacity()
    }

    /// True if a complete head, or an error, was read.
    pub(super) fn has_head(&mut self) -> bool {
        !matches!(self.scan(), Ok(None))
    }

    /// Takes the next head, with the empty line at its end, if all of it has come.
    pub(super) fn take(&mut self) -> Result<Option<Bytes>, BadRequest> {
        let Some(len) = self.scan()? else { return Ok(None) };
        let head = self.buffer.split_to(len).freeze();
        self.taken += len;
        (self.scanned, self.line_start, self.has_request_line) = (0, 0, false);
        if self.buffer.is_empty() {
            // The bytes of the head live as long as the request; an idle connection has no buffer.
            self.buffer = BytesMut::new();
            self.taken = 0;
        } else if len > PIECE {
            // The rest shares the memory of the head, which is large.
            self.buffer = self.buffer.as_ref().into();
            self.taken = 0;
        }
        Ok(Some(head))
    }

    /// Skips the body of a request. Returns false if not all of it was read: the server does not wait for it.
    pub(super) fn skip(&mut self, body: Body) -> bool {
        match body {
            Body::None => true,
            Body::Length(len) => match usize::try_from(len) {
                Ok(len) if len <= self.buffer.len() => {
                    let _ = self.buffer.split_to(len);
                    true
                }
                _ => false,
            },
            Body::Chunked => false,
        }
    }

    /// Returns the bytes behind the last head that was taken.
    pub(super) fn into_rest(self) -> Bytes {
        self.buffer.freeze()
    }

    /// Scans the bytes that have come since the last call. Returns the length of the head if it is complete. The scan stops
    /// there, and at an error, so the next call returns the same.
    fn scan(&mut self) -> Result<Option<usize>, BadRequest> {
        let end = self.buffer.len().min(self.limit);
        while self.scanned < end {
            let at = self.scanned;
            match self.buffer[at] {
                b'\n' => {
                    let line = self.buffer[self.line_start..at].strip_suffix(b"\r");
                    let line = line.unwrap_or(&self.buffer[self.line_start..at]);
                    if !line.is_empty() && !self.has_request_line {
                        check_request_line(line)?;
                        self.has_request_line = true;
                    } else if line.is_empty() && self.has_request_line {
                        return Ok(Some(at + 1));
                    }
                    self.line_start = at + 1;
                }
                b'\r' | b'\t' | b' '..=b'~' | 0x80.. => {}
                _ => return Err(self.control_character_error()),
            }
            self.scanned += 1;
        }
        if end == self.limit { Err(BadRequest::HeadTooLong(self.limit)) } else { Ok(None) }
    }

    /// Returns the error that a control character shows.
    fn control_character_error(&self) -> BadRequest {
        match self.buffer.first() {
            Some(&TLS) => BadRequest::Tls,
            _ if self.buffer.starts_with(PROXY_2) => BadRequest::ProxyProtocol,
            _ if self.has_request_line => BadRequest::HeaderLine,
            _ => BadRequest::RequestLine,
        }
    }
}

/// Checks the parts of a request line (RFC 9112 section 3), without its end.
fn check_request_line(line: &[u8]) -> Result<(), BadRequest> {
    if line.starts_with(PROXY_1) {
        return Err(BadRequest::ProxyProtocol);
    }
    if line == HTTP_2 {
        return Err(BadRequest::Http2);
    }
    let mut words = line.split(|byte| *byte == b' ');
    let (Some(method), Some(target), Some(version), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(BadRequest::RequestLine);
    };
    if !std::str::from_utf8(method).is_ok_and(is_token) || target.is_empty() {
        return Err(BadRequest::RequestLine);
    }
    if method.len() > MAX_METHOD {
        return Err(BadRequest::Method);
    }
    match version {
        b"HTTP/1.1" | b"HTTP/1.0" => {}
        other if other.starts_with(b"HTTP/") => return Err(BadRequest::Version),
        _ => return Err(BadRequest::RequestLine),
    }
    // No URL of RFC 3986 or of the URL Standard has these; browsers send others that RFC 3986 excludes.
    let is_allowed = |byte: &u8| byte.is_ascii_graphic() && !b"\"<>".contains(byte);
    if target.iter().all(is_allowed) { Ok(()) } else { Err(BadRequest::Target) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(bytes: &[u8], limit: usize) -> HeadReader {
        HeadReader { buffer: bytes.into(), ..HeadReader::new(limit) }
    }

    #[test]
    fn a_head_ends_with_an_empty_line_however_it_is_split() {
        for head in [
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
            "\r\n\r\nGET / HTTP/1.0\n\n",
            "GET / HTTP/1.1\r\na: b\n\r\n",
        ] {
            let both = format!("{head}{head}x");
            let mut whole = reader(both.as_bytes(), 1000);
            assert_eq!(whole.take().unwrap().unwrap(), head);
            assert_eq!(whole.take().unwrap().unwrap(), head);
            assert_eq!(whole.take(), Ok(None));
            let mut piecewise = reader(b"", 1000);
            for (at, byte) in head.bytes().enumerate() {
                assert_eq!(piecewise.take(), Ok(None), "{at}");
                piecewise.buffer.extend([byte]);
            }
            assert_eq!(piecewise.take().unwrap().unwrap(), head);
        }
    }

    #[test]
    fn to_look_for_a_head_changes_nothing() {
        for (bytes, is_there) in [
            ("GET / HTTP/1.1\r\nHost: a\r\n", false),
            ("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET", true),
            ("GET / HTTP/1.1\r\na: \0", true),
            ("GET /\r\n", true),
        ] {
            let mut reader = reader(bytes.as_bytes(), 1000);
            assert_eq!([reader.has_head(), reader.has_head()], [is_there; 2], "{bytes:?}");
            assert_eq!(reader.take().is_ok_and(|head| head.is_none()), !is_there, "{bytes:?}");
        }
    }

    #[test]
    fn a_head_has_as_many_bytes_as_were_set_and_no_more() {
        let head = "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n";
        assert_eq!(reader(head.as_bytes(), head.len()).take().unwrap().unwrap(), head);
        let over = BadRequest::HeadTooLong(head.len() - 1);
        assert_eq!(reader(head.as_bytes(), head.len() - 1).take(), Err(over));
        assert_eq!(reader(&[b'\n'; 100], 100).take(), Err(BadRequest::HeadTooLong(100)));
    }

    #[test]
    fn other_protocols_are_known_before_the_head_has_an_end() {
        for (bytes, bad) in [
            (&b"\x16\x03\x01\x02\x00"[..], BadRequest::Tls),
            (b"PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n", BadRequest::ProxyProtocol),
            (b"\r\n\r\n\0\r\nQUIT\n!", BadRequest::ProxyProtocol),
            (b"PRI * HTTP/2.0\r\n", BadRequest::Http2),
            (b"GET / HTTP/2.0\r\n", BadRequest::Version),
            (b"GET /\r\n", BadRequest::RequestLine),
            (b"GET  / HTTP/1.1\r\n", BadRequest::RequestLine),
            (b"G(T / HTTP/1.1\r\n", BadRequest::RequestLine),
            (b"GET / http/1.1\r\n", BadRequest::RequestLine),
            (b"METHODMETHODMETHODMETHODMETHODMET / HTTP/1.1\r\n", BadRequest::Method),
            (b"\0", BadRequest::RequestLine),
            (b"GET /\xc3\xa4 HTTP/1.1\r\n", BadRequest::Target),
            (b"GET /?a=\"b\" HTTP/1.1\r\n", BadRequest::Target),
            (b"GET / HTTP/1.1\r\na: \0", BadRequest::HeaderLine),
        ] {
            assert_eq!(reader(bytes, 1000).take(), Err(bad), "{:?}", bytes.escape_ascii().to_string());
        }
    }
}
