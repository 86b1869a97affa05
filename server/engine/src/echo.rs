//! The echo of one connection, in place.
//!
//! A frame of a server is a frame of a client less the four bytes of its mask, so a buffer that was read becomes the answer where
//! it lies: one pass unmasks and closes the gaps, and bytes of one read leave in one write. Frames come back as they
//! were sent, fragments as fragments and compressed ones compressed (see [`permessage_deflate`](crate::permessage_deflate)).
//!
//! The payload of an uncompressed binary frame is streamed while it still comes in, so its length costs no memory. A text or
//! compressed frame is buffered until all of it was checked; only an incomplete one is copied for that.
//!
//! A few compressed bytes can become a thousand times as many. So inflating stops when its [`InflateBudget`] is used up: the frame and
//! the bytes that were read behind it are kept, and [`Echo::resume`] goes on with them.

mod backlog;

use std::ops::Range;

use backlog::Backlog;
use ws_echo_shared::{CloseCode, limits::Limits};

use crate::{
    CloseCause, End, Lifecycle, Phase, ProtocolError, close_frame,
    header::{self, Header, Opcode, Parsed},
    inflate::Inflater,
    inflate_budget::InflateBudget,
    mask::Mask,
    messages::{Message, Messages},
    permessage_deflate::Agreement,
    tally::Tally,
    utf8::Utf8,
};

/// Room that a buffer needs in front of the bytes that are read into it, in bytes: for the beginning of a frame that came with the read
/// before. That is at most a control frame less one byte (130 bytes), or a header; rounded up.
pub const RESERVE: usize = 144;

/// The longest payload whose length is in the second byte of the header (RFC 6455 section 5.2).
const LONGEST_SMALL: u64 = 125;

/// The state of one connection between two reads.
#[derive(Debug)]
pub struct Echo {
    messages: Messages,
    utf8: Utf8,
    inflater: Option<Box<Inflater>>,
    /// Boxed, since few connections have one.
    inflated: Option<Box<Inflated>>,
    /// The beginning of a header or of a control frame.
    carry: Box<[u8]>,
    frame: Frame,
    /// Bytes that were read behind a frame that is still being inflated.
    backlog: Backlog,
    lifecycle: Lifecycle,
    tally: Tally,
}

/// Inflated lengths of the compressed messages since they were last taken.
#[derive(Debug, Default)]
struct Inflated {
    lengths: Vec<u64>,
}

/// The data frame whose payload is coming.
#[derive(Debug)]
enum Frame {
    None,
    /// It goes out as it comes in. Behind the server's Close frame, it is skipped.
    Streamed {
        left: u64,
        mask: Mask,
        fin: bool,
    },
    /// It is kept until all of it was checked.
    Buffered(Box<BufferedFrame>),
}

/// A text or compressed frame, as far as it has come.
#[derive(Debug)]
struct BufferedFrame {
    /// The answer: the header, and the payload as far as it has come.
    answer: Vec<u8>,
    /// The part of the answer that was checked, in bytes, with the header.
    checked: usize,
    /// True if there is more to check, in the answer or in the inflater.
    has_unchecked: bool,
    /// The part of the payload that is yet to come, in bytes.
    left: u64,
    mask: Mask,
    fin: bool,
    message: Message,
}

/// Positions in a buffer that becomes the answer. Writing never overtakes reading, for every frame gets shorter by its mask.
struct Cursor {
    read: usize,
    write: usize,
}

/// Bytes for the client: `head`, then `range` of the buffer, then `tail`.
#[derive(Debug, PartialEq, Eq)]
pub struct Output {
    /// A frame that was buffered and is complete now; mostly empty.
    pub head: Vec<u8>,
    /// The part of the buffer that is sent.
    pub range: Range<usize>,
    /// The server's own Close frame, behind which nothing is sent; mostly empty.
    pub tail: Vec<u8>,
}

impl Echo {
    /// The echo of a new connection.
    pub fn new(limits: Limits, deflate: Option<&Agreement>) -> Self {
        Self {
            messages: Messages::new(limits),
            utf8: Utf8::default(),
            inflater: deflate.map(|agreement| Box::new(Inflater::new(agreement))),
            inflated: None,
            carry: Box::default(),
            frame: Frame::None,
            backlog: Backlog::default(),
            lifecycle: Lifecycle::new(),
            tally: Tally::default(),
        }
    }

