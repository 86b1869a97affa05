//! Inflating with miniz_oxide, which writes into a window of any size, and refuses each distance that is longer.

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

use super::{Fault, Stop, TAIL};
use crate::engine::permessage_deflate::MAX_BITS;

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
    pub(super) fn new(window_bits: u8) -> Self {
        Self {
            decoder: Box::default(),
            window: vec![0; 1 << window_bits].into_boxed_slice(),
            next: 0,
            is_full: false,
        }
    }

    pub(super) fn reset(&mut self) {
        self.decoder.init();
        self.next = 0;
        self.is_full = false;
    }

    /// Inflates all of the input; gives the output to `sink`.
    pub(super) fn push(
        &mut self,
        compressed: &[u8],
        sink: &mut impl FnMut(&[u8]) -> Result<(), Fault>,
    ) -> Result<(), Stop> {
        let before = DecompressorOxide::clone(&self.decoder);
        let (mut rest, mut total) = (compressed, 0);
        loop {
            let (status, read, written) = self.step(rest, 0);
            sink(&self.window[self.next..self.next + written])?;
            self.next += written;
            rest = &rest[read..];
            total += written;
            match status {
                TINFLStatus::NeedsMoreInput => return Ok(()),
                TINFLStatus::HasMoreOutput => {}
                // The last block of a stream. A message may have several (RFC 7692 section 7.2.3.5).
                TINFLStatus::Done => self.reset(),
                _ if goes_further(before, compressed, total) => return Err(Stop::TooFarBack),
                _ => return Err(Stop::NotDeflate),
            }
        }
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
                self.reset();
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
