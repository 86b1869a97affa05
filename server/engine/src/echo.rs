//! The echo of one connection, in place.
//!
//! A server's frame is a client's frame less the four bytes of its mask, so a buffer that was read turns into the answer where
//! it lies: one pass unmasks and closes the gaps, and what was read in one piece leaves in one piece. Frames come back as they
//! were sent, fragments as fragments and compressed ones compressed (see [`permessage_deflate`](super::permessage_deflate)).
//!
//! The payload of an uncompressed binary frame flows through while it still comes in, so its length costs no memory. A text or
//! compressed frame is held until all of it was found good; only an incomplete one is copied for that.
//!
//! A few compressed bytes can become a thousand times as many. So inflating stops when its [`Pace`] says so: the frame and what was read
//! behind it are kept, and [`Echo::resume`] goes on with them.

mod backlog;
mod held;
mod leaving;

use std::ops::Range;

use backlog::Backlog;
use held::Held;
use leaving::Leaving;
use ws_echo_shared::{CloseCode, limits::Limits};

use super::{
    Fault, close_frame,
    cursor::{Cursor, pass, write_header},
    header::{self, Header, Opcode, Parsed},
    inflate::Inflater,
    inflate_budget::Pace,
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
    /// Bytes that were read behind a frame that is still being inflated.
    backlog: Backlog,
    leaving: Leaving,
    end: Option<End>,
    tally: Tally,
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
            backlog: Backlog::default(),
            leaving: Leaving::No,
            end: None,
            tally: Tally::default(),
        }
    }

    /// Turns what was read into what goes back. `buffer` has [`RESERVE`] bytes of room and then `len` bytes that were read. Not while it
    /// [`has_work`](Self::has_work).
    ///
    /// After the connection's [`end`](Self::end) everything is passed over.
    pub fn process(&mut self, buffer: &mut [u8], len: usize, pace: &mut Pace<'_>) -> Output {
        debug_assert!(!self.has_work());
        let mut head = Vec::new();
        let (range, rest) = self.run(buffer, len, &mut head, pace);
        if !rest.is_empty() {
            self.backlog.extend(&buffer[rest]);
        }
        self.settle();
        Output { head, range }
    }

    /// Goes on with what was read before, where there [is some](Self::has_work). `buffer` has room for [`RESERVE`] bytes and as many as are
    /// to be processed at a time.
    pub fn resume(&mut self, buffer: &mut [u8], pace: &mut Pace<'_>) -> Output {
        let (mut head, mut range) = (Vec::new(), RESERVE..RESERVE);
        if self.is_behind() {
            match self.catch_up(pace) {
                Ok(complete) => head = complete.unwrap_or_default(),
                Err(fault) => self.end = Some(End::Fault(fault)),
            }
        }
        if !self.is_behind() {
            let len = self.backlog.copy_to(&mut buffer[RESERVE..]);
            let rest;
            (range, rest) = self.run(buffer, len, &mut head, pace);
            self.backlog.advance(len - rest.len());
        }
        self.settle();
        Output { head, range }
    }

    /// True if something was read and is not processed, since inflating was stopped.
    pub fn has_work(&self) -> bool {
        self.is_behind() || !self.backlog.is_empty()
    }

    /// Adds bytes that were read to those that [`resume`](Self::resume) goes on with.
    pub fn defer(&mut self, bytes: &[u8]) {
        self.backlog.extend(bytes);
    }

    fn is_behind(&self) -> bool {
        self.end.is_none() && matches!(&self.frame, Frame::Held(held) if held.is_behind)
    }

    /// Processes `len` bytes behind the buffer's reserve. Gives where in it the output is, and what is left because inflating was stopped.
    fn run(
        &mut self,
        buffer: &mut [u8],
        len: usize,
        head: &mut Vec<u8>,
        pace: &mut Pace<'_>,
    ) -> (Range<usize>, Range<usize>) {
        let start = RESERVE - self.carry.len();
        if start < RESERVE {
            buffer[start..RESERVE].copy_from_slice(&self.carry);
            self.carry = Box::default();
        }
        let buffer = &mut buffer[..RESERVE + len];
        let mut cursor = Cursor { read: start, write: start };
        let mut cut = None;
        while self.end.is_none() && cursor.read < buffer.len() && !self.is_behind() {
            let stepped = match &mut self.frame {
                Frame::None => {
                    self.small(buffer, &mut cursor).and_then(|()| self.begin(buffer, &mut cursor, pace))
                }
                Frame::Passing { left, mask, fin } => {
                    let here = pass(*left, mask, buffer, &mut cursor);
                    *left -= here;
                    let (ends, fin) = (*left == 0, *fin);
                    // A text never flows through while it is echoed.
                    self.count(false, here, ends && fin);
                    if ends {
                        self.frame = Frame::None;
                        if self.leaving == Leaving::Soon {
                            self.has_gone();
                            cut = Some(cursor.write);
                        }
                    }
                    Ok(true)
                }
                Frame::Held(held) => {
                    cursor.read += held.take(&buffer[cursor.read..]);
                    self.catch_up(pace).map(|complete| {
                        *head = complete.unwrap_or_default();
                        true
                    })
                }
            };
            match stepped {
                Ok(true) => {}
                Ok(false) => {
                    self.carry = buffer[cursor.read..].into();
                    cursor.read = buffer.len();
                }
                Err(fault) => self.end = Some(End::Fault(fault)),
            }
        }
        let rest = if self.is_behind() { cursor.read..buffer.len() } else { 0..0 };
        (start..cut.unwrap_or(cursor.write), rest)
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

    /// Gives the memory that it holds, in bytes: for a frame that is incomplete or not inflated yet, for what was read behind that, and for
    /// inflating.
    pub fn held(&self) -> usize {
        let frame = match &self.frame {
            Frame::Held(held) => held.answer.capacity(),
            Frame::None | Frame::Passing { .. } => 0,
        };
        frame + self.backlog.held() + self.inflater.as_ref().map_or(0, |inflater| inflater.held())
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
    fn begin(&mut self, buffer: &mut [u8], cursor: &mut Cursor, pace: &mut Pace<'_>) -> Result<bool, Fault> {
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
        let left = header.payload_len - here;
        let checked = self.check(&buffer[payload..cursor.write], message, left == 0 && header.fin, pace);
        if left == 0 && checked == Ok(None) {
            self.count(message.is_text, here, header.fin);
            return Ok(true);
        }
        // Nothing of the frame goes out, yet or ever.
        let answer = before.write..cursor.write;
        cursor.write = before.write;
        let behind = checked?;
        let taken = behind.unwrap_or(here as usize);
        self.count(message.is_text, taken as u64, false);
        self.frame = Frame::Held(Box::new(Held {
            checked: payload - answer.start + taken,
            answer: buffer[answer].to_vec(),
            is_behind: behind.is_some(),
            left,
            mask,
            fin: header.fin,
            message,
        }));
        Ok(true)
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

#[cfg(test)]
mod tests;
