//! Clients that break a rule of RFC 9113: the error that each is told, and the streams and connections that must not notice.

use std::{collections::BTreeMap, fs};

use h2::Reason;
use tempfile::{TempDir, tempdir};
use ws_echo_test_support::{
    frame,
    http2::{
        FRAME_SIZE, GoAway, Http2, LARGEST_WINDOW, PREFACE, announced, field_block, flag,
        frame as http2_frame, kind, request, rst_stream, setting, settings, websocket, window_update,
    },
    program::{Running, ws_echo},
    server::Server,
};

use super::echoes;

/// A WebSocket that echoes.
const OPEN: u32 = 1;
/// A request that was answered.
const CLOSED: u32 = 3;
/// A request whose answer waits for a window.
const HALF_CLOSED: u32 = 5;
/// A request that the client has reset.
const RESET: u32 = 7;
/// No request yet.
const IDLE: u32 = 9;

/// Window of the client's streams, in bytes.
const WINDOW: u32 = 1000;

/// The server's reaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reaction {
    /// The connection goes on as if nothing had been.
    None,
    /// The stream is reset, and the connection goes on.
    Stream(u32, Reason),
    /// The stream ends as if nothing had been.
    End(u32),
    /// The connection ends.
    Connection(Reason),
}

use Reaction::{Connection, End, None as Nothing, Stream};

/// Reaction of the crate `h2` to every frame that it cannot read. RFC 9113 names a reason for many of them, which tells the client more.
const UNREADABLE: Reaction = Connection(Reason::PROTOCOL_ERROR);

/// Bytes of a client, and the reaction to them.
struct Case {
    name: String,
    bytes: Vec<u8>,
    /// The reactions that RFC 9113 allows: the one that it names, and what it permits beside it.
    allowed: Vec<Reaction>,
    /// The reaction of the crate `h2`, where it is another one.
    of_h2: Option<Reaction>,
}

impl Case {
    const fn but_h2(mut self, reaction: Reaction) -> Self {
        self.of_h2 = Some(reaction);
        self
    }
}

fn case(name: impl Into<String>, bytes: Vec<u8>, allowed: &[Reaction]) -> Case {
    Case { name: name.into(), bytes, allowed: allowed.to_vec(), of_h2: None }
}

fn headers(stream: u32, fields: &[(&str, &str)]) -> Vec<u8> {
    let flags = flag::END_HEADERS | flag::END_STREAM;
    http2_frame(kind::HEADERS, flags, stream, &field_block(fields))
}

fn get(stream: u32) -> Vec<u8> {
    headers(stream, &request("GET", "/healthz"))
}

fn ping() -> Vec<u8> {
    http2_frame(kind::PING, flag::NONE, 0, b"12345678")
}

/// A server with a file that is longer than a window.
fn server() -> (Server, TempDir) {
    let dist = tempdir().unwrap();
    fs::write(dist.path().join("large.bin"), vec![7; 100_000]).unwrap();
    (Server::with_dist(dist.path()), dist)
}

/// A connection with a stream in each state.
async fn prepared(server: &Server) -> Http2 {
    let mut client = Http2::connect_with(server.address, &[(setting::INITIAL_WINDOW_SIZE, WINDOW)]).await;
    assert_eq!(client.open("/echo").await, OPEN);
    client.get("/healthz").await;
    let large = request("GET", "/large.bin");
    assert_eq!(client.request(&large, flag::END_STREAM).await, HALF_CLOSED);
    assert_eq!(client.request(&large, flag::END_STREAM).await, RESET);
    client.write(&rst_stream(RESET, Reason::CANCEL)).await;
    client.round_trip().await;
    assert_eq!(client.next_stream(), IDLE);
    client
}

