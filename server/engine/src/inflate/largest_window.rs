//! Inflating with zlib-rs, whose window is always of 32 KiB.

use std::cell::{Cell, RefCell};

use zlib_rs::{Inflate, InflateError, InflateFlush, Status};

use super::{
    context::Context,
    decoding::{Stop, TAIL, next_input},
};
use crate::{
    ProtocolError,
    inflate_budget::{INPUT, InflateBudget},
    permessage_deflate::MAX_BITS,
};

/// The size of the window, and the most output of one step, in bytes. A bomb is noticed after as much.
const PIECE: usize = 1 << MAX_BITS;

/// Memory that zlib-rs allocates for one decoder and its window, in bytes.
const MEMORY: usize = 47_552;

/// A whole empty block without compression. The padding of its header is set (RFC 1951 section 3.2.4 has it ignored): so it
/// is an error to a decoder that is not at a byte's end between two blocks.
const EMPTY_BLOCK: [u8; 5] = [0xf8, 0x00, 0x00, 0xff, 0xff];

thread_local! {
    /// The place of the output: of no worth behind the call, so one a thread does.
    static PLAIN: RefCell<Box<[u8]>> = RefCell::new(vec![0; PIECE].into_boxed_slice());
}

thread_local! {
    /// A decoder that no message needs now: to make one takes longer than a small message.
    static SPARE: Cell<Option<Inflate>> = const { Cell::new(None) };
}

/// The decoder of one message.
pub(super) struct LargestWindow {
    inflate: Inflate,
    /// The same bytes as in the decoder's own window, which zlib-rs does not give out; none if no message refers to another.
    context: Option<Context>,
}

impl LargestWindow {
    /// A decoder for a message that may refer back to this.
    pub(super) fn new(context: Option<Context>) -> Self {
        let mut inflate = SPARE.take().unwrap_or_else(|| Inflate::new(false, MAX_BITS));
        for part in context.iter().flat_map(Context::parts).filter(|part| !part.is_empty()) {
            // Fails only where a stream has a header, and this one has none.
            let _ = inflate.set_dictionary(part);
        }
        Self { inflate, context }
    }

    /// Ends a good message; gives what the next one may refer back to.
    pub(super) fn into_context(mut self) -> Option<Context> {
        self.inflate.reset(false);
        SPARE.set(Some(self.inflate));
        self.context
    }

    /// Gives the memory that it takes, in bytes.
    pub(super) fn held(&self) -> usize {
        MEMORY + self.context.as_ref().map_or(0, Context::held)
    }

    /// Begins anew behind the last block of a stream.
    fn restart(&mut self) {
        self.inflate.reset(false);
        if let Some(context) = &mut self.context {
            context.clear();
        }
    }

    /// Inflates the input; gives the output to `sink`. Says how much of the input was taken if there is more to do, in input or in output.
    pub(super) fn push(
        &mut self,
        compressed: &[u8],
        budget: &mut InflateBudget<'_>,
        sink: &mut impl FnMut(&[u8]) -> Result<(), ProtocolError>,
    ) -> Result<Option<usize>, Stop> {
        let mut taken = 0;
        PLAIN.with_borrow_mut(|out| {
            while !budget.is_used_up() {
                let input = next_input(&compressed[taken..], budget);
                let out = &mut out[..budget.left().min(PIECE)];
                let (read, written, status) = self.step(input, out, InflateFlush::SyncFlush);
                taken += read;
                sink(&out[..written])?;
                if let Some(context) = &mut self.context {
                    context.extend(&out[..written], PIECE);
                }
                match status {
                    Ok(Status::StreamEnd) => self.restart(),
                    Ok(Status::Ok | Status::BufError) => {}
                    Err(_) => return Err(Stop::NotDeflate),
                }
                budget.spend(written + read * INPUT);
                // A full piece of output may have more behind it.
                if taken == compressed.len() && written < out.len() {
                    return Ok(None);
                }
            }
            Ok(Some(taken))
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
                self.restart();
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
        let (read, written) = (self.inflate.total_in(), self.inflate.total_out());
        let status = self.inflate.decompress(compressed, out, flush);
        ((self.inflate.total_in() - read) as usize, (self.inflate.total_out() - written) as usize, status)
    }
}
