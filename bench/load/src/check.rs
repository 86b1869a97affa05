//! Comparison of the received bytes with the sent ones, byte by byte, as they arrive.

use std::rc::Rc;

use anyhow::{Result, bail, ensure};

use crate::{
    frame::{Event, Reader, server_frame},
    pattern::{Pattern, after},
};

/// Verifier of the echo on one connection.
pub(crate) trait Check {
    /// Compares the next received bytes. Returns the number of messages that they completed, and an error if they differ.
    fn feed(&mut self, input: &[u8]) -> Result<u64>;

    /// Number of messages that came back uncompressed although compression was negotiated.
    fn uncompressed(&self) -> u64 {
        0
    }
}

/// Verifier of a raw TCP echo, which returns the sent bytes unchanged.
pub(crate) struct Bytes {
    sent: Rc<Pattern>,
    message: u64,
    position: u64,
}

impl Bytes {
    /// Expects the bytes of `sent` again and again. Each message has `message` bytes.
    pub(crate) fn new(sent: Rc<Pattern>, message: u64) -> Self {
        Self { sent, message, position: 0 }
    }
}

impl Check for Bytes {
    fn feed(&mut self, mut input: &[u8]) -> Result<u64> {
        let mut completed = 0;
        while !input.is_empty() {
            let expected = self.sent.at(self.position);
            let take = expected.len().min(input.len());
            ensure!(input[..take] == expected[..take], "the echo differs from what was sent");
            let end = self.position + take as u64;
            completed += end / self.message - self.position / self.message;
            self.position = end % self.sent.length();
            input = &input[take..];
        }
        Ok(completed)
    }
}

/// Verifier of uncompressed messages of one opcode, with any fragmentation.
pub(crate) struct Messages {
    reader: Reader,
    opcode: u8,
    payloads: Vec<Pattern>,
    /// Frames that nearly every server answers with; empty unless all payloads are short. Comparing a whole frame at once keeps
    /// the load from being the bottleneck.
    frames: Vec<Vec<u8>>,
    current: usize,
    position: u64,
}

impl Messages {
    /// Expects `payloads` in this order, again and again.
    pub(crate) fn new(opcode: u8, payloads: Vec<Pattern>) -> Self {
        let short = payloads.iter().filter(|payload| payload.is_short());
        let frames: Vec<_> = short.map(|payload| server_frame(opcode, payload.as_slice())).collect();
        let frames = if frames.len() == payloads.len() { frames } else { Vec::new() };
        Self { reader: Reader::default(), opcode, payloads, frames, current: 0, position: 0 }
    }

    /// Skips the frames at the front of `input` that equal the expected ones. Returns their number.
    fn skip(&mut self, input: &mut &[u8]) -> u64 {
        let mut completed = 0;
        if self.reader.is_between_messages() {
            while let Some(rest) =
                self.frames.get(self.current).and_then(|frame| input.strip_prefix(&frame[..]))
            {
                *input = rest;
                self.current = after(self.current, self.payloads.len());
                completed += 1;
            }
        }
        completed
    }
}

impl Check for Messages {
    fn feed(&mut self, mut input: &[u8]) -> Result<u64> {
        let mut completed = self.skip(&mut input);
        while let Some(event) = self.reader.next(&mut input)? {
            let expected = &self.payloads[self.current];
            match event {
                Event::Start { opcode, compressed } => {
                    ensure!(
                        opcode == self.opcode,
                        "the answer has opcode {opcode}, the message had {}",
                        self.opcode
                    );
                    ensure!(!compressed, "the answer is compressed, which was not agreed");
                }
                Event::Payload(payload) => {
                    ensure!(expected.has(self.position, payload), "the echo differs from what was sent");
                    self.position += payload.len() as u64;
                }
                Event::End => {
                    ensure!(self.position == expected.length(), "the echo is shorter than what was sent");
                    self.position = 0;
                    self.current = after(self.current, self.payloads.len());
                    completed += 1 + self.skip(&mut input);
                }
            }
        }
        Ok(completed)
    }
}

