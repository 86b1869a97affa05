//! Protocol errors of clients, and their close codes.

use ws_echo_shared::CloseCode;

/// A rule that a client's frames broke. Its text is the reason in the Close frame, so it stays within 123 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProtocolError {
    /// RFC 6455 section 5.2: RSV1, RSV2 and RSV3 are 0 unless a negotiated extension gives them a meaning. This engine has no
    /// extension that uses RSV2 or RSV3.
    #[error("RSV2 or RSV3 is set, and no negotiated extension uses it")]
    ReservedBits,
    /// RFC 6455 section 5.2, for RSV1, which permessage-deflate uses.
    #[error("RSV1 is set, and no extension was negotiated that uses it")]
    Rsv1NotNegotiated,
    /// RFC 7692 section 6: RSV1 is for data frames.
    #[error("RSV1 is set on a control frame; permessage-deflate compresses data frames only")]
    Rsv1OnControl,
    /// RFC 7692 section 6: RSV1 is on the first frame of a message and on no other.
    #[error(
        "RSV1 is set on a continuation frame; permessage-deflate sets it on the first frame of a message only"
    )]
    Rsv1OnContinuation,
    /// RFC 6455 section 5.2: opcodes 3 to 7 and 11 to 15 are reserved.
    #[error("opcode {0} is reserved")]
    ReservedOpcode(u8),
    /// RFC 6455 section 5.1: a client masks every frame.
    #[error("the frame is not masked; a client must mask every frame")]
    Unmasked,
    /// RFC 6455 section 5.5: a control frame is not fragmented.
    #[error("the control frame is fragmented: FIN is not set")]
    FragmentedControl,
    /// RFC 6455 section 5.5: a control frame's payload is at most 125 bytes long, so its length is in 7 bits. A longer form is an
    /// error whatever its value.
    #[error("the control frame's length is not in 7 bits; a control frame has at most 125 bytes")]
    LongControl,
    /// RFC 6455 section 5.2: the shortest form that holds the length is the only one allowed.
    #[error("the payload length is not in its shortest form")]
    LengthNotShortest,
    /// RFC 6455 section 5.2: the most significant bit of a length of 64 bits is 0.
    #[error("the payload length of 64 bits has its top bit set")]
    LengthTopBit,
    /// RFC 6455 section 5.4: a continuation frame continues a message.
    #[error("a continuation frame came without a message to continue")]
    NothingToContinue,
    /// RFC 6455 section 5.4: the fragments of one message are not mixed with those of another.
    #[error("a new message began before the fragmented one ended")]
    MessageNotFinished,
    /// RFC 6455 section 5.5.1: a Close frame's body is empty or begins with a code of two bytes.
    #[error("the Close frame has a body of one byte; a close code takes two")]
    ShortClose,
    /// RFC 6455 section 7.4: the codes that may be on the wire.
    #[error("close code {0} may not be sent in a Close frame")]
    BadCloseCode(u16),
    /// RFC 6455 section 8.1: texts are UTF-8.
    #[error("the text is not UTF-8")]
    NotUtf8,
    /// RFC 6455 section 5.5.1: the reason of a Close frame is UTF-8.
    #[error("the reason of the Close frame is not UTF-8")]
    ReasonNotUtf8,
    /// RFC 7692 section 7.2.2: a message with RSV1 is a sequence of DEFLATE blocks. Its context is the output before it, unless
    /// there is no context takeover, or a block was marked as the last one.
    #[error("the compressed message is not DEFLATE (RFC 1951), or refers back beyond its context")]
    BadDeflate,
    /// RFC 7692 section 7.2.1: a message ends with an empty stored block, less 00 00 ff ff.
    #[error(
        "the compressed message does not end with an empty stored block less 00 00 ff ff (RFC 7692, 7.2.1)"
    )]
    UnfinishedDeflate,
    /// RFC 7692 section 7.1.2: a reference stays within the window that was agreed on, in bytes.
    #[error(
        "the compressed message refers back beyond its context, or beyond the agreed window of {0} bytes"
    )]
    OutOfWindow(u16),
    /// RFC 6455 section 10.4: a limit of this server, in bytes.
    #[error("the message is longer than {0} bytes, the limit of this server")]
    MessageTooBig(u64),
    /// RFC 6455 section 10.4: a limit of this server, in bytes on the wire.
    #[error("the compressed message has more than {0} bytes of payload, the limit of this server")]
    CompressedTooBig(u64),
    /// RFC 6455 section 10.4: a limit of this server.
    #[error("the message has more than {0} frames, the limit of this server")]
    TooManyFrames(u32),
}

