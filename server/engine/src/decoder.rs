//! Whole messages and control frames out of the bytes of a client, for an endpoint that does more than echo.

use ws_echo_shared::{CloseCode, limits::Limits};

use super::{
    ProtocolError, close_frame,
    header::{self, Header, Opcode, Parsed},
    mask::Mask,
    messages::Messages,
};

/// Reads the bytes of one connection behind its opening handshake, in pieces of any length. Holds the payload of an unfinished message.
#[derive(Debug)]
pub struct Decoder {
    /// Bytes that are not decoded yet.
    buffer: Vec<u8>,
    /// Number of bytes at the beginning of `buffer` that are decoded.
    decoded: usize,
    messages: Messages,
    /// True if permessage-deflate was agreed on, which uses RSV1 (RFC 7692 section 6).
    rsv1_allowed: bool,
    /// The unfinished message.
    open: Option<Message>,
}

/// A message or a control frame of a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Received {
    /// A whole message.
    Message(Message),
    /// A Ping with its payload.
    Ping(Vec<u8>),
    /// A Pong with its payload.
    Pong(Vec<u8>),
    /// A Close frame: its code, if it has one, and its body with code and reason.
    Close(Option<CloseCode>, Vec<u8>),
}

/// A message of a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// True for a text, which is UTF-8 unless it is compressed.
    pub is_text: bool,
    /// True if RSV1 was set: the payload is compressed (RFC 7692 section 6).
    pub is_compressed: bool,
    /// The payload, unmasked.
    pub payload: Vec<u8>,
}

impl Decoder {
    /// A decoder for a new connection. `rsv1_allowed`: permessage-deflate was agreed on.
    pub fn new(limits: Limits, rsv1_allowed: bool) -> Self {
        Self { buffer: Vec::new(), decoded: 0, messages: Messages::new(limits), rsv1_allowed, open: None }
    }

    /// Adds bytes of the client.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.drain(..self.decoded);
        self.decoded = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// Returns the next message or control frame; none if more bytes are needed. After an error the decoder must not be used again.
    ///
    /// # Errors
    /// A frame breaks a rule of RFC 6455 or goes over a limit.
    pub fn decode(&mut self) -> Result<Option<Received>, ProtocolError> {
        loop {
            let bytes = &self.buffer[self.decoded..];
            let Parsed::Known { header, len } = header::parse(bytes, self.rsv1_allowed)? else {
                return Ok(None);
            };
            let message = self.messages.place(header)?;
            // A length beyond the memory was refused with the limit of a message.
            let end = len.saturating_add(usize::try_from(header.payload_len).unwrap_or(usize::MAX));
            let Some(frame) = bytes.get(..end) else { return Ok(None) };
            let mut key = [0; 4];
            key.copy_from_slice(&frame[len - 4..len]);
            let mut payload = frame[len..].to_vec();
            let payload_len = payload.len();
            Mask::new(key).apply(&mut payload, 0, 0, payload_len);
            self.decoded += end;
            if let Some(message) = message {
                self.messages.add(header, message);
            }
            let received = match header.opcode {
                Opcode::Ping => Received::Ping(payload),
                Opcode::Pong => Received::Pong(payload),
                Opcode::Close => {
                    close_frame::check(&payload)?;
                    let code = payload.first_chunk().map(|code| CloseCode(u16::from_be_bytes(*code)));
                    Received::Close(code, payload)
                }
                Opcode::Text | Opcode::Binary | Opcode::Continuation => match self.add(header, payload)? {
                    Some(message) => Received::Message(message),
                    None => continue,
                },
            };
            return Ok(Some(received));
        }
    }

    /// Adds a data frame to its message. Returns the message if the frame is its last one.
    fn add(&mut self, header: Header, payload: Vec<u8>) -> Result<Option<Message>, ProtocolError> {
        let message = match self.open.take() {
            Some(mut message) => {
                message.payload.extend_from_slice(&payload);
                message
            }
            None => Message { is_text: header.opcode == Opcode::Text, is_compressed: header.rsv1, payload },
        };
        if !header.fin {
            self.open = Some(message);
            return Ok(None);
        }
        if message.is_text && !message.is_compressed && simdutf8::basic::from_utf8(&message.payload).is_err()
        {
            return Err(ProtocolError::NotUtf8);
        }
        Ok(Some(message))
    }

    /// Returns the memory that is held, in bytes.
    pub fn held(&self) -> usize {
        self.buffer.capacity() + self.open.as_ref().map_or(0, |message| message.payload.capacity())
    }

    /// Frees the memory of bytes that are decoded, if none are left.
    pub fn shrink(&mut self) {
        if self.decoded == self.buffer.len() {
            (self.buffer, self.decoded) = (Vec::new(), 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use ws_echo_test_support::frame::frame;

    use super::*;

    const LIMITS: Limits = Limits { message_bytes: 100, frames_per_message: 3 };

    fn text(payload: &str) -> Received {
        Received::Message(Message { is_text: true, is_compressed: false, payload: payload.into() })
    }

    #[test]
    fn bytes_in_any_pieces_are_the_same_messages() {
        let close = [&4001_u16.to_be_bytes()[..], b"bye"].concat();
        let stream = [
            frame(0x81, "h\u{e9}llo".as_bytes()),
            frame(0x02, b"a"),
            frame(0x89, b"ping"),
            frame(0x80, b"b"),
            frame(0x8a, b""),
            frame(0x88, &close),
        ]
        .concat();
        let binary = Message { is_text: false, is_compressed: false, payload: b"ab".to_vec() };
        let expected = [
            text("h\u{e9}llo"),
            Received::Ping(b"ping".to_vec()),
            Received::Message(binary),
            Received::Pong(Vec::new()),
            Received::Close(Some(CloseCode(4001)), close),
        ];
        for size in 1..=stream.len() {
            let mut decoder = Decoder::new(LIMITS, false);
            let mut received = Vec::new();
            for piece in stream.chunks(size) {
                decoder.push(piece);
                while let Some(next) = decoder.decode().unwrap() {
                    received.push(next);
                }
            }
            assert_eq!(received, expected, "pieces of {size} bytes");
            decoder.shrink();
            assert_eq!(decoder.held(), 0);
        }
    }

    #[test]
    fn a_frame_that_breaks_a_rule_is_an_error() {
        for (frames, error) in [
            (frame(0x81, b"\xff"), ProtocolError::NotUtf8),
            (frame(0x80, b""), ProtocolError::NothingToContinue),
            ([frame(0x01, b""), frame(0x81, b"")].concat(), ProtocolError::MessageNotFinished),
            (frame(0xc1, b""), ProtocolError::Rsv1NotNegotiated),
            (frame(0x88, b"\x03"), ProtocolError::ShortClose),
            (frame(0x82, &[0; 101]), ProtocolError::MessageTooBig(100)),
        ] {
            let mut decoder = Decoder::new(LIMITS, false);
            decoder.push(&frames);
            assert_eq!(decoder.decode(), Err(error));
        }
        let mut compressed = Decoder::new(LIMITS, true);
        compressed.push(&frame(0xc1, b"\xff"));
        assert!(matches!(
            compressed.decode(),
            Ok(Some(Received::Message(Message { is_compressed: true, .. })))
        ));
    }
}