/// Returns the reaction of the server to these bytes.
async fn reaction(server: &Server, bytes: &[u8]) -> Reaction {
    let mut client = prepared(server).await;
    client.write(bytes).await;
    // The server processes frames in their order.
    client.write(&http2_frame(kind::PING, flag::NONE, 0, b"the last")).await;
    client
        .until("a reaction", |client| client.is_over || client.pongs.iter().any(|pong| pong == b"the last"))
        .await;
    if client.is_over || client.goaway.is_some() {
        client.ended().await;
        let reason = client.goaway.map(|GoAway { reason, .. }| reason);
        return Connection(reason.unwrap_or_else(|| panic!("no GOAWAY: {:?}", client.streams)));
    }
    // A reset of a stream may come behind the answer to the ping.
    client.round_trip().await;
    let reset: BTreeMap<_, _> =
        client.streams.iter().filter_map(|(id, stream)| Some((*id, stream.reset?))).collect();
    assert!(reset.len() <= 1, "{reset:?}");
    let first = reset.first_key_value().map(|(id, reason)| (*id, *reason));
    if first.is_none_or(|(stream, _)| stream != OPEN) {
        client.try_send(OPEN, &frame::frame(0x81, b"still open")).await;
        if client.frame(OPEN).await.is_none() {
            return End(OPEN);
        }
    }
    first.map_or(Nothing, |(stream, reason)| Stream(stream, reason))
}

/// Checks each case on a connection of its own, beside a connection that must not notice.
async fn check(cases: Vec<Case>) {
    let (server, _dist) = server();
    let mut other = Http2::connect(server.address).await;
    let stream = other.open("/echo").await;
    let mut failed = Vec::new();
    for Case { name, bytes, allowed, of_h2 } in &cases {
        let seen = reaction(&server, bytes).await;
        // A difference that is gone is to be taken off the list.
        if of_h2.map_or(!allowed.contains(&seen), |known| known != seen) {
            failed.push(format!("{name}: {seen:?} and not {allowed:?} or {of_h2:?}"));
        }
        echoes(&mut other, stream, "another connection").await;
    }
    drop(other);
    ws_echo_test_support::server::until_gone(&server).await;
    assert!(failed.is_empty(), "{} of {}:\n{}", failed.len(), cases.len(), failed.join("\n"));
}

/// Sections 5.1 and 6.1.
#[tokio::test]
async fn frames_on_streams_of_the_wrong_state() {
    const PROTOCOL: Reaction = Connection(Reason::PROTOCOL_ERROR);
    let data = |stream| http2_frame(kind::DATA, flag::NONE, stream, b"x");
    // Section 5.4: an endpoint may treat an error of a stream as one of the connection.
    let closed = |stream| [Stream(stream, Reason::STREAM_CLOSED), Connection(Reason::STREAM_CLOSED)];
    check(vec![
        case("DATA on no stream", data(0), &[PROTOCOL]),
        case("DATA on an idle stream", data(IDLE), &[PROTOCOL]),
        case("DATA on an idle stream of the server", data(2), &[PROTOCOL]),
        case("DATA on a half-closed stream", data(HALF_CLOSED), &closed(HALF_CLOSED)).but_h2(UNREADABLE),
        case("DATA on a closed stream", data(CLOSED), &closed(CLOSED)),
        // Frames may have been on their way, though not from the side that has reset it.
        case("DATA on a stream that was reset", data(RESET), &[closed(RESET)[0], closed(RESET)[1], Nothing]),
        case("HEADERS on no stream", get(0), &[PROTOCOL]),
        case("HEADERS on a half-closed stream", get(HALF_CLOSED), &closed(HALF_CLOSED)).but_h2(UNREADABLE),
        case("HEADERS on a closed stream", get(CLOSED), &closed(CLOSED)).but_h2(UNREADABLE),
        case("HEADERS on an even stream", get(IDLE + 1), &[PROTOCOL]),
        // A stream that was skipped is closed.
        case(
            "HEADERS on a skipped stream",
            [get(IDLE + 4), get(IDLE)].concat(),
            &[PROTOCOL, closed(IDLE)[1]],
        ),
        case("RST_STREAM on no stream", rst_stream(0, Reason::CANCEL), &[PROTOCOL]),
        case("RST_STREAM on an idle stream", rst_stream(IDLE, Reason::CANCEL), &[PROTOCOL]),
        case("RST_STREAM on a closed stream", rst_stream(CLOSED, Reason::CANCEL), &[Nothing]),
        case("WINDOW_UPDATE on an idle stream", window_update(IDLE, 1), &[PROTOCOL]),
        case("WINDOW_UPDATE on a closed stream", window_update(CLOSED, 1), &[Nothing]),
        case("WINDOW_UPDATE on a half-closed stream", window_update(HALF_CLOSED, 1), &[Nothing]),
        case(
            "CONTINUATION of nothing",
            http2_frame(kind::CONTINUATION, flag::END_HEADERS, IDLE, b""),
            &[PROTOCOL],
        ),
        case(
            "CONTINUATION behind the end",
            [get(IDLE), http2_frame(kind::CONTINUATION, flag::END_HEADERS, IDLE, b"")].concat(),
            &[PROTOCOL],
        ),
        case(
            "PUSH_PROMISE",
            http2_frame(kind::PUSH_PROMISE, flag::END_HEADERS, OPEN, &[0, 0, 0, 2]),
            &[PROTOCOL],
        ),
        case("PING on a stream", http2_frame(kind::PING, flag::NONE, OPEN, b"12345678"), &[PROTOCOL]),
        case("SETTINGS on a stream", http2_frame(kind::SETTINGS, flag::NONE, OPEN, b""), &[PROTOCOL]),
        case("GOAWAY on a stream", http2_frame(kind::GOAWAY, flag::NONE, OPEN, &[0; 8]), &[PROTOCOL]),
        case("PRIORITY on no stream", http2_frame(kind::PRIORITY, flag::NONE, 0, &[0; 5]), &[PROTOCOL]),
        case(
            "PRIORITY on an idle stream",
            http2_frame(kind::PRIORITY, flag::NONE, IDLE, &[0; 5]),
            &[Nothing],
        ),
        case(
            "PRIORITY on a closed stream",
            http2_frame(kind::PRIORITY, flag::NONE, CLOSED, &[0; 5]),
            &[Nothing],
        ),
    ])
    .await;
}