    /// Turns bytes that were read into the answer. `buffer` has [`RESERVE`] bytes of room and then `len` bytes that were read. Not
    /// to be called while there [is a backlog](Self::has_backlog).
    ///
    /// Once the [life cycle](Self::lifecycle) is not reading any more, all bytes are ignored.
    pub fn process(&mut self, buffer: &mut [u8], len: usize, budget: &mut InflateBudget<'_>) -> Output {
        debug_assert!(!self.has_backlog());
        let mut output = Output { head: Vec::new(), range: 0..0, tail: Vec::new() };
        let rest = self.run(buffer, len, &mut output, budget);
        if !rest.is_empty() {
            self.backlog.extend(&buffer[rest]);
        }
        self.settle(&mut output);
        output
    }

    /// Goes on with bytes that were read before, where there [are some](Self::has_backlog). `buffer` has room for [`RESERVE`] bytes and
    /// as many as are to be processed at a time.
    pub fn resume(&mut self, buffer: &mut [u8], budget: &mut InflateBudget<'_>) -> Output {
        let mut output = Output { head: Vec::new(), range: 0..0, tail: Vec::new() };
        if self.has_unchecked() {
            match self.check_buffered(budget) {
                Ok(complete) => output.head = complete.unwrap_or_default(),
                Err(error) => output.tail = self.lifecycle.fail(error),
            }
        }
        if !self.has_unchecked() {
            let len = self.backlog.copy_to(&mut buffer[RESERVE..]);
            let rest = self.run(buffer, len, &mut output, budget);
            self.backlog.advance(len - rest.len());
        }
        self.settle(&mut output);
        output
    }

    /// True if bytes were read and are not processed, because inflating was stopped.
    pub fn has_backlog(&self) -> bool {
        self.has_unchecked() || !self.backlog.is_empty()
    }

    /// Adds bytes that were read to those that [`resume`](Self::resume) goes on with.
    pub fn defer(&mut self, bytes: &[u8]) {
        self.backlog.extend(bytes);
    }

    /// Returns the state of the closing handshake.
    pub const fn lifecycle(&self) -> &Lifecycle {
        &self.lifecycle
    }

    /// Returns the end of the connection; none as long as it is open.
    pub fn end(&self) -> Option<End> {
        (!self.lifecycle.is_open()).then(|| self.lifecycle.end())
    }

    /// Begins to close the connection from this side, unless that has begun. For [`CloseCause::Shutdown`], the Close frame follows the
    /// echo of all bytes that were read before; for [`CloseCause::OutOfMemory`] it is sent at once, and bytes that were read but not
    /// inflated yet are not echoed. Within a frame that is streamed, it follows that frame in either case.
    ///
    /// Returns the Close frame if there is a place for it now. Else it comes as the [`tail`](Output::tail) of an output.
    pub fn close(&mut self, cause: CloseCause) -> Vec<u8> {
        if !self.lifecycle.is_open() {
            return Vec::new();
        }
        if cause == CloseCause::Shutdown && self.has_backlog() {
            self.lifecycle.request_close(cause, Phase::ClosePending);
            return Vec::new();
        }
        self.close_at_boundary(cause)
    }

    /// Notes that the peer has closed its half of the TCP connection.
    pub fn peer_half_closed(&mut self) {
        self.lifecycle.peer_half_closed();
        self.release();
    }

    /// Notes that the server has closed its half of the TCP connection.
    pub const fn half_closed(&mut self) {
        self.lifecycle.half_closed();
    }

    /// True if a frame of the server's own may be sent now; not within one that is streamed.
    pub const fn at_boundary(&self) -> bool {
        !matches!(self.frame, Frame::Streamed { .. })
    }

    /// Returns the number of the unfinished message, if there is one: the number of messages that were echoed before.
    pub fn within_message(&self) -> Option<u64> {
        (self.messages.is_open() || !matches!(self.frame, Frame::None)).then_some(self.tally.messages())
    }

    /// Returns the part of the data frame that is yet to come, in bytes; none between two frames.
    pub fn frame_left(&self) -> Option<u64> {
        match &self.frame {
            Frame::None => None,
            Frame::Streamed { left, .. } => Some(*left),
            Frame::Buffered(frame) => Some(frame.left),
        }
    }

    /// True if compressed messages are inflated, so that much may come of few bytes.
    pub const fn inflates(&self) -> bool {
        self.inflater.is_some()
    }

    /// True if they are inflated with a smaller window, which takes longer.
    pub fn inflates_slowly(&self) -> bool {
        self.inflater.as_ref().is_some_and(|inflater| inflater.is_slow())
    }

    /// Records the lengths of inflated messages from now on, for [`take_inflated`](Self::take_inflated).
    pub fn record_inflated(&mut self) {
        self.inflated = Some(Box::default());
    }

