//! Random messages, well formed and broken, and an oracle that looks for the end of the last block.

use flate2::{Compress, Compression, FlushCompress};
use miniz_oxide::inflate::{
    TINFLStatus,
    core::{DecompressorOxide, decompress, inflate_flags},
};
use proptest::prelude::*;

use super::*;

/// True if a message is well formed. Follows its blocks, and looks at the bits behind the end of the last one.
fn is_well_formed(message: &[u8]) -> bool {
    const FLAGS: u32 = inflate_flags::TINFL_FLAG_HAS_MORE_INPUT
        | inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF
        | inflate_flags::TINFL_FLAG_STOP_ON_BLOCK_BOUNDARY;
    let mut decoder = DecompressorOxide::new();
    let mut out = vec![0; 1 << 20];
    let (mut read, mut written, mut start) = (0, 0, 0);
    // Counted in bits.
    let mut end_of_last = 0;
    loop {
        let (status, more_read, more_written) =
            decompress(&mut decoder, &message[read..], &mut out[start..], written - start, FLAGS);
        read += more_read;
        written += more_written;
        match status {
            TINFLStatus::BlockBoundary => {
                let left = decoder.block_boundary_state().unwrap().num_bits;
                end_of_last = read * 8 - usize::from(left);
            }
            TINFLStatus::Done => {
                decoder.init();
                end_of_last = read * 8;
                start = written;
            }
            TINFLStatus::NeedsMoreInput => break,
            _ => return false,
        }
    }
    let bit = |at: usize| message.get(at / 8).map(|byte| byte >> (at % 8) & 1);
    let header = [1, 2].map(|behind| bit(end_of_last + behind));
    header == [Some(0), Some(0)] && (end_of_last + 3).div_ceil(8) == message.len()
}

fn message() -> impl Strategy<Value = Vec<u8>> {
    let flush = prop_oneof![
        Just(FlushCompress::Sync),
        Just(FlushCompress::Full),
        Just(FlushCompress::Partial),
        Just(FlushCompress::None),
        Just(FlushCompress::Finish),
    ];
    let plain = prop_oneof![
        "[a-d]{0,200}".prop_map(String::into_bytes),
        "\\PC{0,300}".prop_map(String::into_bytes),
        prop::collection::vec(any::<u8>(), 0..300),
    ];
    let parts = prop::collection::vec((plain, flush), 0..4);
    (parts, 0..10_u32, prop::option::weighted(0.2, (any::<prop::sample::Index>(), 0..8_u8)), 0..9_usize)
        .prop_map(|(parts, level, turned, cut)| {
            let mut message = Vec::new();
            for (plain, flush) in parts {
                // RFC 7692 section 7.2.3.5: each part may be a stream of its own.
                let mut encoder = Compress::new(Compression::new(level), false);
                message.reserve(2 * plain.len() + 100);
                encoder.compress_vec(&plain, &mut message, flush).unwrap();
            }
            // Cuts the tail as a sender does, appends the header of an empty block as behind a whole stream, or cuts at random.
            match cut {
                0..5 => message.truncate(message.len().saturating_sub(4)),
                5..7 => message.push(0),
                cut => message.truncate(message.len().saturating_sub(cut)),
            }
            if let (Some((index, bit)), false) = (turned, message.is_empty()) {
                *index.get_mut(&mut message) ^= 1 << bit;
            }
            message
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn both_decoders_agree_with_the_oracle(
        message in message(),
        places in prop::collection::vec(any::<usize>(), 0..6),
    ) {
        let mut places: Vec<usize> = places.iter().map(|place| place % (message.len() + 1)).collect();
        places.extend([0, message.len()]);
        places.sort_unstable();
        let split: Vec<&[u8]> = places.windows(2).map(|pair| &message[pair[0]..pair[1]]).collect();
        let expected = is_well_formed(&message);
        let mut plain = None;
        for window_bits in [14, 15] {
            let whole = inflate(&mut inflater(window_bits, false), [&message[..]]);
            prop_assert_eq!(whole.is_ok(), expected, "{:x?}", message);
            for pieces in [split.clone(), message.chunks(1).collect()] {
                prop_assert_eq!(&inflate(&mut inflater(window_bits, false), pieces), &whole, "{:x?}", message);
            }
            let plain = plain.get_or_insert_with(|| whole.clone());
            prop_assert_eq!(plain.as_ref().ok(), whole.as_ref().ok(), "{:x?}", message);
        }
    }
}
