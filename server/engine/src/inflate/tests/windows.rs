//! The window: the bytes that may be referred to.

use super::*;

/// Sizes of windows that are negotiated, as exponents of 2: zlib-rs inflates with 15, miniz_oxide with the others.
const WINDOWS: [u8; 7] = [9, 10, 11, 12, 13, 14, 15];

/// Returns the error for a reference beyond the window. zlib-rs does not tell it from other errors.
fn out_of_window(window_bits: u8) -> ProtocolError {
    if window_bits < MAX_BITS {
        ProtocolError::OutOfWindow(1 << window_bits)
    } else {
        ProtocolError::BadDeflate
    }
}

#[test]
fn the_window_is_the_one_that_was_agreed_on() {
    for window_bits in WINDOWS {
        let window = 1_u32 << window_bits;
        let far: Vec<u8> = (b'a'..=b'y').cycle().take(window as usize + 600).collect();
        let referring = |distance| {
            Bits::default().block(false).literals(&far).refer_back(distance).end_of_block().message()
        };
        for no_context_takeover in [false, true] {
            let new = || inflater(window_bits, no_context_takeover);
            for distance in [1, 4, 5, 256, 257, window - 258, window - 1, window] {
                let start = far.len() - distance as usize;
                let expected: Vec<u8> =
                    far.iter().chain(far[start..].iter().cycle().take(3)).copied().collect();
                // Inflates in one call, with room for all of the output.
                assert_eq!(inflate(&mut new(), [&referring(distance)[..]]), Ok(expected), "{distance}");
            }
            if window_bits == MAX_BITS {
                continue;
            }
            for distance in [window + 1, window + 2, window + 255, window + 600] {
                let message = referring(distance);
                let beyond = Err(out_of_window(window_bits));
                assert_eq!(inflate(&mut new(), [&message[..]]), beyond, "{distance}");
                assert_eq!(inflate(&mut new(), message.chunks(1)), beyond, "{distance}");
            }
        }
    }
}

#[test]
fn the_window_holds_the_output_of_earlier_messages() {
    for window_bits in WINDOWS {
        let window = 1_u32 << window_bits;
        let refer = |distance| Bits::default().block(false).refer_back(distance).end_of_block().message();
        for len in [1, 255, window - 1, window, window + 1, 3 * window + 7] {
            let plain: Vec<u8> = (0..len).map(|at| (at % 251) as u8).collect();
            let message = Bits::default().block(false).literals(&plain).end_of_block().message();
            let reach = len.min(window);
            let mut kept = inflater(window_bits, false);
            assert_eq!(inflate(&mut kept, [&message[..]]).as_ref(), Ok(&plain));
            let from = (len - reach) as usize;
            let expected: Vec<u8> = plain[from..].iter().cycle().take(3).copied().collect();
            assert_eq!(inflate(&mut kept, [&refer(reach)[..]]), Ok(expected), "{window_bits}: {len}");
            // The message has added three bytes.
            let reach = (len + 3).min(window);
            let beyond = reach + 1;
            if beyond <= 1 << MAX_BITS {
                let refused = Err(out_of_window(window_bits));
                assert_eq!(inflate(&mut kept, [&refer(beyond)[..]]), refused, "{window_bits}: {len}");
            }

            let mut forgotten = inflater(window_bits, true);
            assert_eq!(inflate(&mut forgotten, [&message[..]]).as_ref(), Ok(&plain));
            let refused = Err(out_of_window(window_bits));
            assert_eq!(inflate(&mut forgotten, [&refer(1)[..]]), refused, "{window_bits}: {len}");
        }
    }
}

#[test]
fn a_window_begins_anew_behind_a_final_block() {
    for window_bits in WINDOWS {
        let mut bits = Bits::default();
        bits.block(true).literals(b"abc").end_of_block();
        let mut message = bits.bytes;
        message.extend(Bits::default().block(false).refer_back(1).end_of_block().message());
        let refused = Err(out_of_window(window_bits));
        assert_eq!(inflate(&mut inflater(window_bits, false), [&message[..]]), refused);
    }
}

#[test]
fn bad_data_is_another_error_than_a_distance_that_is_too_long() {
    for window_bits in WINDOWS {
        let mut bits = Bits::default();
        bits.block(false).literals(&[b'x'; 700]);
        // RFC 1951 section 3.2.6: the distance codes 30 and 31 do not occur.
        let message = bits.code(1, 7).code(30, 5).end_of_block().message();
        assert_eq!(
            inflate(&mut inflater(window_bits, false), [&message[..]]),
            Err(ProtocolError::BadDeflate),
            "{window_bits}"
        );
    }
}