    /// Returns the inflated length, in bytes, of each compressed message that was complete since the last call, oldest first. Empty unless
    /// they are [recorded](Self::record_inflated).
    pub fn take_inflated(&mut self) -> Vec<u64> {
        self.inflated.as_mut().map(|recorded| std::mem::take(&mut recorded.lengths)).unwrap_or_default()
    }

    /// Returns the memory that it holds, in bytes: for a frame that is incomplete or not inflated yet, for bytes that were read behind
    /// that, and for inflating.
    pub fn held(&self) -> usize {
        let frame = match &self.frame {
            Frame::Buffered(frame) => frame.answer.capacity(),
            Frame::None | Frame::Streamed { .. } => 0,
        };
        frame + self.backlog.held() + self.inflater.as_ref().map_or(0, |inflater| inflater.held())
    }

    /// Returns the number of messages and bytes that were echoed.
    pub const fn tally(&self) -> Tally {
        self.tally
    }

    fn has_unchecked(&self) -> bool {
        self.lifecycle.is_reading() && matches!(&self.frame, Frame::Buffered(frame) if frame.has_unchecked)
    }

    /// Processes `len` bytes behind the buffer's reserve. Returns the part of them that is left because inflating was stopped.
    fn run(
        &mut self,
        buffer: &mut [u8],
        len: usize,
        output: &mut Output,
        budget: &mut InflateBudget<'_>,
    ) -> Range<usize> {
        let start = RESERVE - self.carry.len();
        if start < RESERVE {
            buffer[start..RESERVE].copy_from_slice(&self.carry);
            self.carry = Box::default();
        }
        let buffer = &mut buffer[..RESERVE + len];
        let mut cursor = Cursor { read: start, write: start };
        // Bytes behind the server's Close frame are not sent.
        let mut cut = self.lifecycle.awaits_peer_close().then_some(start);
        while self.lifecycle.is_reading() && cursor.read < buffer.len() && !self.has_unchecked() {
            let stepped = match &mut self.frame {
                Frame::None => self
                    .echo_small_messages(buffer, &mut cursor)
                    .and_then(|()| self.begin_frame(buffer, &mut cursor, budget)),
                Frame::Streamed { left, mask, fin } => {
                    let here = pass(*left, mask, buffer, &mut cursor);
                    *left -= here;
                    let (ends, fin) = (*left == 0, *fin);
                    // A streamed text is one that is skipped, so it is not counted.
                    self.count(false, here, ends && fin);
                    if ends {
                        self.frame = Frame::None;
                        if let Phase::CloseAfterFrame(cause) = self.lifecycle.phase() {
                            output.tail = self.send_close(cause);
                            cut = Some(cursor.write);
                        }
                    }
                    Ok(true)
                }
                Frame::Buffered(frame) => {
                    cursor.read += frame.take(&buffer[cursor.read..]);
                    self.check_buffered(budget).map(|complete| {
                        output.head = complete.unwrap_or_default();
                        true
                    })
                }
            };
            match stepped {
                Ok(true) => {}
                Ok(false) => {
                    debug_assert!(buffer.len() - cursor.read <= RESERVE);
                    self.carry = buffer[cursor.read..].into();
                    cursor.read = buffer.len();
                }
                Err(error) => {
                    let close = self.lifecycle.fail(error);
                    if !close.is_empty() {
                        output.tail = close;
                    }
                }
            }
        }
        output.range = start..cut.unwrap_or(cursor.write);
        if self.has_unchecked() { cursor.read..buffer.len() } else { 0..0 }
    }

    /// Lets go of memory that is of no more use, and sends a Close frame that had to wait for the backlog.
    fn settle(&mut self, output: &mut Output) {
        match self.lifecycle.phase() {
            Phase::Flushing | Phase::HalfClosed => self.release(),
            Phase::ClosePending(cause) if !self.has_backlog() => output.tail = self.close_at_boundary(cause),
            _ => {}
        }
    }

    /// Sends the Close frame, or has it sent behind the frame that is being streamed. Of a buffered frame nothing was sent yet, so it is
    /// given up; the rest of its payload is skipped.
    fn close_at_boundary(&mut self, cause: CloseCause) -> Vec<u8> {
        match self.frame {
            Frame::Streamed { .. } => {
                self.lifecycle.request_close(cause, Phase::CloseAfterFrame);
                return Vec::new();
            }
            Frame::Buffered(ref frame) => {
                let (left, mask, fin) = (frame.left, frame.mask, frame.fin);
                self.frame = if left > 0 { Frame::Streamed { left, mask, fin } } else { Frame::None };
            }
            Frame::None => {}
        }
        self.send_close(cause)
    }

