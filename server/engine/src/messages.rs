//! The frames of a message (RFC 6455 section 5.4), and the limits on messages.

use ws_echo_shared::limits::Limits;

use super::{
    ProtocolError,
    header::{Header, Opcode},
};

/// The rules for the frame that may come next.
#[derive(Debug)]
pub(super) struct Messages {
    limits: Limits,
    /// The message that has begun and whose last fragment has not come.
    open: Option<Message>,
}

/// A message, up to one of its frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Message {
    pub(super) is_text: bool,
    pub(super) is_compressed: bool,
    /// Payload of its frames, in bytes.
    bytes: u64,
    frames: u32,
}

impl Messages {
    pub(super) const fn new(limits: Limits) -> Self {
        Self { limits, open: None }
    }

    pub(super) const fn limits(&self) -> Limits {
        self.limits
    }

    /// True if a message has begun, and its last fragment has not come.
    pub(super) const fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Returns the limit on a message of one frame that comes next, in bytes. None if no such message may come next.
    pub(super) const fn limit_of_one_frame(&self) -> Option<u64> {
        if self.open.is_some() || self.limits.frames_per_message == 0 {
            return None;
        }
        Some(self.limits.message_bytes)
    }

    /// Returns the message of a frame, up to that frame; none for a control frame. Changes nothing.
    ///
    /// # Errors
    /// The frame may not come next, or its message is over a limit.
    pub(super) fn place(&self, header: Header) -> Result<Option<Message>, ProtocolError> {
        let begun = match (header.opcode, self.open) {
            (Opcode::Close | Opcode::Ping | Opcode::Pong, _) => return Ok(None),
            (Opcode::Continuation, None) => return Err(ProtocolError::NothingToContinue),
            // RFC 7692 section 6: the bit is on the first frame of a message and on no other.
            (Opcode::Continuation, Some(_)) if header.rsv1 => return Err(ProtocolError::Rsv1OnContinuation),
            (Opcode::Continuation, Some(message)) => message,
            (Opcode::Text | Opcode::Binary, Some(_)) => return Err(ProtocolError::MessageNotFinished),
            (Opcode::Text | Opcode::Binary, None) => Message {
                is_text: header.opcode == Opcode::Text,
                is_compressed: header.rsv1,
                bytes: 0,
                frames: 0,
            },
        };
        let message = Message {
            bytes: begun.bytes.saturating_add(header.payload_len),
            frames: begun.frames.saturating_add(1),
            ..begun
        };
        let limit = self.limits.message_bytes;
        if message.is_compressed {
            let limit = compressed_limit(limit);
            if message.bytes > limit {
                return Err(ProtocolError::CompressedTooBig(limit));
            }
        } else if message.bytes > limit {
            return Err(ProtocolError::MessageTooBig(limit));
        }
        if message.frames > self.limits.frames_per_message {
            return Err(ProtocolError::TooManyFrames(self.limits.frames_per_message));
        }
        Ok(Some(message))
    }

    /// Adds a data frame, with the message that [`place`](Self::place) returned for it.
    pub(super) fn add(&mut self, header: Header, message: Message) {
        self.open = if header.fin { None } else { Some(message) };
    }
}

/// Returns the limit on the payload of a compressed message, in bytes.
///
/// `limit` is the limit on the inflated message. Data that cannot be compressed grows: by an eighth with the fixed codes of RFC
/// 1951 section 3.2.6, the longest form that an encoder has a reason for, and by the end of a flush.
const fn compressed_limit(limit: u64) -> u64 {
    const FLUSH: u64 = 16;
    limit.saturating_add(limit / 8).saturating_add(FLUSH)
}
