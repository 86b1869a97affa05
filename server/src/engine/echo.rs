//! The echo of one connection, in place.
//!
//! A server's frame is a client's frame less the four bytes of its mask, so a buffer that was read turns into the answer where
//! it lies: one pass unmasks and closes the gaps, and what was read in one piece leaves in one piece. Frames come back as they
//! were sent, fragments as fragments and compressed ones compressed (see [`permessage_deflate`](super::permessage_deflate)).
//!
//! The payload of an uncompressed binary frame flows through while it still comes in, so its length costs no memory. A text or
//! compressed frame is held until all of it was found good; only an incomplete one is copied for that.

use std::ops::Range;

use ws_echo_shared::{CloseCode, limits::Limits};

use super::{
    Fault, close_frame,
    cursor::{Cursor, pass, write_header},
    header::{self, Header, Opcode, Parsed},
    inflate::Inflater,
    mask::Mask,
    messages::{Message, Messages},
    permessage_deflate::Agreement,
    small,
    tally::Tally,
    utf8::Utf8,
};

/// The room that a buffer needs in front of what is read into it: for the beginning of a frame that came with the read
/// before. That is at most a control frame less one byte, or a header.
pub const RESERVE: usize = 144;

/// The state of one connection between two reads.
#[derive(Debug)]
pub struct Echo {
    messages: Messages,
    utf8: Utf8,
    inflater: Option<Box<Inflater>>,
    /// The beginning of a header or of a control frame.
    carry: Box<[u8]>,
    frame: Frame,
    leaving: Leaving,
    end: Option<End>,
    tally: Tally,
}

/// Whether a place for a last frame of our own is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Leaving {
    No,
    /// At the end of the frame that flows through.
    Soon,
    /// It was there; nothing has gone out since.
    Done,
}

/// The data frame whose payload is coming.
#[derive(Debug)]
enum Frame {
    None,
    /// It flows through.
    Passing {
        left: u64,
        mask: Mask,
        fin: bool,
    },
    /// It is kept until all of it was found good.
    Held(Box<Held>),
}

#[derive(Debug)]
struct Held {
    /// The answer: the header, and the payload as far as it has come.
    answer: Vec<u8>,
    left: u64,
    mask: Mask,
    fin: bool,
    message: Message,
}

/// Why a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The client sent a Close frame; its answer is part of the output. None if the frame had no code.
    Closed(Option<CloseCode>),
    /// The client broke a rule; a Close frame is yet to be sent.
    Fault(Fault),
}

/// What goes back to the client: first `head`, then `range` of the buffer.
#[derive(Debug, PartialEq, Eq)]
pub struct Output {
    /// A frame that was held and is complete now; mostly empty.
    pub head: Vec<u8>,
    /// The part of the buffer that is the rest of the answer.
    pub range: Range<usize>,
}

impl Echo {
    /// The echo of a new connection.
    pub fn new(limits: Limits, deflate: Option<&Agreement>) -> Self {
        Self {
            messages: Messages::new(limits),
            utf8: Utf8::default(),
            inflater: deflate.map(|agreement| Box::new(Inflater::new(agreement))),
            carry: Box::default(),
            frame: Frame::None,
            leaving: Leaving::No,
            end: None,
            tally: Tally::default(),
        }
    }

    /// Turns what was read into what goes back. `buffer` has [`RESERVE`] bytes of room and then `len` bytes that were read.
    ///
    /// After the connection's [`end`](Self::end) everything is passed over.
    pub fn process(&mut self, buffer: &mut [u8], len: usize) -> Output {
        let start = RESERVE - self.carry.len();
        if start < RESERVE {
            buffer[start..RESERVE].copy_from_slice(&self.carry);
            self.carry = Box::default();
        }
        let buffer = &mut buffer[..RESERVE + len];
        let mut cursor = Cursor { read: start, write: start };
        let mut head = Vec::new();
        let mut cut = None;
        while self.end.is_none() && cursor.read < buffer.len() {
            let stepped = match &mut self.frame {
                Frame::None => self.small(buffer, &mut cursor).and_then(|()| self.begin(buffer, &mut cursor)),
                Frame::Passing { left, mask, fin } => {
                    let here = pass(*left, mask, buffer, &mut cursor);
                    *left -= here;
                    let (ends, fin) = (*left == 0, *fin);
                    // A text never flows through while it is echoed.
                    self.count(false, here, ends && fin);
                    if ends {
                        self.frame = Frame::None;
                        if self.leaving == Leaving::Soon {
                            self.leaving = Leaving::Done;
                            cut = Some(cursor.write);
                        }
                    }
                    Ok(true)
                }
                Frame::Held(_) => self.go_on_holding(buffer, &mut cursor).map(|complete| {
                    head = complete;
                    true
                }),
            };
            match stepped {
                Ok(true) => {}
                Ok(false) => {
                    self.carry = buffer[cursor.read..].into();
                    break;
                }
                Err(fault) => self.end = Some(End::Fault(fault)),
            }
        }
        Output { head, range: start..cut.unwrap_or(cursor.write) }
    }

