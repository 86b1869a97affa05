//! Cases that were written by hand.

use ws_echo_test_support::frame::{frame, header};

use super::{
    LIMITS,
    script::{Ending, Script},
};

/// Frames, and the state of the connection after them.
pub struct Case {
    pub name: String,
    pub frames: Vec<Vec<u8>>,
    pub then: Then,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// The connection is open, and the next frame may come.
    Open,
    /// The connection is open, and the rest of a frame is missing.
    Within,
    /// The server closes.
    Closed,
}

impl Case {
    fn new(name: impl Into<String>, then: Then, frames: &[Vec<u8>]) -> Self {
        Self { name: name.into(), frames: frames.to_vec(), then }
    }

    /// Returns the case in one chunk with each possible ending, and in other chunks.
    pub fn scripts(&self) -> Vec<Script> {
        let whole = self.frames.concat();
        let mut ways = vec![(true, vec![whole.clone()]), (false, cut_each(&self.frames))];
        if self.frames.len() > 1 {
            // The first frame comes after the handshake or with it, and then the others.
            ways.extend([false, true].map(|early| (early, self.frames.clone())));
        }
        if whole.len() <= 200 {
            ways.push((false, whole.chunks(1).map(<[u8]>::to_vec).collect()));
        }
        let endings: &[Ending] = match self.then {
            Then::Open => &[Ending::Stay, Ending::Fin],
            Then::Within => &[Ending::Fin],
            Then::Closed => &[Ending::Answer, Ending::Fin],
        };
        // Waiting takes long, so it is done once.
        let waits = (self.then == Then::Closed).then_some(Ending::Wait);
        let in_one = endings.iter().copied().chain(waits).map(|ending| (false, vec![whole.clone()], ending));
        let in_more = ways
            .into_iter()
            .zip(endings.iter().cycle())
            .map(|((early, chunks), ending)| (early, chunks, *ending));
        in_one
            .chain(in_more)
            .map(|(early, chunks, ending)| Script { early, chunks, ending, ..Script::default() })
            .collect()
    }
}

/// Returns chunks that end in the middle of each frame.
fn cut_each(frames: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut chunks = vec![vec![]];
    for frame in frames {
        let (head, tail) = frame.split_at(frame.len() / 2);
        chunks.last_mut().unwrap().extend(head);
        chunks.push(tail.to_vec());
    }
    chunks
}

