//! A view of a handshake as it arrived: the first message of `inspect`, and the first entry of a tap.

use std::{net::IpAddr, time::Duration};

use actix_web::rt::net::TcpStream;
use serde::Serialize;
use serde_json::Value;

use crate::{admission::client::Client, tls::session::Session};

/// Headers with secrets.
const SECRET: [&str; 3] = ["authorization", "cookie", "proxy-authorization"];

/// The most headers that are shown. The parser of requests takes no more.
const MAX_HEADERS: usize = 256;

/// A request as it arrived, and its connection.
pub(crate) struct Carrier<'a> {
    pub(crate) request: Arrived<'a>,
    pub(crate) tls: Option<&'a Session>,
    pub(crate) tcp: &'a TcpStream,
}

/// A request as it arrived.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Arrived<'a> {
    /// The head of a request of HTTP/1.1 or HTTP/1.0, which was parsed before.
    Http1(&'a [u8]),
    /// A request of HTTP/2, and the identifier of its stream.
    Http2 { request: &'a http::request::Parts, stream: u32 },
}

impl Arrived<'_> {
    /// Returns the identifier of the stream of HTTP/2.
    pub(crate) const fn http2_stream(self) -> Option<u32> {
        match self {
            Self::Http1(_) => None,
            Self::Http2 { stream, .. } => Some(stream),
        }
    }
}

/// The answer that was given to a handshake.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Agreed<'a> {
    pub(crate) subprotocol: Option<&'a str>,
    pub(crate) extensions: Option<&'a str>,
}

#[derive(Serialize)]
struct Inspection<'a> {
    http_version: &'static str,
    /// The identifier of the stream of HTTP/2.
    #[serde(skip_serializing_if = "Option::is_none")]
    http2_stream: Option<u32>,
    method: &'a str,
    /// The protocol of an extended CONNECT (RFC 8441 section 4).
    #[serde(skip_serializing_if = "Option::is_none")]
    protocol: Option<&'a str>,
    /// The authority of a request of HTTP/2, which is in a header field of its own in HTTP/1.1.
    #[serde(skip_serializing_if = "Option::is_none")]
    authority: Option<&'a str>,
    target: &'a str,
    /// Name and value of each line, in the order of the request.
    headers: Vec<(&'a str, String)>,
    /// The other end of the TCP connection.
    peer: Option<String>,
    /// The client's address, if a trusted proxy named it.
    forwarded: Option<IpAddr>,
    tls: Option<Tls>,
    offered_subprotocols: Vec<String>,
    offered_extensions: Vec<String>,
    subprotocol: Option<&'a str>,
    extensions: Option<&'a str>,
    /// Identifier of this process.
    instance: &'a str,
    /// Round trip of TCP as the kernel has it, in microseconds.
    tcp_round_trip_us: Option<u64>,
}

#[derive(Serialize)]
struct Tls {
    version: Option<String>,
    cipher: Option<String>,
    /// The server's name that the client asked for.
    sni: Option<String>,
    alpn: Option<String>,
}

/// The parts of a request that a view shows.
struct Parts<'a> {
    version: &'static str,
    stream: Option<u32>,
    method: &'a str,
    protocol: Option<&'a str>,
    authority: Option<&'a str>,
    target: &'a str,
    headers: Vec<(&'a str, &'a [u8])>,
}

impl<'a> Parts<'a> {
    fn of<'b>(request: Arrived<'a>, lines: &'b mut [httparse::Header<'a>]) -> Self
    where
        'a: 'b,
    {
        match request {
            Arrived::Http1(head) => {
                let mut request = httparse::Request::new(lines);
                // The head was parsed before.
                let _ = request.parse(head);
                Self {
                    version: if request.version == Some(1) { "1.1" } else { "1.0" },
                    stream: None,
                    method: request.method.unwrap_or_default(),
                    protocol: None,
                    authority: None,
                    target: request.path.unwrap_or_default(),
                    headers: request.headers.iter().map(|line| (line.name, line.value)).collect(),
                }
            }
            Arrived::Http2 { request, stream } => Self {
                version: "2",
                stream: Some(stream),
                method: request.method.as_str(),
                protocol: request.extensions.get::<h2::ext::Protocol>().map(h2::ext::Protocol::as_str),
                authority: request.uri.authority().map(http::uri::Authority::as_str),
                target: request.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str),
                headers: request
                    .headers
                    .iter()
                    .map(|(name, value)| (name.as_str(), value.as_bytes()))
                    .collect(),
            },
        }
    }
}

/// Returns the view of a handshake. Secrets are replaced unless `show_secrets`.
pub(crate) fn inspect(
    carrier: &Carrier<'_>,
    client: Client,
    agreed: Agreed<'_>,
    instance: &str,
    show_secrets: bool,
) -> Value {
    let mut lines = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let parts = Parts::of(carrier.request, &mut lines);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let headers = parts.headers.iter().map(|&(name, value)| {
        let is_secret = SECRET.iter().any(|secret| name.eq_ignore_ascii_case(secret));
        let value = match is_secret && !show_secrets {
            true => format!("({} bytes, not shown)", value.len()),
            false => text(value),
        };
        (name, value)
    });
    let list = |wanted: &str| -> Vec<String> {
        let values = parts.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
        let elements = values.flat_map(|(_, value)| value.split(|byte| *byte == b','));
        elements.map(|element| text(element.trim_ascii())).filter(|element| !element.is_empty()).collect()
    };
    let inspection = Inspection {
        http_version: parts.version,
        http2_stream: parts.stream,
        method: parts.method,
        protocol: parts.protocol,
        authority: parts.authority,
        target: parts.target,
        headers: headers.collect(),
        peer: client.peer.map(|peer| peer.to_string()),
        forwarded: client.forwarded,
        tls: carrier.tls.map(|session| Tls {
            version: session.protocol_version().map(|version| format!("{version:?}")),
            cipher: session.cipher_suite().map(|suite| format!("{:?}", suite.suite())),
            sni: session.server_name.as_deref().map(str::to_owned),
            alpn: session.alpn_protocol().map(text),
        }),
        offered_subprotocols: list("sec-websocket-protocol"),
        offered_extensions: list("sec-websocket-extensions"),
        subprotocol: agreed.subprotocol,
        extensions: agreed.extensions,
        instance,
        tcp_round_trip_us: round_trip(carrier.tcp).map(|time| time.as_micros() as u64),
    };
    serde_json::to_value(inspection).unwrap_or_default()
}

/// Returns the round trip of a TCP connection as the kernel has smoothed it. Only on Linux.
#[cfg(target_os = "linux")]
#[allow(unsafe_code, reason = "no library in use reads TCP_INFO")]
fn round_trip(tcp: &TcpStream) -> Option<Duration> {
    use std::{mem::MaybeUninit, os::fd::AsRawFd as _};

    let mut info = MaybeUninit::<libc::tcp_info>::zeroed();
    let mut len = size_of::<libc::tcp_info>() as libc::socklen_t;
    // SAFETY: the descriptor is open, and the pointers are to `len` bytes and to their number. Zeros are a valid value of the type.
    let (result, info) = unsafe {
        let pointer = info.as_mut_ptr().cast();
        let result =
            libc::getsockopt(tcp.as_raw_fd(), libc::IPPROTO_TCP, libc::TCP_INFO, pointer, &raw mut len);
        (result, info.assume_init())
    };
    (result == 0).then(|| Duration::from_micros(info.tcpi_rtt.into()))
}

#[cfg(not(target_os = "linux"))]
fn round_trip(_: &TcpStream) -> Option<Duration> {
    None
}