    /// Ends the output with the frame that flows through, so that a last frame of our own can follow it. What comes after that
    /// is still read, for the client's Close frame, but not held, and what [`process`](Self::process) gives for it is not to be
    /// sent.
    pub fn leave(&mut self) {
        match self.frame {
            Frame::None => self.leaving = Leaving::Done,
            Frame::Passing { .. } if self.leaving == Leaving::Done => {}
            Frame::Passing { .. } => self.leaving = Leaving::Soon,
            Frame::Held(ref held) => {
                self.leaving = Leaving::Done;
                self.frame = Frame::Passing { left: held.left, mask: held.mask, fin: held.fin };
            }
        }
    }

    /// Whether the output has ended after [`leave`](Self::leave).
    pub fn has_left(&self) -> bool {
        self.leaving == Leaving::Done
    }

    /// Why the connection ends, once it does.
    pub const fn end(&self) -> Option<End> {
        self.end
    }

    /// Whether a frame of our own may be sent now; not within one that flows through.
    pub const fn at_boundary(&self) -> bool {
        !matches!(self.frame, Frame::Passing { .. })
    }

    /// The number of the message of which some, but not all, has come; counted from 0 over those that were echoed.
    pub fn within_message(&self) -> Option<u64> {
        (self.messages.is_open() || !matches!(self.frame, Frame::None)).then_some(self.tally.messages())
    }

    /// How much of the data frame that has begun is yet to come, in bytes.
    pub fn frame_left(&self) -> Option<u64> {
        match &self.frame {
            Frame::None => None,
            Frame::Passing { left, .. } => Some(*left),
            Frame::Held(held) => Some(held.left),
        }
    }

    /// Whether compressed messages are inflated, so that much may come of little.
    pub const fn inflates(&self) -> bool {
        self.inflater.is_some()
    }

    /// True if they are inflated with a smaller window, which takes longer.
    pub fn inflates_slowly(&self) -> bool {
        self.inflater.as_ref().is_some_and(|inflater| inflater.is_slow())
    }

    /// How much memory an incomplete frame holds, in bytes.
    pub fn held(&self) -> usize {
        match &self.frame {
            Frame::Held(held) => held.answer.capacity(),
            Frame::None | Frame::Passing { .. } => 0,
        }
    }

    /// What has gone through.
    pub const fn tally(&self) -> Tally {
        self.tally
    }

    fn count(&mut self, is_text: bool, bytes: u64, ends: bool) {
        // What comes behind the last frame of our own is not echoed.
        if self.leaving != Leaving::Done {
            let count = self.tally.of(is_text);
            count.bytes += bytes;
            count.messages += u64::from(ends);
        }
    }

    /// Echoes the small messages that are next.
    fn small(&mut self, buffer: &mut [u8], cursor: &mut Cursor) -> Result<(), Fault> {
        let limit = self.messages.limit_of_one_frame().filter(|_| self.leaving != Leaving::Done);
        let Some(limit) = limit else { return Ok(()) };
        small::echo(buffer, cursor, limit, &mut self.tally)
    }

