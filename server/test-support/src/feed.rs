//! The engine's echo of a stream that comes in pieces.

use ws_echo_engine::{Echo, End, InflateBudget, RESERVE, Tally, Validator, permessage_deflate::Agreement};
use ws_echo_shared::limits::Limits;

/// The most that the echo does at a time.
#[derive(Debug, Clone, Copy)]
pub struct Slices {
    /// Inflating stops behind so many bytes.
    pub inflated: usize,
    /// As many bytes of the backlog are processed at a time.
    pub resumed: usize,
}

impl Slices {
    /// No limit.
    pub const WHOLE: Self = Self::inflated(usize::MAX);

    /// Inflating stops behind so many bytes; all of the backlog is processed at a time.
    pub const fn inflated(bytes: usize) -> Self {
        Self { inflated: bytes, resumed: usize::MAX }
    }
}

/// The effect of a stream. It does not depend on the pieces that the stream came in, nor on slices.
#[derive(Debug, PartialEq, Eq)]
pub struct Fed {
    /// The bytes for the client, without the server's own Close frame.
    pub output: Vec<u8>,
    pub end: Option<End>,
    /// Nothing behind a protocol error: the count of its frame depends on the pieces.
    pub tally: Tally,
}

impl Fed {
    /// Checks that the validator comes to the same verdict on the stream, which was not compressed.
    ///
    /// # Panics
    /// If it does not.
    pub fn assert_validator_agrees(&self, limits: Limits, stream: &[u8]) {
        // The validator goes on behind a Close frame; the echo does not.
        if !matches!(self.end, Some(End::ClosedByPeer(_))) {
            let verdict = Validator::new(limits).validate(stream).err();
            assert_eq!(self.end, verdict.map(|violation| End::Failed(violation.error)));
        }
    }
}

/// An agreement on compression.
pub fn agreement(no_context_takeover: bool, window_bits: u8) -> Agreement {
    Agreement { response: String::new(), no_context_takeover, window_bits }
}

/// Feeds an echo with a stream in these pieces.
pub fn feed<'a>(mut echo: Echo, pieces: impl IntoIterator<Item = &'a [u8]>, slices: Slices) -> Fed {
    let mut is_enough = || true;
    let mut output = Vec::new();
    let mut buffer = Vec::new();
    for piece in pieces.into_iter().filter(|piece| !piece.is_empty()) {
        buffer.clear();
        // The echo may not rely on what was in its reserve.
        buffer.resize(RESERVE, 0xaa);
        buffer.extend_from_slice(piece);
        let room = buffer.len().min(RESERVE.saturating_add(slices.resumed));
        let budget = &mut InflateBudget::new(slices.inflated, &mut is_enough);
        let mut turn = echo.process(&mut buffer, piece.len(), budget);
        loop {
            output.extend(turn.head);
            output.extend_from_slice(&buffer[turn.range]);
            if !echo.has_backlog() {
                break;
            }
            let budget = &mut InflateBudget::new(slices.inflated, &mut is_enough);
            turn = echo.resume(&mut buffer[..room], budget);
        }
    }
    let end = echo.end();
    let tally = if matches!(end, Some(End::Failed(_))) { Tally::default() } else { echo.tally() };
    Fed { output, end, tally }
}
