//! Checks compressed messages by inflating them (RFC 7692 section 7.2.2). The output is looked at and thrown away.
//!
//! A message is well formed if the payload and the four bytes that its sender left out are whole DEFLATE blocks, and those four
//! bytes are the end of an empty block without compression (section 7.2.1). Each block may say that it is the last one; what
//! follows it begins with an empty window, as it does in zlib (section 7.2.3.4).

mod largest_window;
mod smaller_window;

use std::{cell::Cell, fmt};

use largest_window::LargestWindow;
use smaller_window::SmallerWindow;

use super::{
    Fault,
    permessage_deflate::{Agreement, MAX_BITS},
};

/// The bytes that a sender leaves out at the end of each message (RFC 7692 section 7.2.1): the two lengths of an empty block
/// without compression (RFC 1951 section 3.2.4).
const TAIL: [u8; 4] = [0x00, 0x00, 0xff, 0xff];

/// The decompressor of one connection.
pub(super) struct Inflater {
    /// None until the first compressed message begins, and between messages where none refers to another.
    decoder: Option<Decoder>,
    /// The largest distance that may be referred back, as an exponent of 2.
    window_bits: u8,
    /// Whether each message begins with an empty window.
    no_context_takeover: bool,
    /// The length of the message as far as it was inflated.
    bytes: u64,
}

/// Two decoders, for zlib-rs is the faster one and always has the largest window.
enum Decoder {
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
        Self { decoder: None, window_bits, no_context_takeover, bytes: 0 }
    }

    /// True if the decoder is the slower one.
    pub(super) const fn is_slow(&self) -> bool {
        self.window_bits < MAX_BITS
    }

    /// Takes the next bytes of a message; what they inflate to goes to `plain`, in pieces.
    pub(super) fn push(
        &mut self,
        compressed: &[u8],
        limit: u64,
        plain: &mut impl FnMut(&[u8]) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let bytes = &mut self.bytes;
        // Output before an error or the limit comes first, or the verdict would depend on how the message was split.
        let mut count = |piece: &[u8]| {
            let within = (limit - *bytes).min(piece.len() as u64) as usize;
            plain(&piece[..within])?;
            *bytes += within as u64;
            if within < piece.len() { Err(Fault::MessageTooBig(limit)) } else { Ok(()) }
        };
        let decoder = self.decoder.get_or_insert_with(|| Decoder::new(self.window_bits));
        let pushed = match decoder {
            Decoder::Largest(decoder) => decoder.push(compressed, &mut count),
            Decoder::Smaller(decoder) => decoder.push(compressed, &mut count),
        };
        pushed.map_err(|stop| match stop {
            Stop::Refused(fault) => fault,
            Stop::NotDeflate => Fault::BadDeflate,
            Stop::TooFarBack => Fault::OutOfWindow(1 << self.window_bits),
        })
    }

    /// Ends the message.
    pub(super) fn finish(&mut self) -> Result<(), Fault> {
        let is_well_formed = match &mut self.decoder {
            Some(Decoder::Largest(decoder)) => decoder.finish(),
            Some(Decoder::Smaller(decoder)) => decoder.finish(),
            None => false,
        };
        if !is_well_formed {
            return Err(Fault::UnfinishedDeflate);
        }
        self.bytes = 0;
        if self.no_context_takeover
            && let Some(decoder) = self.decoder.take()
        {
            decoder.give_back();
        }
        Ok(())
    }
}

thread_local! {
    /// A decoder with the largest window that no connection needs now: to make one takes longer than a small message.
    static SPARE: Cell<Option<LargestWindow>> = const { Cell::new(None) };
}

impl Decoder {
    fn new(window_bits: u8) -> Self {
        if window_bits < MAX_BITS {
            Self::Smaller(SmallerWindow::new(window_bits))
        } else {
            Self::Largest(SPARE.take().unwrap_or_else(LargestWindow::new))
        }
    }

    /// Takes the decoder of a connection that has no more use for it.
    fn give_back(self) {
        if let Self::Largest(mut decoder) = self {
            decoder.reset();
            SPARE.set(Some(decoder));
        }
    }
}

#[cfg(test)]
mod tests;