/// Sections 4.2 and 6.
#[tokio::test]
async fn frames_of_the_wrong_length() {
    const FRAME_SIZE_ERROR: Reaction = Connection(Reason::FRAME_SIZE_ERROR);
    const PROTOCOL: Reaction = Connection(Reason::PROTOCOL_ERROR);
    let mut cases = Vec::new();
    for (name, kind, flags, stream, lengths) in [
        ("PING", kind::PING, flag::NONE, 0, &[0, 7, 9][..]),
        ("SETTINGS", kind::SETTINGS, flag::NONE, 0, &[1, 5, 7]),
        ("an acknowledgement of SETTINGS", kind::SETTINGS, flag::ACK, 0, &[1, 6]),
        ("RST_STREAM", kind::RST_STREAM, flag::NONE, OPEN, &[0, 3, 5]),
        ("WINDOW_UPDATE", kind::WINDOW_UPDATE, flag::NONE, 0, &[0, 3, 5]),
        ("WINDOW_UPDATE of a stream", kind::WINDOW_UPDATE, flag::NONE, OPEN, &[0, 3, 5]),
        ("GOAWAY", kind::GOAWAY, flag::NONE, 0, &[0, 7]),
    ] {
        for len in lengths {
            let bytes = http2_frame(kind, flags, stream, &vec![0; *len]);
            cases.push(case(format!("{name} of {len} bytes"), bytes, &[FRAME_SIZE_ERROR]));
        }
    }
    for len in [0, 4, 6] {
        let bytes = http2_frame(kind::PRIORITY, flag::NONE, OPEN, &vec![0; len]);
        let stream = Stream(OPEN, Reason::FRAME_SIZE_ERROR);
        cases.push(case(format!("PRIORITY of {len} bytes"), bytes, &[stream, FRAME_SIZE_ERROR]));
    }
    let long = vec![0; FRAME_SIZE + 1];
    for (name, kind, stream) in [
        ("DATA", kind::DATA, OPEN),
        ("HEADERS", kind::HEADERS, IDLE),
        ("SETTINGS", kind::SETTINGS, 0),
        ("a frame of an unknown type", 0xbe, OPEN),
    ] {
        let bytes = http2_frame(kind, flag::NONE, stream, &long);
        cases.push(case(format!("{name} over the limit"), bytes, &[FRAME_SIZE_ERROR]));
    }
    // Section 6.1: padding as long as the frame or longer.
    let padded = |kind, stream, payload: &[u8]| {
        http2_frame(kind, flag::PADDED | flag::END_HEADERS & kind << 2, stream, payload)
    };
    cases.push(case("DATA with nothing but padding", padded(kind::DATA, OPEN, &[3, 0, 0, 0]), &[Nothing]));
    cases.push(case("DATA with too much padding", padded(kind::DATA, OPEN, &[4, 0, 0, 0]), &[PROTOCOL]));
    cases.push(case(
        "HEADERS with too much padding",
        padded(kind::HEADERS, IDLE, &[4, 0, 0, 0]),
        &[PROTOCOL],
    ));
    let without_length = padded(kind::DATA, OPEN, b"");
    cases.push(case("padded DATA without a length", without_length, &[FRAME_SIZE_ERROR, PROTOCOL]));
    check(cases).await;
}

