//! Reads what a client sends and stops at the first frame that breaks a rule.

use ws_echo_shared::limits::{CONTROL_PAYLOAD, Limits};

use super::{
    ProtocolError, close_frame,
    header::{self, Header, Opcode, Parsed},
    mask::Mask,
    messages::Messages,
    utf8::Utf8,
};

/// Follows one connection's bytes from the end of the handshake on, in whatever pieces they come. It holds no payload
/// but the body of a Close frame.
#[derive(Debug)]
pub struct Validator {
    /// The header of the coming frame, as far as it is there.
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
    seen: u64,
    is_text: bool,
}

/// The first frame that broke a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Violation {
    /// The rule.
    pub error: ProtocolError,
    /// How many bytes of the inspected piece belong to the frames before it.
    pub good: usize,
}

impl Validator {
    /// An validator for a new connection.
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

    /// Takes the next piece of the stream. After a violation the validator is not to be used again.
    ///
    /// # Errors
    /// The first frame that breaks a rule of RFC 6455 or goes over a limit, told at the byte that does it.
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

    /// Takes one byte of a header or as much of a payload as there is; says how many bytes that was.
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

    /// Begins the frame if its header is complete; checks it as soon as its length is known.
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

    /// Looks at the payload's bytes where a rule is about them; says how many belong to the frame.
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

    /// The verdict on the stream as a whole, after making sure that it is the same however the stream is split.
    fn verdict(stream: &[u8]) -> Option<Violation> {
        let whole = Validator::new(LIMITS).validate(stream).err();
        for at in 0..=stream.len() {
            for step in [1, 3, usize::MAX] {
                let mut validator = Validator::new(LIMITS);
                let (head, tail) = stream.split_at(at);
                let fault = validator
                    .validate(head)
                    .and_then(|()| {
                        tail.chunks(step.min(tail.len().max(1)))
                            .try_for_each(|piece| validator.validate(piece))
                    })
                    .err()
                    .map(|violation| violation.error);
                assert_eq!(fault, whole.map(|violation| violation.error), "split at {at}, then by {step}");
            }
        }
        whole
    }

    fn fault_after(good: &[Vec<u8>], bad: &[Vec<u8>]) -> ProtocolError {
        let good = good.concat();
        assert_eq!(verdict(&good), None);
        let violation = verdict(&[good.clone(), bad.concat()].concat()).expect("a violation");
        assert_eq!(violation.good, good.len());
        violation.error
    }

    #[test]
    fn legal_streams_pass() {
        assert_eq!(verdict(b""), None);
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
        assert_eq!(verdict(&stream.concat()), None);
    }

    #[test]
    fn fragments_keep_their_order() {
        let start = frame(0x01, b"a");
        assert_eq!(fault_after(&[], &[frame(0x80, b"b")]), ProtocolError::NothingToContinue);
        assert_eq!(
            fault_after(std::slice::from_ref(&start), &[frame(0x81, b"b")]),
            ProtocolError::MessageNotFinished
        );
        assert_eq!(
            fault_after(std::slice::from_ref(&start), &[frame(0x02, b"b")]),
            ProtocolError::MessageNotFinished
        );
        assert_eq!(
            fault_after(&[start, frame(0x80, b"b")], &[frame(0x80, b"c")]),
            ProtocolError::NothingToContinue
        );
    }

    #[test]
    fn texts_are_utf8_and_binaries_need_not_be() {
        let good = frame(0x82, b"\xff");
        assert_eq!(
            fault_after(std::slice::from_ref(&good), &[frame(0x81, b"ab\xffcd")]),
            ProtocolError::NotUtf8
        );
        assert_eq!(
            fault_after(std::slice::from_ref(&good), &[frame(0x81, b"ab\xc3")]),
            ProtocolError::NotUtf8
        );
        assert_eq!(
            fault_after(&[good, frame(0x01, b"ab\xc3")], &[frame(0x80, b"b")]),
            ProtocolError::NotUtf8
        );
    }

    #[test]
    fn a_bad_byte_is_told_before_its_frame_is_complete() {
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
        assert_eq!(verdict(&frame(0x82, &[0; 1000])), None);
        assert_eq!(fault_after(&[frame(0x82, &[0; 1000])], &[frame(0x82, &[0; 1001])]), big);
        let fragments = [frame(0x02, &[0; 500]), frame(0x00, &[0; 500])];
        assert_eq!(fault_after(&fragments, &[frame(0x80, b"x")]), big);
        assert_eq!(verdict(&[fragments.concat(), frame(0x80, b"")].concat()), None);
    }

    #[test]
    fn a_length_over_the_limit_is_told_before_the_mask_and_the_payload() {
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
        assert_eq!(fault_after(&fragments, &[frame(0x80, b"")]), ProtocolError::TooManyFrames(5));
    }

    #[test]
    fn close_frames_are_checked_whole() {
        let good = frame(0x81, b"a");
        assert_eq!(
            fault_after(std::slice::from_ref(&good), &[frame(0x88, b"\x03")]),
            ProtocolError::ShortClose
        );
        assert_eq!(
            fault_after(std::slice::from_ref(&good), &[frame(0x88, b"\x03\xee")]),
            ProtocolError::BadCloseCode(1006)
        );
        assert_eq!(fault_after(&[good], &[frame(0x88, b"\x03\xe8\xc3")]), ProtocolError::ReasonNotUtf8);
        assert_eq!(verdict(&frame(0x88, &[&b"\x03\xe8"[..], &[b'r'; 123]].concat())), None);
    }
}
