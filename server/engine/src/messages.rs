//! How frames make messages (RFC 6455 section 5.4), and the limits that messages are held to.

use ws_echo_shared::limits::Limits;

use super::{
    ProtocolError,
    header::{Header, Opcode},
};

/// The message of which a fragment has come, but not the last one; and the rules for what may come next.
#[derive(Debug)]
pub(super) struct Messages {
    limits: Limits,
    open: Option<Message>,
}

/// What a data frame is a part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Message {
    pub(super) is_text: bool,
    pub(super) is_compressed: bool,
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

    /// Whether a fragment of a message has come, but not the last one.
    pub(super) const fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// How long a message of one frame may be that comes next, in bytes; none if there is no place for one.
    pub(super) const fn limit_of_one_frame(&self) -> Option<u64> {
        if self.open.is_some() || self.limits.frames_per_message == 0 {
            return None;
        }
        Some(self.limits.message_bytes)
    }

    /// Says which message a frame belongs to, or that there is no place for it; changes nothing. None for a control frame.
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
            let most = most_compressed(limit);
            if message.bytes > most {
                return Err(ProtocolError::CompressedTooBig(most));
            }
        } else if message.bytes > limit {
            return Err(ProtocolError::MessageTooBig(limit));
        }
        if message.frames > self.limits.frames_per_message {
            return Err(ProtocolError::TooManyFrames(self.limits.frames_per_message));
        }
        Ok(Some(message))
    }

    /// Takes a data frame into its message.
    pub(super) fn add(&mut self, header: Header, message: Message) {
        self.open = if header.fin { None } else { Some(message) };
    }
}

/// The most bytes of payload that the frames of a compressed message may have.
///
/// The limit is on what the client has to say, and data that cannot be compressed grows: by an eighth with the fixed codes of RFC
/// 1951 section 3.2.6, which is the most that an encoder has a reason for, and by the end of a flush.
const fn most_compressed(limit: u64) -> u64 {
    const FLUSH: u64 = 16;
    limit.saturating_add(limit / 8).saturating_add(FLUSH)
}
