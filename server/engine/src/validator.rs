//! Validation of the bytes of a client, up to the first frame that breaks a rule.

use ws_echo_shared::limits::{CONTROL_PAYLOAD, Limits};

use super::{
    ProtocolError, close_frame,
    header::{self, Header, Opcode, Parsed},
    mask::Mask,
    messages::Messages,
    utf8::Utf8,
};

/// Validates the bytes of one connection behind its opening handshake, in pieces of any length. Stores no payload except the body
/// of a Close frame.
#[derive(Debug)]
pub struct Validator {
    /// The header of the next frame, as far as it has come.
    header: [u8; header::MAX_LEN],
    header_len: usize,
    /// The frame whose payload is coming.
    frame: Option<Frame>,
    messages: Messages,
    utf8: Utf8,
    close_body: [u8; CONTROL_PAYLOAD],
}

#[derive(Debug)]
struct Frame {
    header: Header,
    mask: Mask,
    /// Bytes of payload that have come.
    seen: u64,
    is_text: bool,
}

/// The first frame that broke a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Violation {
    /// The rule.
    pub error: ProtocolError,
    /// Bytes of the piece that belong to frames before it.
    pub good: usize,
}

impl Validator {
    /// A validator for a new connection.
    pub fn new(limits: Limits) -> Self {
        Self {
            header: [0; header::MAX_LEN],
            header_len: 0,
            frame: None,
            messages: Messages::new(limits),
            utf8: Utf8::default(),
            close_body: [0; CONTROL_PAYLOAD],
        }
    }

    /// Validates the next piece of the stream. After an error the validator must not be used again.
    ///
    /// # Errors
    /// A frame breaks a rule of RFC 6455 or goes over a limit. The error is returned at the first byte that shows it.
    pub fn validate(&mut self, piece: &[u8]) -> Result<(), Violation> {
        let mut good = 0;
        let mut at = 0;
        while at < piece.len() {
            at += self.step(&piece[at..]).map_err(|error| Violation { error, good })?;
            if self.frame.is_none() && self.header_len == 0 {
                good = at;
            }
        }
        Ok(())
    }

    /// Takes one byte of a header, or the part of a payload that is there. Returns the number of bytes that were taken.
    fn step(&mut self, piece: &[u8]) -> Result<usize, ProtocolError> {
        let taken = if self.frame.is_none() {
            self.header[self.header_len] = piece[0];
            self.header_len += 1;
            self.try_begin()?;
            1
        } else {
            self.payload(piece)?
        };
        self.try_end()?;
        Ok(taken)
    }

    /// Begins the frame if its header is complete. Checks the header as soon as the payload length is known.
    fn try_begin(&mut self) -> Result<(), ProtocolError> {
        let Parsed::Known { header, len } = header::parse(&self.header[..self.header_len], false)? else {
            return Ok(());
        };
        let message = self.messages.place(header)?;
        if self.header_len < len {
            return Ok(());
        }
        if let Some(message) = message {
            self.messages.add(header, message);
        }
        let mut key = [0; 4];
        key.copy_from_slice(&self.header[len - 4..len]);
        let (mask, is_text) = (Mask::new(key), message.is_some_and(|message| message.is_text));
        self.header_len = 0;
        self.frame = Some(Frame { header, mask, seen: 0, is_text });
        Ok(())
    }

    /// Checks the payload of texts, and stores that of Close frames. Returns the number of bytes that belong to the frame.
    fn payload(&mut self, piece: &[u8]) -> Result<usize, ProtocolError> {
        let Some(frame) = &mut self.frame else { return Ok(0) };
        let left = frame.header.payload_len - frame.seen;
        let piece = &piece[..piece.len().min(usize::try_from(left).unwrap_or(usize::MAX))];
        if frame.is_text {
            let mut unmasked = [0; 4096];
            for part in piece.chunks(unmasked.len()) {
                unmasked[..part.len()].copy_from_slice(part);
                frame.mask.apply(&mut unmasked, 0, 0, part.len());
                self.utf8.push(&unmasked[..part.len()]).map_err(|_| ProtocolError::NotUtf8)?;
            }
        } else if frame.header.opcode == Opcode::Close {
            // At most 125 bytes: the header was checked.
            let seen = frame.seen as usize;
            let body = &mut self.close_body[seen..seen + piece.len()];
            body.copy_from_slice(piece);
            frame.mask.apply(body, 0, 0, piece.len());
        }
        frame.seen += piece.len() as u64;
        Ok(piece.len())
    }

