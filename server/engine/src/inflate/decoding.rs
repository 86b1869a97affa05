//! Items that both decoders use.

use crate::{
    ProtocolError,
    inflate_budget::{INPUT_COST, InflateBudget},
};

/// Bytes that a sender leaves out at the end of each message (RFC 7692 section 7.2.1): the two lengths of an empty stored block
/// (RFC 1951 section 3.2.4).
pub(super) const TAIL: [u8; 4] = [0x00, 0x00, 0xff, 0xff];

/// Reasons for which inflating ends before the end of the input.
pub(super) enum Stop {
    /// The output breaks a rule.
    Refused(ProtocolError),
    /// The input is not DEFLATE (RFC 1951). With the largest window, also: a distance leads to before the first byte.
    NotDeflate,
    /// A distance leads out of the smaller window, or to before the first byte.
    TooFarBack,
}

impl From<ProtocolError> for Stop {
    fn from(error: ProtocolError) -> Self {
        Self::Refused(error)
    }
}

/// Returns the part of the input that one step may take.
pub(super) fn next_input<'a>(rest: &'a [u8], budget: &InflateBudget<'_>) -> &'a [u8] {
    &rest[..rest.len().min((budget.left() / INPUT_COST).max(1))]
}