/// Section 6.5.2, and RFC 8441 section 3.
#[tokio::test]
async fn settings_out_of_their_range() {
    const PROTOCOL: Reaction = Connection(Reason::PROTOCOL_ERROR);
    const FLOW_CONTROL: Reaction = Connection(Reason::FLOW_CONTROL_ERROR);
    let one = |id, value| settings(&[(id, value)]);
    check(vec![
        case("push neither on nor off", one(setting::ENABLE_PUSH, 2), &[PROTOCOL]),
        case("a window over the limit", one(setting::INITIAL_WINDOW_SIZE, 1 << 31), &[FLOW_CONTROL])
            .but_h2(UNREADABLE),
        case("frames below the limit", one(setting::MAX_FRAME_SIZE, (1 << 14) - 1), &[PROTOCOL]),
        case("frames over the limit", one(setting::MAX_FRAME_SIZE, 1 << 24), &[PROTOCOL]),
        case("extended CONNECT neither on nor off", one(setting::ENABLE_CONNECT_PROTOCOL, 2), &[PROTOCOL]),
        case("an unknown setting", one(0xfafa, u32::MAX), &[Nothing]),
        case(
            "every setting at its limit",
            settings(&[
                (setting::HEADER_TABLE_SIZE, u32::MAX),
                (setting::ENABLE_PUSH, 0),
                (setting::MAX_CONCURRENT_STREAMS, u32::MAX),
                (setting::MAX_FRAME_SIZE, (1 << 24) - 1),
                (setting::MAX_HEADER_LIST_SIZE, u32::MAX),
            ]),
            &[Nothing],
        ),
        // Section 6.9.2: the window of a stream that has got more grows over the limit by it.
        case(
            "a window that makes another one too large",
            [window_update(OPEN, 1), one(setting::INITIAL_WINDOW_SIZE, LARGEST_WINDOW)].concat(),
            &[FLOW_CONTROL],
        ),
        case("no window", one(setting::INITIAL_WINDOW_SIZE, WINDOW / 2), &[Nothing]),
    ])
    .await;
}

/// Section 6.9.
#[tokio::test]
async fn windows_out_of_their_range() {
    check(vec![
        case("nothing for a stream", window_update(OPEN, 0), &[Stream(OPEN, Reason::PROTOCOL_ERROR)])
            .but_h2(UNREADABLE),
        case("nothing for the connection", window_update(0, 0), &[Connection(Reason::PROTOCOL_ERROR)]),
        case(
            "too much for a stream",
            window_update(OPEN, LARGEST_WINDOW),
            &[Stream(OPEN, Reason::FLOW_CONTROL_ERROR)],
        ),
        case(
            "too much for the connection",
            [window_update(0, LARGEST_WINDOW), window_update(0, LARGEST_WINDOW)].concat(),
            &[Connection(Reason::FLOW_CONTROL_ERROR)],
        ),
    ])
    .await;
}

