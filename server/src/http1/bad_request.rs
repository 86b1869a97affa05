//! Bad requests: those that break HTTP itself, and their answers.

use actix_http::{Response, body::BoxBody};
use actix_web::http::{StatusCode, header};

/// Limit of the header lines of a request.
pub(crate) const MAX_HEADERS: usize = 96;

/// Reasons for which a request is refused before the App sees it. The text is the body of the answer, and has the remedy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadRequest {
    /// RFC 9112 section 3.
    #[error("the request line must be METHOD, TARGET and HTTP/1.1, with one space between them")]
    RequestLine,
    /// RFC 9112 section 3: longer than any method that there is.
    #[error("this method is not known here: it is longer than any other")]
    Method,
    /// RFC 9110 section 15.6.6.
    #[error("only HTTP/1.1, HTTP/1.0 and HTTP/2 are spoken here")]
    Version,
    /// The preface of HTTP/2 (RFC 9113 section 3.4) where it is not spoken.
    #[error(
        "HTTP/2 is not spoken here: it is switched off (--http2 off), or HTTP/1.1 was spoken before on this connection"
    )]
    Http2,
    /// RFC 8441 section 4: a tunnel for another protocol.
    #[error("the only :protocol of an extended CONNECT here is websocket")]
    Protocol,
    /// RFC 9112 section 3.2.
    #[error(
        "the target must begin with a slash, or with http:// and a host; characters that a URL cannot have must be percent-encoded"
    )]
    Target,
    /// RFC 9110 section 15.5.15.
    #[error("the target is too long")]
    TargetTooLong,
    /// RFC 9110 section 9.3.6.
    #[error("this server is not a proxy: CONNECT is not served")]
    Connect,
    /// RFC 9112 section 5.
    #[error(
        "each header line must be NAME: VALUE on one line, without a space before the colon and without control characters"
    )]
    HeaderLine,
    /// RFC 6585 section 5.
    #[error("a request has at most {MAX_HEADERS} header lines")]
    TooManyHeaders,
    /// RFC 6585 section 5. Holds the limit in bytes.
    #[error("the head of a request has at most {0} bytes")]
    HeadTooLong(usize),
    /// RFC 9112 section 3.2.
    #[error("an HTTP/1.1 request needs a Host header line")]
    NoHost,
    /// RFC 9112 section 3.2.
    #[error("a request has only one Host header line")]
    TwoHosts,
    /// RFC 9112 section 3.2.
    #[error("Host must be the server's name or address, with or without a port")]
    Host,
    /// RFC 9112 section 6.3.
    #[error("a request has only one Content-Length, and that is a decimal number")]
    ContentLength,
    /// RFC 9112 section 6.1.
    #[error("the only Transfer-Encoding is chunked, once, in HTTP/1.1 and without Content-Length")]
    TransferEncoding,
    /// RFC 9110 section 15.5.9.
    #[error("the head of the request did not come in time")]
    Timeout,
    /// RFC 9110 section 15.6.4.
    #[error("the server has no memory left for a head of this length; try again in a moment")]
    OutOfMemory,
    /// A proxy announces its client by a protocol that this server does not speak.
    #[error(
        "the PROXY protocol is not spoken here; turn it off in the proxy, and pass X-Forwarded-For or Forwarded on"
    )]
    ProxyProtocol,
    /// The client was given `https:` or `wss:`.
    #[error("this port does not speak TLS: use http:// or ws://")]
    Tls,
}

impl BadRequest {
    /// Returns a label for metrics, which never changes.
    pub(crate) const fn reason(self) -> &'static str {
        match self {
            Self::RequestLine => "request_line",
            Self::Method => "method",
            Self::Version => "version",
            Self::Http2 => "http2",
            Self::Protocol => "protocol",
            Self::Target => "target",
            Self::TargetTooLong => "target_too_long",
            Self::Connect => "connect",
            Self::HeaderLine => "header_line",
            Self::TooManyHeaders => "too_many_headers",
            Self::HeadTooLong(_) => "head_too_long",
            Self::NoHost | Self::TwoHosts | Self::Host => "host",
            Self::ContentLength => "content_length",
            Self::TransferEncoding => "transfer_encoding",
            Self::Timeout => "timeout",
            Self::OutOfMemory => "out_of_memory",
            Self::ProxyProtocol => "proxy_protocol",
            Self::Tls => "tls",
        }
    }

    pub(crate) const fn status(self) -> StatusCode {
        match self {
            Self::Version | Self::Http2 => StatusCode::HTTP_VERSION_NOT_SUPPORTED,
            Self::TargetTooLong => StatusCode::URI_TOO_LONG,
            Self::Method | Self::Connect | Self::Protocol => StatusCode::NOT_IMPLEMENTED,
            Self::TooManyHeaders | Self::HeadTooLong(_) => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::Timeout => StatusCode::REQUEST_TIMEOUT,
            Self::OutOfMemory => StatusCode::SERVICE_UNAVAILABLE,
            Self::RequestLine
            | Self::Target
            | Self::HeaderLine
            | Self::NoHost
            | Self::TwoHosts
            | Self::Host
            | Self::ContentLength
            | Self::TransferEncoding
            | Self::ProxyProtocol
            | Self::Tls => StatusCode::BAD_REQUEST,
        }
    }

    /// Returns the answer, without the headers that every answer has.
    pub(crate) fn response(self) -> Response<BoxBody> {
        let mut response = Response::build(self.status());
        response
            .insert_header((header::CONTENT_TYPE, "text/plain; charset=utf-8"))
            .insert_header((header::CACHE_CONTROL, "no-store"));
        if self == Self::OutOfMemory {
            response.insert_header((header::RETRY_AFTER, "1"));
        }
        response.body(format!("{self}\n")).map_into_boxed_body()
    }
}