    fn send_close(&mut self, cause: CloseCause) -> Vec<u8> {
        // Messages that still come are not checked: they are ignored.
        self.stop_inflating();
        self.lifecycle.send_close(cause)
    }

    /// Lets go of all memory, for no frame is looked at any more.
    fn release(&mut self) {
        self.backlog = Backlog::default();
        self.stop_inflating();
    }

    fn stop_inflating(&mut self) {
        if let Some(inflater) = &mut self.inflater {
            inflater.forget();
        }
    }

    fn count(&mut self, is_text: bool, bytes: u64, ends: bool) {
        // Messages behind the server's Close frame are not echoed.
        if !self.lifecycle.awaits_peer_close() {
            let count = self.tally.of(is_text);
            count.bytes += bytes;
            count.messages += u64::from(ends);
        }
    }

    /// Echoes the small messages that are next, while each is complete: of one frame, uncompressed, the most frequent ones. It leaves all
    /// others to [`begin_frame`](Self::begin_frame), which could do these too, in three times the time.
    fn echo_small_messages(&mut self, buffer: &mut [u8], cursor: &mut Cursor) -> Result<(), ProtocolError> {
        let limit = self.messages.limit_of_one_frame().filter(|_| !self.lifecycle.awaits_peer_close());
        let Some(limit) = limit else { return Ok(()) };
        echo_small(buffer, cursor, limit, &mut self.tally)
    }

    /// Begins a frame, and ends it if it is complete. False if there is too little of it to do anything.
    fn begin_frame(
        &mut self,
        buffer: &mut [u8],
        cursor: &mut Cursor,
        budget: &mut InflateBudget<'_>,
    ) -> Result<bool, ProtocolError> {
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
            self.answer_control(header, len, payload_len, buffer, cursor)?;
            return Ok(true);
        };
        self.messages.add(header, message);
        let key = &buffer[cursor.read + len - 4..cursor.read + len];
        let mut mask = Mask::new([key[0], key[1], key[2], key[3]]);

        let before = Cursor { read: cursor.read, write: cursor.write };
        write_header(buffer, cursor, len);
        let here = ((there - len) as u64).min(header.payload_len);
        if !message.is_text && !message.is_compressed || self.lifecycle.awaits_peer_close() {
            pass(header.payload_len, &mut mask, buffer, cursor);
            let left = header.payload_len - here;
            self.count(message.is_text, here, left == 0 && header.fin);
            if left > 0 {
                self.frame = Frame::Streamed { left, mask, fin: header.fin };
            }
            return Ok(true);
        }
        let payload = cursor.write;
        pass(header.payload_len, &mut mask, buffer, cursor);
        let left = header.payload_len - here;
        let checked = self.check(&buffer[payload..cursor.write], message, left == 0 && header.fin, budget);
        if left == 0 && checked == Ok(None) {
            self.count(message.is_text, here, header.fin);
            return Ok(true);
        }
        // Nothing of the frame goes out: yet, if it is unfinished; ever, if it broke a rule.
        let answer = before.write..cursor.write;
        cursor.write = before.write;
        let stopped = checked?;
        let taken = stopped.unwrap_or(here as usize);
        self.count(message.is_text, taken as u64, false);
        self.frame = Frame::Buffered(Box::new(BufferedFrame {
            checked: payload - answer.start + taken,
            answer: buffer[answer].to_vec(),
            has_unchecked: stopped.is_some(),
            left,
            mask,
            fin: header.fin,
            message,
        }));
        Ok(true)
    }

    /// Answers a complete control frame: a ping by a pong, a Close frame by itself, a pong by nothing (RFC 6455 section 5.5).
    fn answer_control(
        &mut self,
        header: Header,
        len: usize,
        payload_len: usize,
        buffer: &mut [u8],
        cursor: &mut Cursor,
    ) -> Result<(), ProtocolError> {
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
        self.lifecycle.receive_close(code);
        Ok(())
    }

    /// Checks the part of a buffered frame that has come; returns its answer if that is complete and good.
    fn check_buffered(&mut self, budget: &mut InflateBudget<'_>) -> Result<Option<Vec<u8>>, ProtocolError> {
        let Frame::Buffered(frame) = &mut self.frame else { return Ok(None) };
        let answer = std::mem::take(&mut frame.answer);
        let (message, checked, is_all_there, fin) =
            (frame.message, frame.checked, frame.left == 0, frame.fin);
        let unchecked = &answer[checked..];
        let stopped = self.check(unchecked, message, is_all_there && fin, budget)?;
        let taken = stopped.unwrap_or(unchecked.len());
        let is_complete = is_all_there && stopped.is_none();
        self.count(message.is_text, taken as u64, is_complete && fin);
        if is_complete {
            self.frame = Frame::None;
            return Ok(Some(answer));
        }
        if let Frame::Buffered(frame) = &mut self.frame {
            (frame.answer, frame.checked, frame.has_unchecked) = (answer, checked + taken, stopped.is_some());
        }
        Ok(None)
    }

    /// Checks the next bytes of a message that must not go out unchecked. Returns how many bytes were taken if the budget ended it
    /// too early.
    fn check(
        &mut self,
        payload: &[u8],
        message: Message,
        ends: bool,
        budget: &mut InflateBudget<'_>,
    ) -> Result<Option<usize>, ProtocolError> {
        let (utf8, limit) = (&mut self.utf8, self.messages.limits().message_bytes);
        let mut plain = |bytes: &[u8]| {
            if message.is_text { utf8.push(bytes).map_err(|_| ProtocolError::NotUtf8) } else { Ok(()) }
        };
        match (&mut self.inflater, message.is_compressed) {
            (Some(inflater), true) => {
                let stopped = inflater.push(payload, limit, budget, &mut plain)?;
                if stopped.is_some() {
                    return Ok(stopped);
                }
                if ends {
                    let len = inflater.finish()?;
                    if let Some(recorded) = &mut self.inflated {
                        recorded.lengths.push(len);
                    }
                }
            }
            _ => plain(payload)?,
        }
        if ends && message.is_text {
            utf8.finish().map_err(|_| ProtocolError::NotUtf8)?;
        }
        Ok(None)
    }
}

