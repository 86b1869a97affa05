//! Row 42: the most expensive requests for their length. Each has a limit of processor time, which grows in proportion to its
//! bytes.

use std::{net::SocketAddr, time::Duration};

use tempfile::TempDir;
use ws_echo_test_support::{
    program::{Running, ws_echo},
    raw::{KEY, Raw},
};

const REQUESTS: u32 = 100;

/// Limit of the processor time of a request.
const MOST: Duration = Duration::from_millis(10);

/// Lengths that are compared, in bytes. The second is four times the first, and costs at most six times as much.
const SHORT: usize = 16 * 1024 - 200;
const LONG: usize = 64 * 1024 - 200;

/// Processor time below which the fixed cost of a request is the larger part, so that the ratio is not checked.
const LITTLE: Duration = Duration::from_millis(1);

/// Number of attempts, since other load on the machine may disturb one.
const ATTEMPTS: usize = 3;

/// Returns at most `len` bytes: `first`, and then `again` as often as it fits.
fn repeat(first: &str, again: &str, len: usize) -> String {
    format!("{first}{}", again.repeat((len - first.len()) / again.len()))
}

fn numbered(first: &str, len: usize, each: impl Fn(usize) -> String) -> String {
    let mut text = first.to_owned();
    for number in 0.. {
        let next = each(number);
        if text.len() + next.len() > len {
            break;
        }
        text += &next;
    }
    text
}

fn handshake(lines: &str) -> String {
    format!(
        "GET /echo HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {KEY}\r\n{lines}\r\n\r\n"
    )
}

fn get(path: &str, lines: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: test\r\n{lines}\r\n\r\n")
}

/// Returns as many lines of a header as a head may have, all of the same length.
fn lines(name: &str, again: &str, len: usize) -> String {
    const LINES: usize = 80;
    let each = repeat(&format!("{name}: "), again, len / LINES - 2);
    vec![each; LINES].join("\r\n")
}

/// Returns a request of each kind, of about `len` bytes.
fn kinds(len: usize) -> Vec<(&'static str, String)> {
    let offers = "Sec-WebSocket-Extensions: ";
    let offer = "permessage-deflate; client_max_window_bits=10; server_max_window_bits=9, ";
    let bad_offer = "permessage-deflate; server_no_context_takeover; server_no_context_takeover, ";
    let deflate = format!("{offers}permessage-deflate");
    let if_none_match = "If-None-Match: \"x\"";
    vec![
        ("subprotocols of a letter", handshake(&repeat("Sec-WebSocket-Protocol: a", ",a", len))),
        (
            "subprotocols that differ",
            handshake(&numbered("Sec-WebSocket-Protocol: a", len, |n| format!(",{n:x}"))),
        ),
        ("lines of subprotocols", handshake(&lines("Sec-WebSocket-Protocol", "a,", len - 200))),
        ("offers", handshake(&repeat(offers, offer, len))),
        ("offers that cannot be had", handshake(&repeat(offers, bad_offer, len))),
        ("parameters of an offer", handshake(&repeat(&deflate, ";client_max_window_bits", len))),
        ("parameters that differ", handshake(&numbered(&deflate, len, |n| format!(";p{n:x}={n}")))),
        ("parameters in quotes", handshake(&repeat(&deflate, ";x=\"\\\\\\\"\"", len))),
        ("empty offers", handshake(&(repeat(offers, ",", len) + "x"))),
        ("spaces among offers", handshake(&(repeat(offers, " ", len) + "x"))),
        ("empty subprotocols", handshake(&(repeat("Sec-WebSocket-Protocol: ", ",", len) + "x"))),
        ("tokens of Upgrade", handshake(&repeat("Upgrade: a", ",a", len))),
        ("tokens of Connection in a handshake", handshake(&repeat("Connection: a", ",a", len))),
        ("tokens of Connection", get("/healthz", &repeat("Connection: a", ",a", len))),
        ("empty tokens of Connection", get("/healthz", &(repeat("Connection: ", ", ", len) + "x"))),
        (
            "a list of X-Forwarded-For",
            get("/healthz", &repeat("X-Forwarded-For: 127.0.0.1", ",127.0.0.1", len)),
        ),
        (
            "an empty list of X-Forwarded-For",
            get("/healthz", &(repeat("X-Forwarded-For: ", ",", len) + "::1")),
        ),
        ("lines of X-Forwarded-For", get("/healthz", &lines("X-Forwarded-For", "127.0.0.1,", len - 200))),
        ("a list of Forwarded", get("/healthz", &repeat("Forwarded: for=127.0.0.1", ",for=127.0.0.1", len))),
        ("pairs of Forwarded", get("/healthz", &repeat("Forwarded: for=127.0.0.1", ";a=\"\\\"\"", len))),
        ("lines of Forwarded", get("/healthz", &lines("Forwarded", "for=\"[::1]\",", len - 200))),
        ("cookies", get("/", &repeat("Cookie: a=b", "; a=b", len))),
        ("a path in percent code", get(&repeat("/", "%61", len), "A: b")),
        ("a path of dots", get(&repeat("/", "../", len), "A: b")),
        ("a path of folders", get(&repeat("/", "a/", len), "A: b")),
        ("a path of slashes", get(&repeat("/", "/", len), "A: b")),
        ("a query", get(&repeat("/small.txt?a", "&a=%61", len), "A: b")),
        ("codings", get("/small.txt", &repeat("Accept-Encoding: br;q=0.5", ", x;q=0.5", len))),
        (
            "codings that differ",
            get("/small.txt", &numbered("Accept-Encoding: br", len, |n| format!(",x{n:x};q=0.1"))),
        ),
        ("lines of codings", get("/small.txt", &lines("Accept-Encoding", "x;q=0.1,", len - 200))),
        ("ranges", get("/small.txt", &repeat("Range: bytes=0-0", ",0-0", len))),
        ("ETags", get("/small.txt", &repeat(if_none_match, ",\"x\"", len))),
        ("lines of ETags", get("/small.txt", &lines("If-None-Match", "\"x\",", len - 200))),
        ("weak ETags of If-Match", get("/small.txt", &repeat("If-Match: \"x\"", ",W/\"x\"", len))),
        ("lines of nothing", get("/healthz", &lines("A", " ", len - 200))),
        ("a line of spaces", get("/healthz", &(repeat("A: ", " ", len) + "a"))),
        ("empty lines before the request", repeat("", "\r\n", len) + &get("/healthz", "A: b")),
        ("a long host", format!("GET / HTTP/1.1\r\n{}\r\n\r\n", repeat("Host: a", ".a", len))),
        ("an authority in the target", get(&(repeat("http://a", ".a", len) + "/healthz"), "A: b")),
    ]
}

