//! Tests of both decoders: with tables, with messages that are written bit by bit, and with random ones and an oracle.

mod bits;
mod endings;
mod oracle;
mod windows;

use bits::Bits;
use ws_echo_test_support::compress::compress;

use super::*;

const LIMIT: u64 = 1 << 20;

fn inflater(window_bits: u8, no_context_takeover: bool) -> Inflater {
    Inflater::new(&Agreement { response: String::new(), no_context_takeover, window_bits })
}

/// Inflates a message in pieces.
fn inflate<'a>(
    inflater: &mut Inflater,
    pieces: impl IntoIterator<Item = &'a [u8]>,
) -> Result<Vec<u8>, ProtocolError> {
    inflate_in_slices(inflater, pieces, usize::MAX)
}

/// Inflates a message in pieces, and stops behind each slice of this length.
fn inflate_in_slices<'a>(
    inflater: &mut Inflater,
    pieces: impl IntoIterator<Item = &'a [u8]>,
    slice: usize,
) -> Result<Vec<u8>, ProtocolError> {
    let mut out = Vec::new();
    for mut piece in pieces {
        while let Some(taken) =
            inflater.push(piece, LIMIT, &mut InflateBudget::new(slice, &mut || true), &mut |plain| {
                out.extend(plain);
                Ok(())
            })?
        {
            piece = &piece[taken..];
        }
    }
    let len = inflater.finish()?;
    assert_eq!(len, out.len() as u64);
    Ok(out)
}
