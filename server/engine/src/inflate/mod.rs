//! Checks compressed messages by inflating them (RFC 7692 section 7.2.2). The output is looked at and thrown away.
//!
//! A message is well formed if the payload and the four bytes that its sender left out are whole DEFLATE blocks, and those four
//! bytes are the end of an empty block without compression (section 7.2.1). Each block may say that it is the last one; what
//! follows it begins with an empty window, as it does in zlib (section 7.2.3.4).

mod context;
mod largest_window;
mod smaller_window;

use std::fmt;

use context::Context;
use largest_window::LargestWindow;
use smaller_window::SmallerWindow;

use super::{
    Fault,
    inflate_budget::{INPUT, Pace},
    permessage_deflate::{Agreement, MAX_BITS},
};

/// The bytes that a sender leaves out at the end of each message (RFC 7692 section 7.2.1): the two lengths of an empty block
/// without compression (RFC 1951 section 3.2.4).
const TAIL: [u8; 4] = [0x00, 0x00, 0xff, 0xff];

/// The decompressor of one connection.
pub(super) struct Inflater {
    state: State,
    /// The largest distance that may be referred back, as an exponent of 2.
    window_bits: u8,
    /// Whether each message begins with an empty window.
    no_context_takeover: bool,
    /// The length of the message as far as it was inflated.
    bytes: u64,
}

enum State {
    /// Between two messages.
    Waiting(Context),
    /// Two decoders, for zlib-rs is the faster one and always has the largest window.
    Largest(LargestWindow),
    Smaller(SmallerWindow),
}

/// An end of inflating before the end of the input.
enum Stop {
    /// The receiver of the output refused it.
    Refused(Fault),
    /// The input is not DEFLATE (RFC 1951); with the largest window also a distance that leads to before the first byte.
    NotDeflate,
    /// A distance leads out of the smaller window, or to before the first byte.
    TooFarBack,
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Refused(fault)
    }
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

    /// Gives the memory that it takes for a message that is not complete, and for what the next one may refer back to, in bytes.
    pub(super) fn held(&self) -> usize {
        match &self.state {
            State::Waiting(context) => context.held(),
            State::Largest(decoder) => decoder.held(),
            State::Smaller(decoder) => decoder.held(),
        }
    }

    /// Lets go of all that it holds, for nothing will be inflated any more.
    pub(super) fn forget(&mut self) {
        self.state = State::Waiting(Context::default());
    }

    /// Takes the next bytes of a message; what they inflate to goes to `plain`, in pieces. If `pace` stops it before all is done, it says how
    /// many bytes were taken; the others are given again, which may be none.
    pub(super) fn push(
        &mut self,
        compressed: &[u8],
        limit: u64,
        pace: &mut Pace<'_>,
        plain: &mut impl FnMut(&[u8]) -> Result<(), Fault>,
    ) -> Result<Option<usize>, Fault> {
        if pace.is_over() {
            return Ok(Some(0));
        }
        self.begin();
        let bytes = &mut self.bytes;
        // Output before an error or the limit comes first, or the verdict would depend on how the message was split.
        let mut count = |piece: &[u8]| {
            let within = (limit - *bytes).min(piece.len() as u64) as usize;
            plain(&piece[..within])?;
            *bytes += within as u64;
            if within < piece.len() { Err(Fault::MessageTooBig(limit)) } else { Ok(()) }
        };
        let pushed = match &mut self.state {
            State::Waiting(_) => Ok(None),
            State::Largest(decoder) => decoder.push(compressed, pace, &mut count),
            State::Smaller(decoder) => decoder.push(compressed, pace, &mut count),
        };
        pushed.map_err(|stop| match stop {
            Stop::Refused(fault) => fault,
            Stop::NotDeflate => Fault::BadDeflate,
            Stop::TooFarBack => Fault::OutOfWindow(1 << self.window_bits),
        })
    }

    /// Gives a message its decoder.
    fn begin(&mut self) {
        let State::Waiting(context) = &mut self.state else { return };
        let context = std::mem::take(context);
        self.state = if self.is_slow() {
            State::Smaller(SmallerWindow::new(self.window_bits, context))
        } else {
            State::Largest(LargestWindow::new((!self.no_context_takeover).then_some(context)))
        };
    }

    /// Ends the message, and keeps no more of it than the next one may refer back to.
    pub(super) fn finish(&mut self) -> Result<(), Fault> {
        let is_well_formed = match &mut self.state {
            State::Waiting(_) => false,
            State::Largest(decoder) => decoder.finish(),
            State::Smaller(decoder) => decoder.finish(),
        };
        if !is_well_formed {
            return Err(Fault::UnfinishedDeflate);
        }
        self.bytes = 0;
        let context = match std::mem::replace(&mut self.state, State::Waiting(Context::default())) {
            State::Waiting(_) => None,
            State::Largest(decoder) => decoder.into_context(),
            State::Smaller(decoder) => Some(decoder.into_context()),
        };
        if let Some(context) = context.filter(|_| !self.no_context_takeover) {
            self.state = State::Waiting(context);
        }
        Ok(())
    }
}

/// As much of the input as one step may take.
fn next_input<'a>(rest: &'a [u8], pace: &Pace<'_>) -> &'a [u8] {
    &rest[..rest.len().min((pace.left() / INPUT).max(1))]
}

#[cfg(test)]
mod tests;