/// Returns the server's processor time for a request. Each is sent on a connection of its own.
async fn cost(running: &Running, address: SocketAddr, request: &str) -> Duration {
    let before = running.exact_processor_time();
    for _ in 0..REQUESTS {
        let mut raw = Raw::connect(address).await;
        // The server may answer and end the connection before it has read all.
        let _ = raw.try_send(request.as_bytes()).await;
        let head = raw.head().await;
        assert!(head.starts_with("HTTP/1.1 "), "{head}");
    }
    (running.exact_processor_time() - before) / REQUESTS
}

fn dist() -> TempDir {
    let dist = tempfile::tempdir().unwrap();
    for (name, content) in
        [("index.html", "page"), ("small.txt", "text"), ("small.txt.br", "br"), ("small.txt.gz", "gz")]
    {
        std::fs::write(dist.path().join(name), content).unwrap();
    }
    dist
}

#[tokio::test]
async fn a_request_costs_in_proportion_to_its_bytes() {
    let dist = dist();
    let flags = [
        &["--listen", "127.0.0.1:0", "--workers", "1", "--trust-proxy", "127.0.0.0/8,::1"][..],
        &["--dist", dist.path().to_str().unwrap(), "--subprotocol", "chat"],
        // The cost of log lines is not measured here.
        &["--log-level", "error,ws_echo::startup=info"],
    ];
    let mut running = Running::start(ws_echo(&flags.concat()));
    let address = running.address().await;
    let base = cost(&running, address, &get("/healthz", "A: b")).await;
    println!("{base:?}: a short request");
    let mut dear = String::new();
    for ((name, short), (_, long)) in kinds(SHORT).into_iter().zip(kinds(LONG)) {
        assert!(long.len() <= 64 * 1024 + 100 && long.len() > 55 * 1024, "{name}: {} bytes", long.len());
        let mut said = String::new();
        for attempt in 1.. {
            let (short, long) = (cost(&running, address, &short).await, cost(&running, address, &long).await);
            said += &format!("{name}: {short:?} and {long:?}\n");
            if long < MOST && (long < LITTLE || long < short * 6) {
                break;
            }
            if attempt == ATTEMPTS {
                dear += &said;
                break;
            }
        }
        print!("{said}");
    }
    assert!(dear.is_empty(), "for 16 and 64 KiB, the limits are {MOST:?} and six times as much:\n{dear}");
}

/// The limit counts bytes on the wire, also those that the parser drops: empty lines, spaces before a value, the authority of a
/// target.
#[tokio::test]
async fn a_head_is_as_long_as_its_bytes_on_the_wire() {
    let mut running = Running::start(ws_echo(&["--listen", "127.0.0.1:0", "--workers", "1"]));
    let address = running.address().await;
    const LIMIT: usize = 64 * 1024;
    let exact = |before: &str, again: &str, behind: &str, len: usize| {
        let room = len - before.len() - behind.len();
        let filled = again.repeat(room / again.len()) + &"\n".repeat(room % again.len());
        format!("{before}{filled}{behind}")
    };
    let end = "GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n";
    let value = "GET /healthz HTTP/1.1\r\nHost: test\r\nA: ";
    for (what, before, again, behind) in [
        ("empty lines", "", "\r\n", end),
        ("spaces before a value", value, " ", "a\r\n\r\n"),
        ("a value", value, "a", "\r\n\r\n"),
        ("a query", "GET /healthz?", "a", " HTTP/1.1\r\nHost: test\r\n\r\n"),
        ("an authority", "GET http://a", ".a", "/healthz HTTP/1.1\r\nHost: test\r\nA: b\r\n\r\n"),
    ] {
        for (len, is_too_long) in [(LIMIT, false), (LIMIT + 1, true)] {
            let mut raw = Raw::connect(address).await;
            let _ = raw.try_send(exact(before, again, behind, len).as_bytes()).await;
            let head = raw.head().await;
            assert_eq!(head.starts_with("HTTP/1.1 431 "), is_too_long, "{what}, {len} bytes: {head}");
        }
    }
}
