//! Any bytes, in any split, inflated in any slices: the same echo, and the same verdict, as unsplit; what goes back are whole and legal frames.
//!
//! The first byte says whether and how compression is negotiated, the second how the stream is split, the rest is the stream.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ws_echo_engine::{Echo, End, Validator, InflateBudget, RESERVE, permessage_deflate::Agreement};
use ws_echo_shared::limits::Limits;

const LIMITS: Limits = Limits { message_bytes: 4096, frames_per_message: 16 };

fuzz_target!(|input: &[u8]| {
    let [deflate, split, stream @ ..] = input else { return };
    let deflate = match deflate % 5 {
        0 => None,
        kind => Some(Agreement {
            response: String::new(),
            no_context_takeover: kind % 2 == 1,
            window_bits: if kind > 2 { 9 } else { 15 },
        }),
    };
    let whole = feed(std::iter::once(stream), deflate.as_ref(), usize::MAX);
    let step = usize::from(*split).max(1);
    for slice in [usize::MAX, 40 * step] {
        assert_eq!(feed(stream.chunks(step), deflate.as_ref(), slice), whole);
    }
    assert_eq!(feed(std::iter::once(stream), deflate.as_ref(), 40 * step), whole);

    let (out, end) = whole;
    // Only a binary frame that has begun to flow through may be cut off, and only where the stream ends.
    if !frames_are_whole(&out) {
        assert_eq!(end, None);
    }
    if deflate.is_none() && !matches!(end, Some(End::ClosedByPeer(_))) {
        let verdict = Validator::new(LIMITS).validate(stream).err();
        assert_eq!(end, verdict.map(|violation| End::Failed(violation.error)));
    }
});

fn feed<'a>(
    pieces: impl Iterator<Item = &'a [u8]>,
    deflate: Option<&Agreement>,
    slice: usize,
) -> (Vec<u8>, Option<End>) {
    let mut echo = Echo::new(LIMITS, deflate);
    let mut out = Vec::new();
    let mut buffer = Vec::new();
    for piece in pieces.filter(|piece| !piece.is_empty()) {
        buffer.resize(RESERVE, 0);
        buffer.extend_from_slice(piece);
        let mut output = echo.process(&mut buffer, piece.len(), &mut InflateBudget::new(slice, &mut || true));
        loop {
            out.extend(output.head);
            out.extend_from_slice(&buffer[output.range]);
            if !echo.has_backlog() {
                break;
            }
            output = echo.resume(&mut buffer, &mut InflateBudget::new(slice, &mut || true));
        }
        buffer.clear();
    }
    (out, echo.end())
}

/// Whether the bytes are server frames (RFC 6455 section 5.2) without a rest.
fn frames_are_whole(mut out: &[u8]) -> bool {
    while let [first, second, rest @ ..] = out {
        assert_eq!(first & 0x30, 0, "RSV2 and RSV3 are never set");
        assert_eq!(second & 0x80, 0, "a server does not mask");
        let (len, rest) = match (second, rest) {
            (126, [a, b, rest @ ..]) => (usize::from(u16::from_be_bytes([*a, *b])), rest),
            (127, [a, b, c, d, e, f, g, h, rest @ ..]) => {
                (u64::from_be_bytes([*a, *b, *c, *d, *e, *f, *g, *h]) as usize, rest)
            }
            (126 | 127, _) => return false,
            (len, rest) => (usize::from(*len), rest),
        };
        match rest.get(len..) {
            Some(rest) => out = rest,
            None => return false,
        }
    }
    out.is_empty()
}