    /// Begins a frame, and ends it if it is complete. False if there is too little of it to do anything.
    fn begin(&mut self, buffer: &mut [u8], cursor: &mut Cursor) -> Result<bool, Fault> {
        let Parsed::Known { header, len } = header::parse(&buffer[cursor.read..], self.inflater.is_some())?
        else {
            return Ok(false);
        };
        let message = self.messages.place(header)?;
        let there = buffer.len() - cursor.read;
        if there < len {
            return Ok(false);
        }
        let Some(message) = message else {
            // The length of a control frame was checked.
            let payload_len = header.payload_len as usize;
            if there < len + payload_len {
                return Ok(false);
            }
            self.control(header, len, payload_len, buffer, cursor)?;
            return Ok(true);
        };
        self.messages.add(header, message);
        let key = &buffer[cursor.read + len - 4..cursor.read + len];
        let mut mask = Mask::new([key[0], key[1], key[2], key[3]]);

        let before = Cursor { read: cursor.read, write: cursor.write };
        write_header(buffer, cursor, len);
        let here = ((there - len) as u64).min(header.payload_len);
        if !message.is_text && !message.is_compressed || self.leaving == Leaving::Done {
            pass(header.payload_len, &mut mask, buffer, cursor);
            let left = header.payload_len - here;
            self.count(message.is_text, here, left == 0 && header.fin);
            if left > 0 {
                self.frame = Frame::Passing { left, mask, fin: header.fin };
            }
            return Ok(true);
        }
        let payload = cursor.write;
        pass(header.payload_len, &mut mask, buffer, cursor);
        let payload = payload..cursor.write;
        let left = header.payload_len - here;
        let checked = self.check(&buffer[payload], message, left == 0 && header.fin);
        if checked.is_err() || left > 0 {
            // Nothing of the frame goes out, yet or ever.
            let answer = before.write..cursor.write;
            cursor.write = before.write;
            checked?;
            let answer = buffer[answer].to_vec();
            self.frame = Frame::Held(Box::new(Held { answer, left, mask, fin: header.fin, message }));
        }
        self.count(message.is_text, here, left == 0 && header.fin);
        Ok(true)
    }

    /// Takes more of a held frame; gives its answer if it is complete, else nothing.
    fn go_on_holding(&mut self, buffer: &[u8], cursor: &mut Cursor) -> Result<Vec<u8>, Fault> {
        let Frame::Held(held) = &mut self.frame else { return Ok(Vec::new()) };
        let here = held.left.min((buffer.len() - cursor.read) as u64) as usize;
        let start = held.answer.len();
        held.make_room(here);
        held.mask.append(&buffer[cursor.read..cursor.read + here], &mut held.answer);
        held.left -= here as u64;
        cursor.read += here;
        let (message, ends) = (held.message, held.left == 0 && held.fin);
        let mut answer = std::mem::take(&mut held.answer);
        let complete = held.left == 0;
        self.check(&answer[start..], message, ends)?;
        self.count(message.is_text, here as u64, ends);
        if complete {
            self.frame = Frame::None;
        } else if let Frame::Held(held) = &mut self.frame {
            held.answer = std::mem::take(&mut answer);
        }
        Ok(answer)
    }

    /// Checks the next bytes of a message that must not go out unchecked.
    fn check(&mut self, payload: &[u8], message: Message, ends: bool) -> Result<(), Fault> {
        let (utf8, limit) = (&mut self.utf8, self.messages.limits().message_bytes);
        let mut plain = |bytes: &[u8]| {
            if message.is_text { utf8.push(bytes).map_err(|_| Fault::NotUtf8) } else { Ok(()) }
        };
        match (&mut self.inflater, message.is_compressed) {
            (Some(inflater), true) => {
                inflater.push(payload, limit, &mut plain)?;
                if ends {
                    inflater.finish()?;
                }
            }
            _ => plain(payload)?,
        }
        if ends && message.is_text { utf8.finish().map_err(|_| Fault::NotUtf8) } else { Ok(()) }
    }

    fn control(
        &mut self,
        header: Header,
        len: usize,
        payload_len: usize,
        buffer: &mut [u8],
        cursor: &mut Cursor,
    ) -> Result<(), Fault> {
        if header.opcode == Opcode::Pong {
            cursor.read += len + payload_len;
            return Ok(());
        }
        let key = &buffer[cursor.read + len - 4..cursor.read + len];
        let mut mask = Mask::new([key[0], key[1], key[2], key[3]]);
        let start = cursor.write;
        write_header(buffer, cursor, len);
        let body = cursor.write;
        pass(header.payload_len, &mut mask, buffer, cursor);
        if header.opcode == Opcode::Ping {
            buffer[start] = 0x8a;
            return Ok(());
        }
        let body = &buffer[body..cursor.write];
        let checked = close_frame::check(body);
        let code = body.first_chunk().map(|code| CloseCode(u16::from_be_bytes(*code)));
        if checked.is_err() {
            cursor.write = start;
        }
        checked?;
        self.end = Some(End::Closed(code));
        Ok(())
    }
}

impl Held {
    /// Grows by doubling, but never past what the frame needs.
    fn make_room(&mut self, more: usize) {
        let needed = self.answer.len() + more;
        if needed > self.answer.capacity() {
            let most = usize::try_from(self.left).unwrap_or(usize::MAX).saturating_add(self.answer.len());
            let capacity = needed.max(self.answer.capacity().saturating_mul(2)).min(most);
            self.answer.reserve_exact(capacity - self.answer.len());
        }
    }
}

#[cfg(test)]
#[path = "echo_tests.rs"]
mod tests;