/// Sections 4.3 and 6.10.
#[tokio::test]
async fn field_blocks_are_read_without_a_break() {
    const PROTOCOL: Reaction = Connection(Reason::PROTOCOL_ERROR);
    const COMPRESSION: Reaction = Connection(Reason::COMPRESSION_ERROR);
    let block = field_block(&request("GET", "/healthz"));
    let (one, other) = block.split_at(10);
    let begun = |stream| http2_frame(kind::HEADERS, flag::END_STREAM, stream, one);
    let rest = |stream| http2_frame(kind::CONTINUATION, flag::END_HEADERS, stream, other);
    let part = |stream| http2_frame(kind::CONTINUATION, flag::NONE, stream, b"");
    let with_block =
        |block: &[u8]| http2_frame(kind::HEADERS, flag::END_HEADERS | flag::END_STREAM, IDLE, block);
    let mut cases = vec![
        case("a field block in parts", [begun(IDLE), part(IDLE), rest(IDLE)].concat(), &[Nothing]),
        case("CONTINUATION on no stream", [begun(IDLE), rest(0)].concat(), &[PROTOCOL]),
        case("CONTINUATION on another stream", [begun(IDLE), rest(IDLE + 2)].concat(), &[PROTOCOL]),
    ];
    for (name, between) in [
        ("PING", ping()),
        ("DATA", http2_frame(kind::DATA, flag::NONE, OPEN, b"x")),
        ("HEADERS", get(IDLE + 2)),
        ("HEADERS of the same stream", get(IDLE)),
        ("RST_STREAM of the same stream", rst_stream(IDLE, Reason::CANCEL)),
        ("a frame of an unknown type", http2_frame(0xbe, flag::NONE, 0, b"x")),
    ] {
        let bytes = [begun(IDLE), between, rest(IDLE)].concat();
        cases.push(case(format!("{name} within a field block"), bytes, &[PROTOCOL]));
    }
    for (name, block) in [
        ("index 0", &b"\x80"[..]),
        ("an index without an entry", b"\xbe"),
        ("an index without an end", b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f"),
        ("a value without an end", b"\x00\x01a\x7f"),
        ("Huffman's code with a whole byte of padding", b"\x00\x81\x1f\x82\x1f\xff"),
        ("a table over the limit", b"\x3f\xe2\x1f"),
    ] {
        cases.push(case(name, with_block(block), &[COMPRESSION]).but_h2(UNREADABLE));
    }
    check(cases).await;
}

/// Section 8.1.1: a malformed request is an error of its stream.
#[tokio::test]
async fn malformed_requests() {
    const MALFORMED: Reaction = Stream(IDLE, Reason::PROTOCOL_ERROR);
    let good = request("GET", "/healthz");
    let with = |fields: &[(&'static str, &'static str)]| headers(IDLE, &[&good, fields].concat());
    let without = |name: &str| {
        let fields: Vec<_> = good.iter().copied().filter(|field| field.0 != name).collect();
        headers(IDLE, &fields)
    };
    let mut cases = vec![case("a good request", with(&[]), &[Nothing])];
    for (name, value) in [
        ("X-Upper", "a"),
        ("connection", "close"),
        ("keep-alive", "timeout=5"),
        ("proxy-connection", "close"),
        ("transfer-encoding", "chunked"),
        ("upgrade", "websocket"),
        ("te", "gzip"),
        (":method", "GET"),
        (":path", "/"),
        (":scheme", "http"),
        (":authority", "test"),
        (":status", "200"),
        (":unknown", "a"),
        (":protocol", "websocket"),
        ("", "a"),
        ("a b", "a"),
        ("a\u{7f}", "a"),
        ("a:b", "a"),
        ("a", "x\0y"),
        ("a", "x\ry"),
        ("a", "x\ny"),
    ] {
        let case = case(format!("{name:?}: {value:?}"), with(&[(name, value)]), &[MALFORMED]);
        // Bytes that cannot be a field are an error of the whole block for h2.
        let is_no_field = name == ":unknown"
            || name.is_empty()
            || name.contains([' ', '\u{7f}', 'X'])
            || name == "a:b"
            || value.contains(['\0', '\r', '\n']);
        cases.push(if is_no_field { case.but_h2(UNREADABLE) } else { case });
    }
    cases.extend([
        case("trailers are accepted", with(&[("te", "trailers")]), &[Nothing]),
        case(
            "a pseudo-header field behind others",
            headers(
                IDLE,
                &[
                    (":method", "GET"),
                    (":scheme", "http"),
                    ("a", "b"),
                    (":path", "/healthz"),
                    (":authority", "test"),
                ],
            ),
            &[MALFORMED],
        ),
        case("no method", without(":method"), &[MALFORMED]),
        case("no scheme", without(":scheme"), &[MALFORMED]),
        case("no path", without(":path"), &[MALFORMED]),
        case("an empty path", headers(IDLE, &request("GET", "")), &[MALFORMED]),
        case("a path that is none", headers(IDLE, &request("GET", "healthz")), &[MALFORMED, Nothing]),
        case("a method that is none", headers(IDLE, &request("G T", "/healthz")), &[MALFORMED])
            .but_h2(UNREADABLE),
        case("CONNECT with a path", headers(IDLE, &request("CONNECT", "/echo")), &[MALFORMED]),
        case(
            "an extended CONNECT without a scheme",
            {
                let fields: Vec<_> =
                    websocket("/echo").into_iter().filter(|field| field.0 != ":scheme").collect();
                headers(IDLE, &fields)
            },
            &[MALFORMED],
        ),
        case("a length and no content", with(&[("content-length", "5")]), &[MALFORMED]),
        case("two lengths", with(&[("content-length", "0"), ("content-length", "5")]), &[MALFORMED]),
    ]);
    let post = |length: &'static str, content: &[u8], flags| {
        let fields = [&request("POST", "/healthz")[..], &[("content-length", length)]].concat();
        let head = http2_frame(kind::HEADERS, flag::END_HEADERS, IDLE, &field_block(&fields));
        [head, http2_frame(kind::DATA, flags, IDLE, content)].concat()
    };
    cases.extend([
        case("content as long as it says", post("3", b"abc", flag::END_STREAM), &[Nothing]),
        case("content that is too short", post("4", b"abc", flag::END_STREAM), &[MALFORMED]),
        case("content that is too long", post("2", b"abc", flag::NONE), &[MALFORMED]),
    ]);
    let trailers = |flags, fields: &[(&str, &str)]| {
        http2_frame(kind::HEADERS, flag::END_HEADERS | flags, OPEN, &field_block(fields))
    };
    cases.extend([
        case(
            "trailers that do not end the stream",
            trailers(flag::NONE, &[("a", "b")]),
            &[Stream(OPEN, Reason::PROTOCOL_ERROR)],
        ),
        case(
            "a pseudo-header field in trailers",
            trailers(flag::END_STREAM, &[(":path", "/")]),
            &[Stream(OPEN, Reason::PROTOCOL_ERROR)],
        )
        .but_h2(End(OPEN)),
    ]);
    check(cases).await;
}

