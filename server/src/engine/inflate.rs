//! Checks compressed messages by inflating them (RFC 7692 section 7.2.2). What comes out is looked at and thrown away.

use std::{cell::RefCell, fmt};

use flate2::{Decompress, FlushDecompress, Status};

use super::{Fault, permessage_deflate::Agreement};

/// What a sender leaves out at the end of each message (RFC 7692 section 7.2.1).
const TAIL: [u8; 4] = [0x00, 0x00, 0xff, 0xff];

/// How much comes out at a time, in bytes. A bomb is noticed after as much.
const PIECE: usize = 32 * 1024;

thread_local! {
    /// Where it comes out to: of no worth behind the call, so one a thread does.
    static PLAIN: RefCell<Box<[u8]>> = RefCell::new(vec![0; PIECE].into_boxed_slice());
}

/// The decompressor of one connection.
pub(super) struct Inflater {
    inner: Decompress,
    /// Whether each message begins with an empty window.
    no_context_takeover: bool,
    /// How much came out for the message so far.
    bytes: u64,
}

impl fmt::Debug for Inflater {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inflater").field("bytes", &self.bytes).finish_non_exhaustive()
    }
}

impl Inflater {
    pub(super) fn new(agreement: &Agreement) -> Self {
        // The largest window takes what was made with any smaller one.
        Self { inner: Decompress::new(false), no_context_takeover: agreement.no_context_takeover, bytes: 0 }
    }

    /// Takes the next bytes of a message; what they inflate to goes to `plain`, in pieces.
    pub(super) fn push(
        &mut self,
        compressed: &[u8],
        limit: u64,
        plain: &mut impl FnMut(&[u8]) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        PLAIN.with_borrow_mut(|out| self.inflate(compressed, limit, out, plain))
    }

    /// Ends the message.
    pub(super) fn finish(
        &mut self,
        limit: u64,
        plain: &mut impl FnMut(&[u8]) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        self.push(&TAIL, limit, plain)?;
        self.bytes = 0;
        if self.no_context_takeover {
            self.inner.reset(false);
        }
        Ok(())
    }

    fn inflate(
        &mut self,
        mut compressed: &[u8],
        limit: u64,
        out: &mut [u8],
        plain: &mut impl FnMut(&[u8]) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        loop {
            let (read, written) = (self.inner.total_in(), self.inner.total_out());
            let status = self.inner.decompress(compressed, out, FlushDecompress::Sync);
            compressed = &compressed[(self.inner.total_in() - read) as usize..];
            let written = (self.inner.total_out() - written) as usize;
            // What came out before an error or the limit comes first, or the verdict would depend on how the message was split.
            let within = (limit - self.bytes).min(written as u64) as usize;
            plain(&out[..within])?;
            if within < written {
                return Err(Fault::MessageTooBig(limit));
            }
            self.bytes += written as u64;
            let status = status.map_err(|_| Fault::BadDeflate)?;
            // A block may say that it is the last one; the message may go on all the same (RFC 7692 section 7.2.3.5).
            if status == Status::StreamEnd {
                self.inner.reset(false);
            }
            // A full piece of output may have more behind it.
            if compressed.is_empty() && written < out.len() {
                return Ok(());
            }
        }
    }
}