impl ProtocolError {
    /// Returns a short name that never changes: a label for metrics.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::ReservedBits | Self::Rsv1NotNegotiated | Self::Rsv1OnControl | Self::Rsv1OnContinuation => {
                "reserved_bits"
            }
            Self::ReservedOpcode(_) => "reserved_opcode",
            Self::Unmasked => "unmasked",
            Self::FragmentedControl => "fragmented_control",
            Self::LongControl => "long_control",
            Self::LengthNotShortest | Self::LengthTopBit => "bad_length",
            Self::NothingToContinue => "nothing_to_continue",
            Self::MessageNotFinished => "message_not_finished",
            Self::ShortClose => "short_close",
            Self::BadCloseCode(_) => "bad_close_code",
            Self::NotUtf8 => "not_utf8",
            Self::ReasonNotUtf8 => "reason_not_utf8",
            Self::BadDeflate | Self::UnfinishedDeflate | Self::OutOfWindow(_) => "bad_deflate",
            Self::MessageTooBig(_) | Self::CompressedTooBig(_) => "message_too_big",
            Self::TooManyFrames(_) => "too_many_frames",
        }
    }

    /// Returns the code that the connection is closed with (RFC 6455 section 7.4.1).
    pub const fn close_code(self) -> CloseCode {
        match self {
            Self::NotUtf8
            | Self::ReasonNotUtf8
            | Self::BadDeflate
            | Self::UnfinishedDeflate
            | Self::OutOfWindow(_) => CloseCode::INVALID_PAYLOAD,
            Self::MessageTooBig(_) | Self::CompressedTooBig(_) => CloseCode::MESSAGE_TOO_BIG,
            Self::TooManyFrames(_) => CloseCode::POLICY_VIOLATION,
            Self::ReservedBits
            | Self::Rsv1NotNegotiated
            | Self::Rsv1OnControl
            | Self::Rsv1OnContinuation
            | Self::ReservedOpcode(_)
            | Self::Unmasked
            | Self::FragmentedControl
            | Self::LongControl
            | Self::LengthNotShortest
            | Self::LengthTopBit
            | Self::NothingToContinue
            | Self::MessageNotFinished
            | Self::ShortClose
            | Self::BadCloseCode(_) => CloseCode::PROTOCOL_ERROR,
        }
    }
}

#[cfg(test)]
mod tests {
    use ws_echo_shared::limits;

    use super::*;

    #[test]
    fn every_text_fits_into_a_close_frame() {
        for error in [
            ProtocolError::ReservedBits,
            ProtocolError::Rsv1NotNegotiated,
            ProtocolError::Rsv1OnControl,
            ProtocolError::Rsv1OnContinuation,
            ProtocolError::ReservedOpcode(15),
            ProtocolError::LongControl,
            ProtocolError::BadCloseCode(u16::MAX),
            ProtocolError::UnfinishedDeflate,
            ProtocolError::BadDeflate,
            ProtocolError::OutOfWindow(u16::MAX),
            ProtocolError::MessageTooBig(u64::MAX),
            ProtocolError::CompressedTooBig(u64::MAX),
            ProtocolError::TooManyFrames(u32::MAX),
        ] {
            assert!(error.to_string().len() <= limits::CLOSE_REASON, "{error}");
        }
    }
}