/// Section 4.1: what is not known is ignored. Section 5.3.2: priorities have no meaning any more.
#[tokio::test]
async fn what_has_no_meaning_is_ignored() {
    let priority = |stream: u32, on: u32| {
        http2_frame(kind::PRIORITY, flag::NONE, stream, &[&on.to_be_bytes()[..], &[15]].concat())
    };
    let prioritized = |on: u32| {
        let block = [&on.to_be_bytes()[..], &[15], &field_block(&request("GET", "/healthz"))].concat();
        http2_frame(kind::HEADERS, flag::END_HEADERS | flag::END_STREAM | flag::PRIORITY, IDLE, &block)
    };
    check(vec![
        case("a frame of an unknown type", http2_frame(0xbe, 0xff, OPEN, b"anything"), &[Nothing]),
        case("unknown flags", http2_frame(kind::PING, 0xfe, 0, b"12345678"), &[Nothing]),
        case("the reserved bit", http2_frame(kind::PING, flag::NONE, 1 << 31, b"12345678"), &[Nothing]),
        case("an acknowledgement of no PING", http2_frame(kind::PING, flag::ACK, 0, b"12345678"), &[Nothing]),
        case("a reason that nobody knows", rst_stream(HALF_CLOSED, 0xdead_u32.into()), &[Nothing]),
        case("a priority", prioritized(OPEN), &[Nothing]),
        case("a priority on another stream", priority(OPEN, HALF_CLOSED), &[Nothing]),
        // RFC 7540 section 5.3.1 had this error.
        case("a stream that depends on itself", priority(OPEN, OPEN), &[Nothing])
            .but_h2(Stream(OPEN, Reason::PROTOCOL_ERROR)),
        case("a request that depends on itself", prioritized(IDLE), &[Nothing])
            .but_h2(Stream(IDLE, Reason::PROTOCOL_ERROR)),
    ])
    .await;
}

