//! Inflating with zlib-rs, whose window is always of 32 KiB.

use std::cell::RefCell;

use zlib_rs::{Inflate, InflateError, InflateFlush, Status};

use super::{Fault, Stop, TAIL};
use crate::engine::permessage_deflate::MAX_BITS;

/// The output of one step, in bytes. A bomb is noticed after as much.
const PIECE: usize = 32 * 1024;

/// A whole empty block without compression. The padding of its header is set (RFC 1951 section 3.2.4 has it ignored): so it
/// is an error to a decoder that is not at a byte's end between two blocks.
const EMPTY_BLOCK: [u8; 5] = [0xf8, 0x00, 0x00, 0xff, 0xff];

thread_local! {
    /// The place of the output: of no worth behind the call, so one a thread does.
    static PLAIN: RefCell<Box<[u8]>> = RefCell::new(vec![0; PIECE].into_boxed_slice());
}

pub(super) struct LargestWindow(Inflate);

impl LargestWindow {
    pub(super) fn new() -> Self {
        Self(Inflate::new(false, MAX_BITS))
    }

    pub(super) fn reset(&mut self) {
        self.0.reset(false);
    }

    /// Inflates all of the input; gives the output to `sink`.
    pub(super) fn push(
        &mut self,
        mut compressed: &[u8],
        sink: &mut impl FnMut(&[u8]) -> Result<(), Fault>,
    ) -> Result<(), Stop> {
        PLAIN.with_borrow_mut(|out| {
            loop {
                let (read, written, status) = self.step(compressed, out, InflateFlush::SyncFlush);
                compressed = &compressed[read..];
                sink(&out[..written])?;
                match status {
                    Ok(Status::StreamEnd) => self.reset(),
                    Ok(Status::Ok | Status::BufError) => {}
                    Err(_) => return Err(Stop::NotDeflate),
                }
                // A full piece of output may have more behind it.
                if compressed.is_empty() && written < out.len() {
                    return Ok(());
                }
            }
        })
    }

    /// Ends a message; says whether it was well formed. If not, the decoder is of no more use.
    ///
    /// zlib-rs does not tell the state that it is in, so its state is found out by what it does. At the end of a good message it
    /// waits for the two lengths of an empty block: it takes the tail, puts nothing out, and stops between two blocks, as it is
    /// asked to. In every other state it puts something out, fails, or does not stop behind the tail's last byte:
    ///
    /// - Within a block without compression or its lengths, a part of the tail is data, and is put out.
    /// - Within the data of another block, the next symbol puts something out, or ends the block. A symbol of 15 bits ends
    ///   within the two bytes of zeros, so the decoder stops too early. One that is not complete yet asks for more than the tail.
    /// - Between two blocks, the zeros are the header of a block whose lengths do not match, or end another one too early.
    /// - Within the code lengths of a block, it asks for more than the tail. An attacker can choose them so that they and the
    ///   block end in the tail's last byte. If bits of that byte are left, the empty block behind it makes an error of them. If
    ///   none are, this decoder and that of any peer are between two blocks, and agree on what follows.
    pub(super) fn finish(&mut self) -> bool {
        let mut nothing = [0];
        let mut tail = [0; TAIL.len() + 1];
        tail[..TAIL.len()].copy_from_slice(&TAIL);
        tail[TAIL.len()] = EMPTY_BLOCK[0];
        let (read, written, status) = self.step(&tail, &mut nothing, InflateFlush::Block);
        if (read, written, status) != (TAIL.len(), 0, Ok(Status::Ok)) {
            return false;
        }
        match self.step(&EMPTY_BLOCK, &mut nothing, InflateFlush::SyncFlush) {
            (_, 0, Ok(Status::Ok)) => true,
            // The block that the tail ended was the last one.
            (0, 0, Ok(Status::StreamEnd)) => {
                self.reset();
                true
            }
            _ => false,
        }
    }

    /// Inflates once; gives how much was read and written, in bytes.
    fn step(
        &mut self,
        compressed: &[u8],
        out: &mut [u8],
        flush: InflateFlush,
    ) -> (usize, usize, Result<Status, InflateError>) {
        let (read, written) = (self.0.total_in(), self.0.total_out());
        let status = self.0.decompress(compressed, out, flush);
        ((self.0.total_in() - read) as usize, (self.0.total_out() - written) as usize, status)
    }
}
