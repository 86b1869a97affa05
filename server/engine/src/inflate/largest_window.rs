//! Inflating with zlib-rs, whose window always has 32 KiB.

use std::cell::{Cell, RefCell};

use zlib_rs::{Inflate, InflateError, InflateFlush, Status};

use super::{
    context::Context,
    decoding::{Stop, TAIL, next_input},
};
use crate::{
    ProtocolError,
    inflate_budget::{INPUT_COST, InflateBudget},
    permessage_deflate::MAX_BITS,
};

/// Size of the window, in bytes. Also the limit on the output of one step: a decompression bomb is noticed after that much.
const WINDOW: usize = 1 << MAX_BITS;

/// Memory that zlib-rs allocates for one decoder and its window, in bytes.
const MEMORY: usize = 47_552;

/// A whole empty stored block. The padding of its header is set, which a decoder at a byte boundary between two blocks ignores
/// (RFC 1951 section 3.2.4). In any other state a decoder fails.
const EMPTY_BLOCK: [u8; 5] = [0xf8, 0x00, 0x00, 0xff, 0xff];

thread_local! {
    /// Buffer for the output of a step. Its content is not needed after the step, so one per thread is enough.
    static OUTPUT: RefCell<Box<[u8]>> = RefCell::new(vec![0; WINDOW].into_boxed_slice());
}

thread_local! {
    /// A decoder for the next message. Making one takes longer than inflating a small message.
    static SPARE: Cell<Option<Inflate>> = const { Cell::new(None) };
}

/// Decoder of one message.
pub(super) struct LargestWindow {
    inflate: Inflate,
    /// A copy of the decoder's window, which zlib-rs does not give out. None if messages do not refer back to others.
    context: Option<Context>,
}

impl LargestWindow {
    /// A decoder for a message with this context.
    pub(super) fn new(context: Option<Context>) -> Self {
        let mut inflate = SPARE.take().unwrap_or_else(|| Inflate::new(false, MAX_BITS));
        for part in context.iter().flat_map(Context::parts).filter(|part| !part.is_empty()) {
            // Fails only for a stream with a header, which this one does not have.
            let _ = inflate.set_dictionary(part);
        }
        Self { inflate, context }
    }

    /// Ends a well-formed message. Returns the context of the next one.
    pub(super) fn into_context(mut self) -> Option<Context> {
        self.inflate.reset(false);
        SPARE.set(Some(self.inflate));
        self.context
    }

    /// Returns the memory that it holds, in bytes.
    pub(super) fn held(&self) -> usize {
        MEMORY + self.context.as_ref().map_or(0, Context::held)
    }

    /// Begins a new stream behind the last block of another.
    fn restart(&mut self) {
        self.inflate.reset(false);
        if let Some(context) = &mut self.context {
            context.clear();
        }
    }

    /// Inflates the input. The output goes to `sink`. Returns the number of bytes that were taken if the budget is used up before
    /// all is done.
    pub(super) fn push(
        &mut self,
        compressed: &[u8],
        budget: &mut InflateBudget<'_>,
        sink: &mut impl FnMut(&[u8]) -> Result<(), ProtocolError>,
    ) -> Result<Option<usize>, Stop> {
        let mut taken = 0;
        OUTPUT.with_borrow_mut(|out| {
            while !budget.is_used_up() {
                let input = next_input(&compressed[taken..], budget);
                let out = &mut out[..budget.left().min(WINDOW)];
                let (read, written, status) = self.step(input, out, InflateFlush::SyncFlush);
                taken += read;
                sink(&out[..written])?;
                if let Some(context) = &mut self.context {
                    context.extend(&out[..written], WINDOW);
                }
                match status {
                    Ok(Status::StreamEnd) => self.restart(),
                    Ok(Status::Ok | Status::BufError) => {}
                    Err(_) => return Err(Stop::NotDeflate),
                }
                budget.spend(written + read * INPUT_COST);
                // More output may follow if the buffer is full.
                if taken == compressed.len() && written < out.len() {
                    return Ok(None);
                }
            }
            Ok(Some(taken))
        })
    }

    /// Ends a message. True if it was well formed; if not, the decoder must not be used again.
    ///
    /// zlib-rs does not tell its state, so the state is found by passing it the tail. At the end of a well-formed message it
    /// waits for the two lengths of an empty stored block: it takes the tail, has no output, and stops between two blocks, as it
    /// is asked to. In every other state it has output, fails, or does not stop behind the tail's last byte:
    ///
    /// - Within a stored block or its lengths, a part of the tail is data, and becomes output.
    /// - Within the data of another block, the next symbol has output, or ends the block. A symbol of 15 bits ends within the two
    ///   bytes of zeros, so the decoder stops too early. An incomplete symbol needs more than the tail.
    /// - Between two blocks, the zeros are the header of a stored block whose lengths do not match, or end another block too
    ///   early.
    /// - Within the code lengths of a block, it needs more than the tail. An attacker can choose them so that they and the block
    ///   end in the tail's last byte. If bits of that byte are left, the empty block behind it makes an error of them. If none
    ///   are left, this decoder and that of any peer are between two blocks, and agree on the bytes that follow.
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
                self.restart();
                true
            }
            _ => false,
        }
    }

    /// Inflates once. Returns the numbers of bytes that were read and written, and the status.
    fn step(
        &mut self,
        compressed: &[u8],
        out: &mut [u8],
        flush: InflateFlush,
    ) -> (usize, usize, Result<Status, InflateError>) {
        let (read, written) = (self.inflate.total_in(), self.inflate.total_out());
        let status = self.inflate.decompress(compressed, out, flush);
        ((self.inflate.total_in() - read) as usize, (self.inflate.total_out() - written) as usize, status)
    }
}
