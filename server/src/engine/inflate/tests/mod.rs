//! Both decoders against tables, messages that were written by the bit, and an oracle of another make.

mod bits;
mod endings;
mod oracle;
mod windows;

use std::io::Write as _;

use bits::Bits;
use flate2::{Compression, write::DeflateEncoder};

use super::*;

const LIMIT: u64 = 1 << 20;

fn inflater(window_bits: u8, no_context_takeover: bool) -> Inflater {
    Inflater::new(&Agreement { response: String::new(), no_context_takeover, window_bits })
}

/// Inflates one message that comes in these pieces.
fn inflate<'a>(
    inflater: &mut Inflater,
    pieces: impl IntoIterator<Item = &'a [u8]>,
) -> Result<Vec<u8>, Fault> {
    let mut out = Vec::new();
    for piece in pieces {
        inflater.push(piece, LIMIT, &mut |plain| {
            out.extend(plain);
            Ok(())
        })?;
    }
    inflater.finish().map(|()| out)
}

/// Compresses, and ends as a sender does.
fn compress(plain: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(plain).unwrap();
    encoder.flush().unwrap();
    encoder.get_ref().strip_suffix(&TAIL).unwrap().to_vec()
}