impl BufferedFrame {
    /// Grows by doubling, but never past the need of the frame.
    fn make_room(&mut self, more: usize) {
        let needed = self.answer.len() + more;
        if needed > self.answer.capacity() {
            let most = usize::try_from(self.left).unwrap_or(usize::MAX).saturating_add(self.answer.len());
            let capacity = needed.max(self.answer.capacity().saturating_mul(2)).min(most);
            self.answer.reserve_exact(capacity - self.answer.len());
        }
    }

    /// Takes more of the payload; returns how many bytes it took.
    fn take(&mut self, masked: &[u8]) -> usize {
        let here = self.left.min(masked.len() as u64) as usize;
        self.make_room(here);
        self.mask.append(&masked[..here], &mut self.answer);
        self.left -= here as u64;
        self.has_unchecked = true;
        here
    }
}

/// Echoes small messages from the cursor on, while each is complete and no longer than `limit`, and counts them. No message may be open.
fn echo_small(
    buffer: &mut [u8],
    cursor: &mut Cursor,
    limit: u64,
    tally: &mut Tally,
) -> Result<(), ProtocolError> {
    let longest = limit.min(LONGEST_SMALL) as usize;
    while let &[first @ (0x81 | 0x82), second, a, b, c, d, ref rest @ ..] = &buffer[cursor.read..] {
        // A frame that is not masked gets a length over 125 by this, and `begin_frame` reports it.
        let len = usize::from(second ^ 0x80);
        if len > longest || len > rest.len() {
            break;
        }
        let (start, body) = (cursor.write, cursor.write + 2);
        buffer[start..body].copy_from_slice(&[first, len as u8]);
        Mask::new([a, b, c, d]).apply(buffer, cursor.read + 6, body, len);
        cursor.read += 6 + len;
        if first == 0x81 && simdutf8::basic::from_utf8(&buffer[body..body + len]).is_err() {
            return Err(ProtocolError::NotUtf8);
        }
        cursor.write = body + len;
        let count = tally.of(first == 0x81);
        count.messages += 1;
        count.bytes += len as u64;
    }
    Ok(())
}

/// Writes a frame's header without the mask, and steps over it. `len` is that of the header that was read.
fn write_header(buffer: &mut [u8], cursor: &mut Cursor, len: usize) {
    let Cursor { read, write } = *cursor;
    if len == 6 {
        // Nearly all headers of small messages: two bytes are moved without a call of memmove.
        [buffer[write], buffer[write + 1]] = [buffer[read], buffer[read + 1] & 0x7f];
    } else {
        buffer.copy_within(read..read + len - 4, write);
        buffer[write + 1] &= 0x7f;
    }
    cursor.read += len;
    cursor.write += len - 4;
}

/// Unmasks the part of a payload that is there, to the place where it goes out; returns its length in bytes.
fn pass(left: u64, mask: &mut Mask, buffer: &mut [u8], cursor: &mut Cursor) -> u64 {
    let len = left.min((buffer.len() - cursor.read) as u64) as usize;
    mask.apply(buffer, cursor.read, cursor.write, len);
    cursor.read += len;
    cursor.write += len;
    len as u64
}