    /// Ends the frame if its payload is complete, and the message with its last frame.
    fn try_end(&mut self) -> Result<(), ProtocolError> {
        let Some(frame) = self.frame.take_if(|frame| frame.seen == frame.header.payload_len) else {
            return Ok(());
        };
        match frame.header.opcode {
            Opcode::Close => close_frame::check(&self.close_body[..frame.seen as usize]),
            Opcode::Continuation | Opcode::Text | Opcode::Binary if frame.header.fin => {
                self.utf8.finish().map_err(|_| ProtocolError::NotUtf8)
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use ws_echo_test_support::frame::frame;

    use super::*;

    const LIMITS: Limits = Limits { message_bytes: 1000, frames_per_message: 5 };

    /// Validates the whole stream, and checks that each split of it has the same result.
    fn violation(stream: &[u8]) -> Option<Violation> {
        let whole = Validator::new(LIMITS).validate(stream).err();
        for at in 0..=stream.len() {
            for step in [1, 3, usize::MAX] {
                let mut validator = Validator::new(LIMITS);
                let (head, tail) = stream.split_at(at);
                let error = validator
                    .validate(head)
                    .and_then(|()| {
                        tail.chunks(step.min(tail.len().max(1)))
                            .try_for_each(|piece| validator.validate(piece))
                    })
                    .err()
                    .map(|violation| violation.error);
                assert_eq!(error, whole.map(|violation| violation.error), "split at {at}, then by {step}");
            }
        }
        whole
    }

    fn error_after(good: &[Vec<u8>], bad: &[Vec<u8>]) -> ProtocolError {
        let good = good.concat();
        assert_eq!(violation(&good), None);
        let violation = violation(&[good.clone(), bad.concat()].concat()).expect("a violation");
        assert_eq!(violation.good, good.len());
        violation.error
    }

    #[test]
    fn legal_streams_pass() {
        assert_eq!(violation(b""), None);
        let stream = [
            frame(0x81, "text 🦀".as_bytes()),
            frame(0x82, b"\xff\xfe"),
            frame(0x81, b""),
            frame(0x01, b"caf\xc3"),
            frame(0x89, b"ping between the halves of a character"),
            frame(0x80, b"\xa9"),
            frame(0x02, &[0xff; 500]),
            frame(0x00, b""),
            frame(0x8a, b""),
            frame(0x80, &[0xff; 500]),
            frame(0x88, b"\x03\xe8bye"),
        ];
        assert_eq!(violation(&stream.concat()), None);
    }

    #[test]
    fn fragments_keep_their_order() {
        let start = frame(0x01, b"a");
        assert_eq!(error_after(&[], &[frame(0x80, b"b")]), ProtocolError::NothingToContinue);
        assert_eq!(
            error_after(std::slice::from_ref(&start), &[frame(0x81, b"b")]),
            ProtocolError::MessageNotFinished
        );
        assert_eq!(
            error_after(std::slice::from_ref(&start), &[frame(0x02, b"b")]),
            ProtocolError::MessageNotFinished
        );
        assert_eq!(
            error_after(&[start, frame(0x80, b"b")], &[frame(0x80, b"c")]),
            ProtocolError::NothingToContinue
        );
    }

    #[test]
    fn texts_are_utf8_and_binaries_need_not_be() {
        let good = frame(0x82, b"\xff");
        assert_eq!(
            error_after(std::slice::from_ref(&good), &[frame(0x81, b"ab\xffcd")]),
            ProtocolError::NotUtf8
        );
        assert_eq!(
            error_after(std::slice::from_ref(&good), &[frame(0x81, b"ab\xc3")]),
            ProtocolError::NotUtf8
        );
        assert_eq!(
            error_after(&[good, frame(0x01, b"ab\xc3")], &[frame(0x80, b"b")]),
            ProtocolError::NotUtf8
        );
    }

    #[test]
    fn a_bad_byte_is_found_before_its_frame_is_complete() {
        let text = frame(0x81, b"ab\xffcd");
        let mut validator = Validator::new(LIMITS);
        assert_eq!(validator.validate(&text[..8]), Ok(()));
        assert_eq!(
            validator.validate(&text[8..9]),
            Err(Violation { error: ProtocolError::NotUtf8, good: 0 })
        );
    }

    #[test]
    fn a_message_may_be_as_long_as_the_limit_in_one_frame_or_in_many() {
        let big = ProtocolError::MessageTooBig(1000);
        assert_eq!(violation(&frame(0x82, &[0; 1000])), None);
        assert_eq!(error_after(&[frame(0x82, &[0; 1000])], &[frame(0x82, &[0; 1001])]), big);
        let fragments = [frame(0x02, &[0; 500]), frame(0x00, &[0; 500])];
        assert_eq!(error_after(&fragments, &[frame(0x80, b"x")]), big);
        assert_eq!(violation(&[fragments.concat(), frame(0x80, b"")].concat()), None);
    }

    #[test]
    fn a_length_over_the_limit_is_found_before_the_mask_and_the_payload() {
        let header = [0x82, 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0];
        assert_eq!(
            Validator::new(LIMITS).validate(&header),
            Err(Violation { error: ProtocolError::MessageTooBig(1000), good: 0 })
        );
    }

    #[test]
    fn a_message_may_have_as_many_frames_as_the_limit() {
        let mut fragments = vec![frame(0x02, b"")];
        fragments.extend((0..4).map(|_| frame(0x00, b"")));
        assert_eq!(error_after(&fragments, &[frame(0x80, b"")]), ProtocolError::TooManyFrames(5));
    }

    #[test]
    fn close_frames_are_checked_whole() {
        let good = frame(0x81, b"a");
        assert_eq!(
            error_after(std::slice::from_ref(&good), &[frame(0x88, b"\x03")]),
            ProtocolError::ShortClose
        );
        assert_eq!(
            error_after(std::slice::from_ref(&good), &[frame(0x88, b"\x03\xee")]),
            ProtocolError::BadCloseCode(1006)
        );
        assert_eq!(error_after(&[good], &[frame(0x88, b"\x03\xe8\xc3")]), ProtocolError::ReasonNotUtf8);
        assert_eq!(violation(&frame(0x88, &[&b"\x03\xe8"[..], &[b'r'; 123]].concat())), None);
    }
}
