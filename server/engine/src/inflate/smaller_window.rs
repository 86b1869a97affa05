//! Inflating with miniz_oxide, which writes into a window of any size, and refuses each distance that is longer.

use std::cell::Cell;

use miniz_oxide::inflate::{
    TINFLStatus,
    core::{
        DecompressorOxide, decompress,
        inflate_flags::{
            TINFL_FLAG_HAS_MORE_INPUT, TINFL_FLAG_STOP_ON_BLOCK_BOUNDARY,
            TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF,
        },
    },
};

use super::{
    context::Context,
    decoding::{Stop, TAIL, next_input},
};
use crate::{
    ProtocolError,
    inflate_budget::{INPUT, InflateBudget},
    permessage_deflate::MAX_BITS,
};

/// The work that the beginning of a block may be, in bytes of output: here even the fixed codes are made anew for each block.
const BLOCK: usize = 4 * 1024;

thread_local! {
    /// A decoder that no message needs now.
    static SPARE: Cell<Option<Box<DecompressorOxide>>> = const { Cell::new(None) };
}

/// The decoder of one message.
pub(super) struct SmallerWindow {
    decoder: Box<DecompressorOxide>,
    /// The last bytes of output, as a ring.
    window: Box<[u8]>,
    /// The place of the next byte in the window.
    next: usize,
    /// True if the window was full once, so that each byte of it may be referred to.
    is_full: bool,
}

impl SmallerWindow {
    /// A decoder for a message that may refer back to this.
    pub(super) fn new(window_bits: u8, context: Context) -> Self {
        let (window, next, is_full) = context.into_window(1 << window_bits);
        Self { decoder: SPARE.take().unwrap_or_default(), window, next, is_full }
    }

    /// Ends a good message; gives what the next one may refer back to.
    pub(super) fn into_context(mut self) -> Context {
        self.decoder.init();
        SPARE.set(Some(self.decoder));
        Context::from_window(self.window, self.next, self.is_full)
    }

    /// Gives the memory that it takes, in bytes.
    pub(super) fn held(&self) -> usize {
        size_of::<DecompressorOxide>() + self.window.len()
    }

    /// Begins anew behind the last block of a stream.
    fn restart(&mut self) {
        self.decoder.init();
        self.next = 0;
        self.is_full = false;
    }

    /// Inflates the input; gives the output to `sink`. Says how much of the input was taken if there is more to do, in input or in output.
    pub(super) fn push(
        &mut self,
        compressed: &[u8],
        budget: &mut InflateBudget<'_>,
        sink: &mut impl FnMut(&[u8]) -> Result<(), ProtocolError>,
    ) -> Result<Option<usize>, Stop> {
        let mut taken = 0;
        while !budget.is_used_up() {
            let input = next_input(&compressed[taken..], budget);
            let before = DecompressorOxide::clone(&self.decoder);
            let (mut read_in_all, mut written_in_all) = (0, 0);
            // To the end of this input, so that one look back is enough for it.
            loop {
                let (status, read, written) =
                    self.step(&input[read_in_all..], TINFL_FLAG_STOP_ON_BLOCK_BOUNDARY);
                sink(&self.window[self.next..self.next + written])?;
                self.next += written;
                read_in_all += read;
                written_in_all += written;
                let begins_block = matches!(status, TINFLStatus::BlockBoundary | TINFLStatus::Done);
                budget.spend(written + read * INPUT + if begins_block { BLOCK } else { 0 });
                match status {
                    TINFLStatus::NeedsMoreInput if taken + read_in_all == compressed.len() => {
                        return Ok(None);
                    }
                    TINFLStatus::NeedsMoreInput => break,
                    TINFLStatus::HasMoreOutput | TINFLStatus::BlockBoundary => {}
                    // The last block of a stream. A message may have several (RFC 7692 section 7.2.3.5).
                    TINFLStatus::Done => self.restart(),
                    _ if goes_further(before, input, written_in_all) => return Err(Stop::TooFarBack),
                    _ => return Err(Stop::NotDeflate),
                }
                if budget.is_used_up() {
                    break;
                }
            }
            taken += read_in_all;
        }
        Ok(Some(taken))
    }

    /// Ends a message; says whether it was well formed. If not, the decoder is of no more use.
    ///
    /// See [`LargestWindow::finish`](super::LargestWindow::finish) for the reason that this is enough.
    pub(super) fn finish(&mut self) -> bool {
        match self.step(&TAIL, TINFL_FLAG_STOP_ON_BLOCK_BOUNDARY) {
            (TINFLStatus::BlockBoundary, 4, 0) => {
                self.decoder.block_boundary_state().is_some_and(|state| state.num_bits == 0)
            }
            // The block that the tail ended was the last one.
            (TINFLStatus::Done, 4, 0) => {
                self.restart();
                true
            }
            _ => false,
        }
    }

    /// Inflates to the end of the input or of the window.
    fn step(&mut self, compressed: &[u8], flags: u32) -> (TINFLStatus, usize, usize) {
        if self.next == self.window.len() {
            self.next = 0;
            self.is_full = true;
        }
        // Without wrapping, no distance may lead to before the window's first place.
        let wrapping = if self.is_full { 0 } else { TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF };
        let flags = flags | wrapping | TINFL_FLAG_HAS_MORE_INPUT;
        decompress(&mut self.decoder, compressed, &mut self.window, self.next, flags)
    }
}

/// Inflates again, from before the failure, with every distance allowed, for miniz_oxide does not tell why it fails. Says whether there is
/// more output than the `failed` bytes then. The bytes that are referred to do not change what follows, so any do.
fn goes_further(mut decoder: DecompressorOxide, mut compressed: &[u8], failed: usize) -> bool {
    let mut any = vec![0; 1 << MAX_BITS];
    let (mut next, mut total) = (0, 0);
    while total <= failed {
        let (status, read, written) =
            decompress(&mut decoder, compressed, &mut any, next, TINFL_FLAG_HAS_MORE_INPUT);
        compressed = &compressed[read..];
        total += written;
        next = (next + written) % any.len();
        match status {
            TINFLStatus::HasMoreOutput => {}
            TINFLStatus::Done => decoder.init(),
            TINFLStatus::NeedsMoreInput => return true,
            _ => return total > failed,
        }
    }
    true
}
