//! Checks compressed messages by inflating them (RFC 7692 section 7.2.2). The output is checked and thrown away.
//!
//! A message is well formed if its payload, with the four bytes that the sender left out, is a sequence of whole DEFLATE blocks,
//! and those four bytes are the end of an empty stored block (section 7.2.1). Any block may be marked as the last one. The block
//! behind it begins with an empty window, as in zlib (section 7.2.3.4).

mod context;
mod decoding;
mod largest_window;
mod smaller_window;

use std::fmt;

use context::Context;
use decoding::Stop;
use largest_window::LargestWindow;
use smaller_window::SmallerWindow;

use super::{
    ProtocolError,
    inflate_budget::InflateBudget,
    permessage_deflate::{Agreement, MAX_BITS},
};

/// The decompressor of one connection.
pub(super) struct Inflater {
    state: State,
    /// Size of the window, which is the largest distance of a reference, as an exponent of 2.
    window_bits: u8,
    /// True if each message begins with an empty window.
    no_context_takeover: bool,
    /// Length of the message as far as it was inflated.
    bytes: u64,
}

enum State {
    /// No message is being inflated.
    Waiting(Context),
    /// zlib-rs inflates a message. It is the faster decoder, and always has the largest window.
    Largest(LargestWindow),
    /// miniz_oxide inflates a message, with a smaller window.
    Smaller(SmallerWindow),
}

impl fmt::Debug for Inflater {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { window_bits, bytes, .. } = self;
        f.debug_struct("Inflater")
            .field("window_bits", window_bits)
            .field("bytes", bytes)
            .finish_non_exhaustive()
    }
}

impl Inflater {
    pub(super) fn new(agreement: &Agreement) -> Self {
        let Agreement { window_bits, no_context_takeover, .. } = *agreement;
        Self { state: State::Waiting(Context::default()), window_bits, no_context_takeover, bytes: 0 }
    }

    /// True if the decoder is the slower one.
    pub(super) const fn is_slow(&self) -> bool {
        self.window_bits < MAX_BITS
    }

    /// Returns the memory that it holds, in bytes: for an incomplete message, and for the context of the next one.
    pub(super) fn held(&self) -> usize {
        match &self.state {
            State::Waiting(context) => context.held(),
            State::Largest(decoder) => decoder.held(),
            State::Smaller(decoder) => decoder.held(),
        }
    }

    /// Releases all memory. Nothing is inflated any more.
    pub(super) fn forget(&mut self) {
        self.state = State::Waiting(Context::default());
    }

    /// Inflates the next bytes of a message. The output goes to `plain`, in pieces.
    ///
    /// Returns the number of bytes that were taken if the budget is used up before all is done. Then the rest has to be passed
    /// again, also if it is empty.
    pub(super) fn push(
        &mut self,
        compressed: &[u8],
        limit: u64,
        budget: &mut InflateBudget<'_>,
        plain: &mut impl FnMut(&[u8]) -> Result<(), ProtocolError>,
    ) -> Result<Option<usize>, ProtocolError> {
        if budget.is_used_up() {
            return Ok(Some(0));
        }
        self.begin();
        let bytes = &mut self.bytes;
        // Output up to the limit is checked first. Otherwise the error would depend on how the message was split.
        let mut count = |piece: &[u8]| {
            let allowed = (limit - *bytes).min(piece.len() as u64) as usize;
            plain(&piece[..allowed])?;
            *bytes += allowed as u64;
            if allowed < piece.len() { Err(ProtocolError::MessageTooBig(limit)) } else { Ok(()) }
        };
        let pushed = match &mut self.state {
            State::Waiting(_) => Ok(None),
            State::Largest(decoder) => decoder.push(compressed, budget, &mut count),
            State::Smaller(decoder) => decoder.push(compressed, budget, &mut count),
        };
        pushed.map_err(|stop| match stop {
            Stop::Refused(error) => error,
            Stop::NotDeflate => ProtocolError::BadDeflate,
            Stop::TooFarBack => ProtocolError::OutOfWindow(1 << self.window_bits),
        })
    }

    /// Takes a decoder, unless a message is being inflated.
    fn begin(&mut self) {
        let State::Waiting(context) = &mut self.state else { return };
        let context = std::mem::take(context);
        self.state = if self.is_slow() {
            State::Smaller(SmallerWindow::new(self.window_bits, context))
        } else {
            State::Largest(LargestWindow::new((!self.no_context_takeover).then_some(context)))
        };
    }

    /// Ends the message, and returns its inflated length in bytes. Keeps the part of its output that the next one may refer back to.
    pub(super) fn finish(&mut self) -> Result<u64, ProtocolError> {
        let is_well_formed = match &mut self.state {
            State::Waiting(_) => false,
            State::Largest(decoder) => decoder.finish(),
            State::Smaller(decoder) => decoder.finish(),
        };
        if !is_well_formed {
            return Err(ProtocolError::UnfinishedDeflate);
        }
        let bytes = std::mem::take(&mut self.bytes);
        let context = match std::mem::replace(&mut self.state, State::Waiting(Context::default())) {
            State::Waiting(_) => None,
            State::Largest(decoder) => decoder.into_context(),
            State::Smaller(decoder) => Some(decoder.into_context()),
        };
        if let Some(context) = context.filter(|_| !self.no_context_takeover) {
            self.state = State::Waiting(context);
        }
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests;
