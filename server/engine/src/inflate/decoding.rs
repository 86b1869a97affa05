//! Items that both decoders share.

use crate::{
    ProtocolError,
    inflate_budget::{INPUT, InflateBudget},
};

/// The bytes that a sender leaves out at the end of each message (RFC 7692 section 7.2.1): the two lengths of an empty block
/// without compression (RFC 1951 section 3.2.4).
pub(super) const TAIL: [u8; 4] = [0x00, 0x00, 0xff, 0xff];

/// An end of inflating before the end of the input.
pub(super) enum Stop {
    /// The receiver of the output refused it.
    Refused(ProtocolError),
    /// The input is not DEFLATE (RFC 1951); with the largest window also a distance that leads to before the first byte.
    NotDeflate,
    /// A distance leads out of the smaller window, or to before the first byte.
    TooFarBack,
}

impl From<ProtocolError> for Stop {
    fn from(fault: ProtocolError) -> Self {
        Self::Refused(fault)
    }
}

/// As much of the input as one step may take.
pub(super) fn next_input<'a>(rest: &'a [u8], budget: &InflateBudget<'_>) -> &'a [u8] {
    &rest[..rest.len().min((budget.left() / INPUT).max(1))]
}