/// Verifier of texts sent with permessage-deflate and without context takeover (RFC 7692): the inflated echo must be the text.
pub(crate) struct Deflated {
    reader: Reader,
    opcode: u8,
    texts: Vec<Vec<u8>>,
    /// Compressed bytes known to inflate to each text: at first the sent ones, then the last received ones. Inflating the same
    /// bytes again would make the load the bottleneck and prove nothing new.
    known: Vec<Vec<u8>>,
    current: usize,
    held: Vec<u8>,
    compressed: bool,
    uncompressed: u64,
}

impl Deflated {
    /// Expects `texts` in this order, again and again. They are sent as `compressed`.
    pub(crate) fn new(opcode: u8, texts: Vec<Vec<u8>>, compressed: Vec<Vec<u8>>) -> Self {
        Self {
            reader: Reader::default(),
            opcode,
            texts,
            known: compressed,
            current: 0,
            held: Vec::new(),
            compressed: false,
            uncompressed: 0,
        }
    }

    fn complete(&mut self) -> Result<()> {
        let (text, known) = (&self.texts[self.current], &mut self.known[self.current]);
        if !self.compressed {
            self.uncompressed += 1;
            ensure!(self.held == *text, "the echo differs from what was sent");
        } else if self.held != *known {
            ensure!(
                crate::deflate::inflate(&self.held, text.len())? == *text,
                "the answer inflates to something else"
            );
            known.clone_from(&self.held);
        }
        self.held.clear();
        self.current = after(self.current, self.texts.len());
        Ok(())
    }
}

impl Check for Deflated {
    fn feed(&mut self, mut input: &[u8]) -> Result<u64> {
        let mut completed = 0;
        while let Some(event) = self.reader.next(&mut input)? {
            match event {
                Event::Start { opcode, compressed } => {
                    if opcode != self.opcode {
                        bail!("the answer has opcode {opcode}, the message had {}", self.opcode);
                    }
                    self.compressed = compressed;
                }
                Event::Payload(payload) => self.held.extend_from_slice(payload),
                Event::End => {
                    self.complete()?;
                    completed += 1;
                }
            }
        }
        Ok(completed)
    }

    fn uncompressed(&self) -> u64 {
        self.uncompressed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{deflate::deflate, frame::TEXT};

    fn pattern(bytes: &[u8]) -> Pattern {
        Pattern::payload(bytes.len() as u64, |_| bytes.to_vec())
    }

    #[test]
    fn a_changed_byte_shows() {
        let mut bytes = Bytes::new(Rc::new(pattern(b"abcdef")), 3);
        assert_eq!(bytes.feed(b"abcd").expect("is the same"), 1);
        assert_eq!(bytes.feed(b"efabcdefab").expect("is the same"), 3);
        assert!(bytes.feed(b"x").is_err());
    }

    #[test]
    fn messages_come_in_order_and_in_any_fragments() {
        let mut messages = Messages::new(TEXT, vec![pattern(b"one"), pattern(b"two")]);
        assert_eq!(messages.feed(b"\x81\x03one\x01\x01t\x00\x01w").expect("is the same"), 1);
        assert_eq!(messages.feed(b"\x80\x01o").expect("is the same"), 1);
        let wrong: [&[u8]; 5] =
            [b"\x81\x03two", b"\x82\x03one", b"\x81\x02on", b"\x81\x04onee", b"\xC1\x03one"];
        for answer in wrong {
            assert!(Messages::new(TEXT, vec![pattern(b"one")]).feed(answer).is_err(), "{answer:?}");
        }
    }

    #[test]
    fn a_compressed_answer_need_not_be_the_same_bytes() {
        let text = crate::payload::json(1024, 1);
        let sent = deflate(&text, 9);
        let other = deflate(&text, 1);
        assert_ne!(sent, other);
        let mut check = Deflated::new(TEXT, vec![text.clone()], vec![sent.clone()]);
        let answer = |compressed: bool, payload: &[u8]| {
            let mut frame = vec![if compressed { 0xC1 } else { 0x81 }, 126];
            frame.extend((payload.len() as u16).to_be_bytes());
            [&frame, payload].concat()
        };
        for good in [answer(true, &sent), answer(true, &other), answer(true, &other), answer(false, &text)] {
            assert_eq!(check.feed(&good).expect("is the same"), 1);
        }
        assert_eq!(check.uncompressed(), 1);
        assert!(check.feed(&answer(true, &deflate(b"{}", 9))).is_err());
    }
}