/// Section 6.9.1. The client does not read its echo, so the server gives no window back.
#[tokio::test]
async fn data_over_the_window_of_a_stream() {
    let (server, _dist) = server();
    let mut client = prepared(&server).await;
    let other = client.open("/echo").await;
    client.data(OPEN, flag::NONE, &frame::header(0x82, 32 << 20)).await;
    while client.room(OPEN) > 0 {
        let room = client.room(OPEN).min(FRAME_SIZE as u64) as usize;
        client.data(OPEN, flag::NONE, &vec![7; room]).await;
        client.round_trip().await;
    }
    echoes(&mut client, other, "another stream").await;
    client.data(OPEN, flag::NONE, &[7]).await;
    assert_eq!(client.reset(OPEN).await, Reason::FLOW_CONTROL_ERROR);
    echoes(&mut client, other, "another stream").await;
}

/// With one stream, the window of the connection is that of the stream.
#[tokio::test]
async fn data_over_the_window_of_the_connection() {
    let server = Server::start(&["--max-http2-streams", "1"]);
    let mut client = Http2::connect_with(server.address, &[(setting::INITIAL_WINDOW_SIZE, WINDOW)]).await;
    client.open("/echo").await;
    client.data(OPEN, flag::NONE, &frame::header(0x82, 32 << 20)).await;
    while client.room(OPEN) > 0 {
        let room = client.room(OPEN).min(FRAME_SIZE as u64) as usize;
        client.data(OPEN, flag::NONE, &vec![7; room]).await;
        client.round_trip().await;
    }
    client.data(OPEN, flag::NONE, &[7]).await;
    client.until("an error", |client| client.goaway.is_some() || client.stream(OPEN).reset.is_some()).await;
    let reason = client.goaway.map(|goaway| goaway.reason).or(client.stream(OPEN).reset);
    assert_eq!(reason, Some(Reason::FLOW_CONTROL_ERROR));
}

/// Section 3.4.
#[tokio::test]
async fn the_preface_is_checked() {
    let flags = ["--listen", "127.0.0.1:0", "--head-timeout", "500ms", "--keep-alive", "500ms"];
    let mut running = Running::start(ws_echo(&flags));
    let address = running.address().await;
    let mut other = Http2::connect(address).await;
    let stream = other.open("/echo").await;
    let behind = |bytes: &[u8]| [&PREFACE[..], bytes].concat();
    let acknowledgement = http2_frame(kind::SETTINGS, flag::ACK, 0, b"");
    let half = announced(6, kind::SETTINGS, flag::NONE, 0, b"abc");
    let mut failed = Vec::new();
    for (name, bytes, reason) in [
        // It need not say why (section 3.4).
        ("another end", [b"PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n", &settings(&[])[..]].concat(), None),
        ("what is no frame", behind(&[b'x'; 100]), Some(Reason::FRAME_SIZE_ERROR)),
        // The first frame need not be SETTINGS for h2, which waits for it as long as for a request.
        ("an acknowledgement at first", behind(&acknowledgement), Some(Reason::NO_ERROR)),
        ("PING at first", behind(&ping()), Some(Reason::NO_ERROR)),
        ("a request at first", behind(&get(1)), Some(Reason::NO_ERROR)),
        ("the preface alone", PREFACE.to_vec(), Some(Reason::NO_ERROR)),
        ("half a frame", behind(&half), Some(Reason::NO_ERROR)),
        ("half a preface", PREFACE[..20].to_vec(), None),
    ] {
        let mut client = Http2::connect_bare(address).await;
        client.acknowledges = false;
        client.write(&bytes).await;
        client.ended().await;
        let seen = client.goaway.map(|goaway| goaway.reason);
        if seen != reason {
            failed.push(format!("{name}: {seen:?} and not {reason:?}"));
        }
        echoes(&mut other, stream, "another connection").await;
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
