//! Any split of any byte stream, and any slices of inflating: the same echo, and the same verdict, as unsplit.

use proptest::prelude::*;
use ws_echo_engine::{Echo, permessage_deflate::Agreement};
use ws_echo_shared::limits::Limits;
use ws_echo_test_support::{
    compress::Compressor,
    feed::{Fed, Slices, agreement, feed},
    frame::{frame_with_key, frames_are_whole},
};

const LIMITS: Limits = Limits { message_bytes: 2000, frames_per_message: 6 };

/// The echo of a stream in these pieces, which is inflated in slices of this size.
fn echo_of<'a>(pieces: impl IntoIterator<Item = &'a [u8]>, deflate: Option<&Agreement>, slice: usize) -> Fed {
    // Mostly not all of the backlog.
    feed(Echo::new(LIMITS, deflate), pieces, Slices { inflated: slice, resumed: 100 })
}

/// A slice that has no end.
const WHOLE: usize = usize::MAX;

/// Cuts a stream at these places, which wrap around.
fn cut<'a>(stream: &'a [u8], places: &[usize]) -> Vec<&'a [u8]> {
    let mut places: Vec<usize> = places.iter().map(|place| place % (stream.len() + 1)).collect();
    places.extend([0, stream.len()]);
    places.sort_unstable();
    places.windows(2).map(|pair| &stream[pair[0]..pair[1]]).collect()
}

fn payload() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        3 => "\\PC{0,40}".prop_map(String::into_bytes),
        2 => prop::collection::vec(any::<u8>(), 0..140),
        1 => prop::collection::vec(any::<u8>(), 0..1200),
        1 => "[a-c]{0,900}".prop_map(|text| Compressor::new(1).compress(text.as_bytes())),
        1 => Just(b"\x03\xe8".to_vec()),
    ]
}

/// Mostly legal frames, some of them with a bit turned.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let first = prop_oneof![
        Just(0x81),
        Just(0x82),
        Just(0x01),
        Just(0x02),
        Just(0x00),
        Just(0x80),
        Just(0x89),
        Just(0x8a),
        Just(0x88),
        Just(0xc1),
        Just(0xc2),
        Just(0x41),
    ];
    let frames = prop::collection::vec((first, payload(), any::<[u8; 4]>()), 0..12);
    let turned = prop::option::weighted(0.3, (any::<prop::sample::Index>(), 0..8u8));
    (frames, turned).prop_map(|(frames, turned)| {
        let mut stream: Vec<u8> =
            frames.iter().flat_map(|(first, payload, key)| frame_with_key(*first, payload, *key)).collect();
        if let (Some((index, bit)), false) = (turned, stream.is_empty()) {
            *index.get_mut(&mut stream) ^= 1 << bit;
        }
        stream
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_split_changes_nothing(
        stream in stream(),
        places in prop::collection::vec(any::<usize>(), 0..20),
        deflate in prop::option::of((any::<bool>(), prop_oneof![Just(9), Just(15)])),
        slice in prop_oneof![Just(1), 1..5000_usize],
    ) {
        let deflate = deflate.map(|(no_context_takeover, window_bits)| agreement(no_context_takeover, window_bits));
        let whole = echo_of([stream.as_slice()], deflate.as_ref(), WHOLE);
        for slice in [WHOLE, slice] {
            prop_assert_eq!(&echo_of([stream.as_slice()], deflate.as_ref(), slice), &whole);
            prop_assert_eq!(&echo_of(cut(&stream, &places), deflate.as_ref(), slice), &whole);
            prop_assert_eq!(&echo_of(stream.chunks(1), deflate.as_ref(), slice), &whole);
        }
        // Only a binary frame that is streamed may be cut off, and only where the stream ends.
        prop_assert!(frames_are_whole(&whole.output) || whole.end.is_none());
    }

    #[test]
    fn echo_and_validator_agree(stream in stream()) {
        echo_of([stream.as_slice()], None, WHOLE).assert_validator_agrees(LIMITS, &stream);
    }
}