/// Returns the cases for servers with the default limits.
pub fn usual() -> Vec<Case> {
    [
        nothing(),
        headers(),
        fragments(),
        lengths(),
        texts(),
        closes(),
        behind_a_close(),
        floods(),
        unfinished(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn nothing() -> Vec<Case> {
    vec![Case::new("nothing", Then::Open, &[])]
}

/// Returns a case with a good message before the bad bytes, whose loss would show.
fn broken(name: impl Into<String>, bytes: Vec<u8>) -> Case {
    Case::new(name, Then::Closed, &[frame(0x81, b"good"), bytes])
}

/// RFC 6455 sections 5.1, 5.2 and 5.5.
fn headers() -> Vec<Case> {
    let mut cases = Vec::new();
    for first in [0xc1, 0xa1, 0x91, 0xf2, 0xc9, 0xaa, 0x98, 0xc0] {
        cases.push(broken(format!("reserved bits: {first:x}"), frame(first, b"x")));
    }
    for opcode in [3, 4, 5, 6, 7, 11, 12, 13, 14, 15] {
        cases.push(broken(format!("opcode {opcode}"), frame(0x80 | opcode, b"x")));
        cases.push(broken(format!("opcode {opcode}, not the last frame"), frame(opcode, b"")));
    }
    for first in [0x81, 0x82, 0x80, 0x89, 0x8a, 0x88] {
        cases.push(broken(format!("no mask: {first:x}"), vec![first, 2, 3, 0xe8]));
    }
    for first in [0x09, 0x0a, 0x08] {
        cases.push(broken(format!("a fragmented control frame: {first:x}"), frame(first, b"")));
    }
    for first in [0x89, 0x8a, 0x88] {
        cases.push(broken(format!("a long control frame: {first:x}"), frame(first, &[b'x'; 126])));
        cases.push(broken(format!("a very long control frame: {first:x}"), header(first, 1 << 16)));
    }
    for (first, len) in [(0x81, 0u16), (0x82, 125), (0x8a, 1)] {
        let bytes = [&[first, 0xfe], &len.to_be_bytes()[..]].concat();
        cases.push(broken(format!("{first:x} with {len} in 16 bits"), bytes));
    }
    for len in [0, 125, 126, 65_535, 1 << 63, u64::MAX] {
        let bytes = [&[0x82, 0xff], &len.to_be_bytes()[..]].concat();
        cases.push(broken(format!("{len} in 64 bits"), bytes));
    }
    for len in [(64 << 20) + 1, 1 << 32, 1 << 62, i64::MAX as u64] {
        cases.push(broken(format!("{len} bytes declared"), header(0x82, len)));
    }
    cases
}

/// RFC 6455 section 5.4.
fn fragments() -> Vec<Case> {
    let (ping, pong) = (frame(0x89, b"between"), frame(0x8a, b"nobody asked"));
    let text = |parts: &[&[u8]]| -> Vec<Vec<u8>> {
        let last = parts.len() - 1;
        let first = |index| u8::from(index == 0) | if index == last { 0x80 } else { 0 };
        parts.iter().enumerate().map(|(index, part)| frame(first(index), part)).collect()
    };
    let mut cases = vec![
        Case::new("fragments", Then::Open, &text(&[b"one", b"two", b"three"])),
        Case::new("empty fragments", Then::Open, &text(&[b"", b"", b"", b""])),
        Case::new("an empty first fragment", Then::Open, &text(&[b"", b"text"])),
        Case::new("an empty last fragment", Then::Open, &text(&[b"text", b""])),
        Case::new("two messages", Then::Open, &[text(&[b"a", b"b"]), text(&[b"c", b"d"])].concat()),
        Case::new("fragments of one byte", Then::Open, &text(&[b"x".as_slice(); 200])),
        Case::new("not the last fragment", Then::Open, &[frame(0x02, b"a"), frame(0x00, b"b")]),
        broken("a continuation of nothing", frame(0x80, b"x")),
        broken("a first continuation of nothing", frame(0x00, b"")),
    ];
    for between in [[ping.clone(), pong.clone()], [frame(0x89, b""), frame(0x89, &[0xff; 125])]] {
        let between = between.concat();
        let mixed: Vec<Vec<u8>> =
            text(&[b"one", b"", b"three"]).into_iter().flat_map(|part| [between.clone(), part]).collect();
        cases.push(Case::new("control frames between fragments", Then::Open, &mixed));
    }
    for first in [0x81, 0x82, 0x01, 0x02] {
        let bytes = [frame(0x01, b"a"), ping.clone(), frame(first, b"b")];
        cases.push(Case::new(format!("{first:x} within a message"), Then::Closed, &bytes));
    }
    let ended = [frame(0x02, b"a"), frame(0x80, b"b"), frame(0x80, b"c")];
    cases.push(Case::new("a continuation behind the last", Then::Closed, &ended));
    cases
}

fn lengths() -> Vec<Case> {
    let mut cases = Vec::new();
    for len in [0, 1, 2, 124, 125, 126, 127, 4096, 65_535, 65_536, 65_537] {
        for first in [0x81, 0x82] {
            let payload: Vec<u8> = (b' '..b'~').cycle().take(len).collect();
            let frames = [frame(first, &payload), frame(first, b"next")];
            cases.push(Case::new(format!("{first:x} with {len} bytes"), Then::Open, &frames));
        }
        let parts = [frame(0x02, &vec![0xff; len]), frame(0x80, &vec![0; len])];
        cases.push(Case::new(format!("twice {len} bytes"), Then::Open, &parts));
    }
    // Longer than a read of the server.
    cases.push(Case::new("300,000 bytes", Then::Open, &[frame(0x82, &[7; 300_000])]));
    for len in [0, 1, 125] {
        let frames = [frame(0x89, &vec![b'p'; len]), frame(0x8a, &vec![b'q'; len])];
        cases.push(Case::new(format!("a ping with {len} bytes"), Then::Open, &frames));
    }
    cases
}

/// RFC 3629, and RFC 6455 section 8.1.
fn texts() -> Vec<Case> {
    let mut cases = Vec::new();
    let edges = "\0\u{7f}\u{80}\u{7ff}\u{800}\u{d7ff}\u{e000}\u{feff}\u{ffff}\u{10000}\u{10ffff}";
    cases.push(Case::new("characters at the edges", Then::Open, &[frame(0x81, edges.as_bytes())]));
    for at in 1..edges.len() {
        let (head, tail) = edges.as_bytes().split_at(at);
        let frames = [frame(0x01, head), frame(0x89, b"p"), frame(0x00, b""), frame(0x80, tail)];
        cases.push(Case::new(format!("characters at the edges, split at {at}"), Then::Open, &frames));
    }
    for bad in [
        &b"\x80"[..],
        b"\xff",
        b"\xfe",
        b"\xc0\xaf",
        b"\xc1\xbf",
        b"\xe0\x80\x80",
        b"\xe0\x9f\xbf",
        b"\xed\xa0\x80",
        b"\xed\xbf\xbf",
        b"\xf0\x80\x80\x80",
        b"\xf0\x8f\xbf\xbf",
        b"\xf4\x90\x80\x80",
        b"\xf5\x80\x80\x80",
        b"\xc3",
        b"\xe2\x82",
        b"\xf0\x9f\xa6",
        b"\xe2\x28",
    ] {
        cases.push(broken(format!("{bad:x?} as text"), frame(0x81, bad)));
        cases.push(broken(format!("{bad:x?} behind text"), frame(0x81, &[b"caf\xc3\xa9", bad].concat())));
        cases.push(Case::new(format!("{bad:x?} as binary"), Then::Open, &[frame(0x82, bad)]));
        for at in 1..bad.len() {
            let frames = [frame(0x01, &bad[..at]), frame(0x89, b"p"), frame(0x80, &bad[at..])];
            cases.push(Case::new(format!("{bad:x?} split at {at}"), Then::Closed, &frames));
        }
    }
    let unfinished = [header(0x81, 1 << 20), vec![0xff; 100]].concat();
    cases.push(broken("a bad byte in a frame that is still coming", unfinished));
    let cut = [frame(0x01, b"caf\xc3"), frame(0x00, b""), frame(0x80, b"")];
    cases.push(Case::new("a text that ends within a character", Then::Closed, &cut));
    cases
}

/// RFC 6455 sections 5.5.1 and 7.4.
fn closes() -> Vec<Case> {
    let body = |code: u16, reason: &[u8]| [&code.to_be_bytes(), reason].concat();
    let mut cases = vec![
        broken("no code", frame(0x88, b"")),
        broken("one byte", frame(0x88, b"\x03")),
        broken("the longest reason", frame(0x88, &body(1000, &[b'r'; 123]))),
        broken("a reason in UTF-8", frame(0x88, &body(4000, "¡adiós! 🦀".as_bytes()))),
        broken("a reason that is not UTF-8", frame(0x88, &body(1000, b"ab\xff"))),
        broken("a reason that is cut", frame(0x88, &body(1000, b"ab\xf0\x9f"))),
        broken("a bad code and a bad reason", frame(0x88, &body(1005, b"\xff"))),
    ];
    for code in (999..=1017).chain([0, 1, 1099, 1100, 1999, 2000, 2999, 3000, 3999, 4000, 4999, 5000, 65_535])
    {
        cases.push(broken(format!("code {code}"), frame(0x88, &body(code, b""))));
    }
    let within = [frame(0x01, b"not the last"), frame(0x88, &body(1001, b"bye"))];
    cases.push(Case::new("within a message", Then::Closed, &within));
    cases
}

/// Data after a Close frame is ignored (RFC 6455 section 5.5.1).
fn behind_a_close() -> Vec<Case> {
    let close = frame(0x88, b"\x03\xe8");
    let mut cases = Vec::new();
    for (what, bytes) in [
        ("a message", frame(0x81, b"late")),
        ("a ping", frame(0x89, b"late")),
        ("another Close", frame(0x88, b"\x03\xe9")),
        ("a reserved opcode", frame(0x83, b"x")),
        ("a bad text", frame(0x81, b"\xff")),
        ("half a frame", header(0x82, 1000)),
        ("a frame over the limit", header(0x82, 1 << 40)),
        ("what is no frame", b"GET / HTTP/1.1\r\n\r\n".to_vec()),
    ] {
        let frames = [frame(0x82, b"in time"), close.clone(), bytes];
        cases.push(Case::new(format!("{what} behind a Close"), Then::Closed, &frames));
    }
    // Longer than the kernels' buffers, so that a reset would take a part of the answer away.
    let long = frame(0x82, &[7; 1 << 20]);
    for end in [close.clone(), frame(0x83, b"")] {
        let frames = [long.clone(), end, long.clone(), long.clone()];
        cases.push(Case::new("much behind the end", Then::Closed, &frames));
    }
    let fault = [frame(0x81, b"\xff"), frame(0x81, b"late"), close];
    cases.push(Case::new("a message and a Close behind a fault", Then::Closed, &fault));
    cases
}

fn floods() -> Vec<Case> {
    let number = |number: u32| frame(0x81, number.to_string().as_bytes());
    let messages: Vec<Vec<u8>> = (0..500).map(number).collect();
    vec![
        Case::new("many messages", Then::Open, &messages),
        Case::new("many messages and a fault", Then::Closed, &[messages.concat(), frame(0x83, b"")]),
        Case::new("many messages and a Close", Then::Closed, &[messages.concat(), frame(0x88, b"")]),
        Case::new("empty messages", Then::Open, &[frame(0x81, b"").repeat(300), frame(0x82, b"")]),
        Case::new("many pings", Then::Open, &[frame(0x89, b"p").repeat(300), frame(0x8a, b"")]),
    ]
}

/// Frames of which only a part is sent.
fn unfinished() -> Vec<Case> {
    let mut cases = Vec::new();
    for (what, bytes) in [
        ("one byte", vec![0x81]),
        ("a header without its length", vec![0x82, 0xff, 0, 0]),
        ("a header without its mask", vec![0x82, 0x85, 1, 2]),
        ("a header", header(0x81, 5)),
        ("the header of a binary frame", header(0x82, 5)),
        ("half a text", [header(0x81, 50), b"half".to_vec()].concat()),
        ("half a binary frame", [header(0x82, 50), b"half".to_vec()].concat()),
        ("half a ping", [header(0x89, 50), b"half".to_vec()].concat()),
        ("half a Close", [header(0x88, 2), b"h".to_vec()].concat()),
    ] {
        cases.push(Case::new(what, Then::Within, &[frame(0x81, b"whole"), bytes.clone()]));
        if !what.contains("binary") {
            continue;
        }
        let mut fragment = bytes;
        fragment[0] = 0x80;
        cases.push(Case::new(format!("{what}, a fragment"), Then::Within, &[frame(0x02, b"a"), fragment]));
    }
    cases
}

/// Returns the cases for servers with [`LIMITS`].
pub fn limited() -> Vec<Case> {
    let bytes = LIMITS.message_bytes as usize;
    let most = LIMITS.frames_per_message as usize;
    let mut cases = Vec::new();
    for first in [0x81, 0x82] {
        let start = first & 0x0f;
        let full = frame(first, &vec![b'x'; bytes]);
        let parts = [frame(start, &vec![b'x'; bytes - 1]), frame(0x00, b"x")];
        let empty: Vec<Vec<u8>> =
            (1..most).map(|index| frame(if index == 1 { start } else { 0x00 }, b"")).collect();
        let fills = [&parts[..], &[frame(0x80, b"")]].concat();
        cases.extend([
            Case::new("a message at the limit, twice", Then::Open, &[full.clone(), full]),
            broken("a message over the limit", frame(first, &vec![b'x'; bytes + 1])),
            broken("the header of a message over the limit", header(first, bytes as u64 + 1)),
            Case::new("fragments at the limit", Then::Open, &fills),
            Case::new(
                "a fragment over the limit",
                Then::Closed,
                &[&parts[..], &[frame(0x80, b"x")]].concat(),
            ),
            Case::new("as many frames as may be", Then::Open, &[&empty[..], &[frame(0x80, b"")]].concat()),
            Case::new(
                "one frame more than may be",
                Then::Closed,
                &[&empty[..], &[frame(0x00, b""), frame(0x89, b"p"), frame(0x80, b"")]].concat(),
            ),
        ]);
    }
    cases
}
