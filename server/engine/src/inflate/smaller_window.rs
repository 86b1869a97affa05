//! Inflating with miniz_oxide, which writes into a window of any size, and refuses each distance beyond it.

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
    inflate_budget::{INPUT_COST, InflateBudget},
    permessage_deflate::MAX_BITS,
};

/// Cost of the beginning of a block, in bytes of output. miniz_oxide makes the tables of the codes for each block, also of the
/// fixed codes.
const BLOCK_COST: usize = 4 * 1024;

thread_local! {
    /// A decoder for the next message.
    static SPARE: Cell<Option<Box<DecompressorOxide>>> = const { Cell::new(None) };
}

/// Decoder of one message.
pub(super) struct SmallerWindow {
    decoder: Box<DecompressorOxide>,
    /// The last bytes of output, as a ring buffer.
    window: Box<[u8]>,
    /// Index of the next byte in the window.
    next: usize,
    /// True if the window was filled once, so that each byte of it may be referred to.
    is_full: bool,
}

impl SmallerWindow {
    /// A decoder for a message with this context.
    pub(super) fn new(window_bits: u8, context: Context) -> Self {
        let (window, next, is_full) = context.into_window(1 << window_bits);
        Self { decoder: SPARE.take().unwrap_or_default(), window, next, is_full }
    }

    /// Ends a well-formed message. Returns the context of the next one.
    pub(super) fn into_context(mut self) -> Context {
        self.decoder.init();
        SPARE.set(Some(self.decoder));
        Context::from_window(self.window, self.next, self.is_full)
    }

    /// Returns the memory that it holds, in bytes.
    pub(super) fn held(&self) -> usize {
        size_of::<DecompressorOxide>() + self.window.len()
    }

    /// Begins a new stream behind the last block of another.
    fn restart(&mut self) {
        self.decoder.init();
        self.next = 0;
        self.is_full = false;
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
        while !budget.is_used_up() {
            let input = next_input(&compressed[taken..], budget);
            let before = DecompressorOxide::clone(&self.decoder);
            let (mut read_in_all, mut written_in_all) = (0, 0);
            // Inflates all of this input, so that `before` is the state to begin with if any step of it fails.
            loop {
                let (status, read, written) =
                    self.step(&input[read_in_all..], TINFL_FLAG_STOP_ON_BLOCK_BOUNDARY);
                sink(&self.window[self.next..self.next + written])?;
                self.next += written;
                read_in_all += read;
                written_in_all += written;
                let begins_block = matches!(status, TINFLStatus::BlockBoundary | TINFLStatus::Done);
                budget.spend(written + read * INPUT_COST + if begins_block { BLOCK_COST } else { 0 });
                match status {
                    TINFLStatus::NeedsMoreInput if taken + read_in_all == compressed.len() => {
                        return Ok(None);
                    }
                    TINFLStatus::NeedsMoreInput => break,
                    TINFLStatus::HasMoreOutput | TINFLStatus::BlockBoundary => {}
                    // The last block of a stream. A message may have several (RFC 7692 section 7.2.3.5).
                    TINFLStatus::Done => self.restart(),
                    _ if is_distance_error(before, input, written_in_all) => return Err(Stop::TooFarBack),
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

    /// Ends a message. True if it was well formed; if not, the decoder must not be used again.
    ///
    /// [`LargestWindow::finish`](super::LargestWindow::finish) has the reason for which this check is enough.
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

    /// Inflates up to the end of the input or of the window. Returns the status, and the numbers of bytes that were read and
    /// written.
    fn step(&mut self, compressed: &[u8], flags: u32) -> (TINFLStatus, usize, usize) {
        if self.next == self.window.len() {
            self.next = 0;
            self.is_full = true;
        }
        // Without wrapping, no distance may lead to before the first byte of the window.
        let wrapping = if self.is_full { 0 } else { TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF };
        let flags = flags | wrapping | TINFL_FLAG_HAS_MORE_INPUT;
        decompress(&mut self.decoder, compressed, &mut self.window, self.next, flags)
    }
}

/// True if inflating failed because of a distance, after `failed_after` bytes of output.
///
/// miniz_oxide does not tell the reason of a failure. So this inflates again from the state before it, with all distances
/// allowed. If that has more output, a distance was the reason. The content of the window does not matter: it has no effect on
/// what follows.
fn is_distance_error(mut decoder: DecompressorOxide, mut compressed: &[u8], failed_after: usize) -> bool {
    let mut window = vec![0; 1 << MAX_BITS];
    let (mut next, mut total) = (0, 0);
    while total <= failed_after {
        let (status, read, written) =
            decompress(&mut decoder, compressed, &mut window, next, TINFL_FLAG_HAS_MORE_INPUT);
        compressed = &compressed[read..];
        total += written;
        next = (next + written) % window.len();
        match status {
            TINFLStatus::HasMoreOutput => {}
            TINFLStatus::Done => decoder.init(),
            TINFLStatus::NeedsMoreInput => return true,
            _ => return total > failed_after,
        }
    }
    true
}
