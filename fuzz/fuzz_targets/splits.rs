//! Any bytes, in any split, inflated in any slices: the same echo, and the same verdict, as unsplit; what goes back are whole and legal frames.
//!
//! The first byte says whether and how compression is negotiated, the second how the stream is split, the rest is the stream.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ws_echo_engine::Echo;
use ws_echo_shared::limits::Limits;
use ws_echo_test_support::{
    feed::{Slices, agreement, feed},
    frame::frames_are_whole,
};

const LIMITS: Limits = Limits { message_bytes: 4096, frames_per_message: 16 };

fuzz_target!(|input: &[u8]| {
    let [deflate, split, stream @ ..] = input else { return };
    let deflate = match deflate % 5 {
        0 => None,
        kind => Some(agreement(kind % 2 == 1, if kind > 2 { 9 } else { 15 })),
    };
    let echo = || Echo::new(LIMITS, deflate.as_ref());
    let whole = feed(echo(), [stream], Slices::WHOLE);
    let step = usize::from(*split).max(1);
    for slices in [Slices::WHOLE, Slices::inflated(40 * step)] {
        assert_eq!(feed(echo(), stream.chunks(step), slices), whole);
    }
    assert_eq!(feed(echo(), [stream], Slices::inflated(40 * step)), whole);

    // Only a binary frame that is streamed may be cut off, and only where the stream ends.
    assert!(frames_are_whole(&whole.output) || whole.end.is_none());
    if deflate.is_none() {
        whole.assert_validator_agrees(LIMITS, stream);
    }
});
