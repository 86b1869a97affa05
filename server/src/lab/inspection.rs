//! A view of a handshake as it arrived: the first message of `inspect`, and the first entry of a tap.

use std::{net::IpAddr, time::Duration};

use actix_web::rt::net::TcpStream;
use rustls::ServerConnection;
use serde::Serialize;
use serde_json::Value;

use crate::admission::client::Client;

/// Headers with secrets.
const SECRET: [&str; 3] = ["authorization", "cookie", "proxy-authorization"];

/// The most headers that are shown. The parser of requests takes no more.
const MAX_HEADERS: usize = 256;

/// The bytes and the connection of a request.
pub(crate) struct Carrier<'a> {
    /// The head of the request, as it came.
    pub(crate) head: &'a [u8],
    pub(crate) tls: Option<&'a ServerConnection>,
    pub(crate) tcp: &'a TcpStream,
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
    method: &'a str,
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

/// Returns the view of a handshake. Secrets are replaced unless `show_secrets`.
pub(crate) fn inspect(
    carrier: &Carrier<'_>,
    client: Client,
    agreed: Agreed<'_>,
    instance: &str,
    show_secrets: bool,
) -> Value {
    let mut lines = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut request = httparse::Request::new(&mut lines);
    // The head was parsed before.
    let _ = request.parse(carrier.head);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let headers = request.headers.iter().map(|line| {
        let is_secret = SECRET.iter().any(|secret| line.name.eq_ignore_ascii_case(secret));
        let value = match is_secret && !show_secrets {
            true => format!("({} bytes, not shown)", line.value.len()),
            false => text(line.value),
        };
        (line.name, value)
    });
    let list = |name: &str| -> Vec<String> {
        let values = request.headers.iter().filter(|line| line.name.eq_ignore_ascii_case(name));
        let elements = values.flat_map(|line| line.value.split(|byte| *byte == b','));
        elements.map(|element| text(element.trim_ascii())).filter(|element| !element.is_empty()).collect()
    };
    let inspection = Inspection {
        http_version: if request.version == Some(1) { "1.1" } else { "1.0" },
        method: request.method.unwrap_or_default(),
        target: request.path.unwrap_or_default(),
        headers: headers.collect(),
        peer: client.peer.map(|peer| peer.to_string()),
        forwarded: client.forwarded,
        tls: carrier.tls.map(|session| Tls {
            version: session.protocol_version().map(|version| format!("{version:?}")),
            cipher: session.negotiated_cipher_suite().map(|suite| format!("{:?}", suite.suite())),
            sni: session.server_name().map(str::to_owned),
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
