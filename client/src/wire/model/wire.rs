//! A connection as both ends saw it: the entries of its tap beside the messages of the log.

use ws_echo_shared::CloseCode;

use super::entry::{Entry, Event, Frame};
use crate::connection::model::event::ConnectionEvent;
use crate::connection::model::message::{Content, Direction, Kind};
use crate::connection::model::phase::Opened;
use crate::log::model::log::Log;

/// Maximum number of entries, which is that of the server.
pub const ENTRIES: usize = 10_000;

/// Time that a message may take from one end to the other without being called late, in milliseconds.
const LATE_MS: f64 = 100.0;

/// Difference of the clocks of both ends that grows with the time since the handshake, at most: 100 parts in a million.
const DRIFT: f64 = 1e-4;

/// A view of the server that differs from that of the page.
#[derive(Debug, Clone, PartialEq)]
pub enum Difference {
    /// A message in this number of frames, which the page has as one.
    Split(usize),
    /// The page agreed on compression, and the message arrived without.
    Uncompressed,
    /// The page has the message as the other kind.
    Kind(Kind),
    /// The page has a message of this length, in bytes.
    Length(usize),
    /// Milliseconds between the two ends.
    Late(f64),
    /// The page has no such message.
    Missing,
    /// The page has this number of messages that it sent, and the server received another one.
    Sent(usize),
    /// The page has this number of messages that it received, and the server sent another one.
    Received(usize),
    /// The page was told this subprotocol.
    Protocol(String),
    /// The page was told these extensions.
    Extensions(String),
    /// The page was told this close code.
    Code(CloseCode),
}

/// A row of the tab.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub entry: Entry,
    /// Message that ends with this frame, as an index among those of its direction.
    message: Option<usize>,
}

/// A message as the server saw it.
#[derive(Debug, Clone, Copy)]
struct OnWire {
    kind: Kind,
    frames: usize,
    /// Its index among the compressed messages of its direction, if it is one.
    compressed: Option<usize>,
    bytes: u64,
}

/// A message as the page saw it.
#[derive(Debug, Clone, Copy)]
struct InPage {
    kind: Kind,
    bytes: usize,
    at_ms: f64,
}

/// Both views of the messages of a direction.
#[derive(Debug, Default)]
struct Both {
    /// Complete messages.
    wire: Vec<OnWire>,
    /// Message whose last frame has not come.
    begun: Option<OnWire>,
    /// Number of compressed messages, with one that has begun.
    compressed: usize,
    /// Inflated lengths of the compressed messages, as far as the server has told them.
    inflated: Vec<u64>,
    page: Vec<InPage>,
}

/// A connection with a tap. Both views are bounded: what comes after [`ENTRIES`] is only counted.
#[derive(Debug, Default)]
pub struct Wire {
    lines: Vec<Line>,
    /// Number of entries that are not kept.
    beyond: usize,
    sent: Both,
    received: Both,
    opened: Option<Opened>,
    closed: Option<CloseCode>,
    /// Number of the next entry of the log.
    next: u64,
    /// True if the log lost an entry before it was looked at. The views cannot be compared then.
    has_gap: bool,
}

impl Wire {
    /// Creates the record of a connection whose first entry in the log has the number `next`, or a later one.
    pub fn new(next: u64) -> Self {
        Self { next, ..Self::default() }
    }

    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    pub fn beyond(&self) -> usize {
        self.beyond
    }

    /// True if the tap has ended.
    pub fn has_ended(&self) -> bool {
        self.lines.last().is_some_and(|line| matches!(line.entry.event, Event::End(..)))
    }

    fn both(&self, direction: Direction) -> &Both {
        match direction {
            Direction::Sent => &self.sent,
            Direction::Received => &self.received,
        }
    }

    fn both_mut(&mut self, direction: Direction) -> &mut Both {
        match direction {
            Direction::Sent => &mut self.sent,
            Direction::Received => &mut self.received,
        }
    }

    /// Takes an entry of the tap.
    pub fn push(&mut self, entry: Entry) {
        let message = match &entry.event {
            Event::Frame(frame) => self.both_mut(frame.direction).frame(frame),
            // Stands in the row of the message.
            Event::Inflated(direction, length) => return self.both_mut(*direction).inflated.push(*length),
            _ => None,
        };
        // The end is the row that everybody looks for.
        if self.lines.len() < ENTRIES || matches!(entry.event, Event::End(..)) {
            self.lines.push(Line { entry, message });
        } else {
            self.beyond += 1;
        }
    }

    /// Looks at the entries of the log that are new.
    pub fn look(&mut self, log: &Log) {
        self.has_gap |= log.first_id() > self.next;
        for entry in log.from(self.next) {
            match &entry.content {
                // An imported log has messages of other connections.
                Content::Message(message)
                    if self.opened.as_ref().is_some_and(|at| entry.at_ms >= at.at_ms as f64) =>
                {
                    let both = self.both_mut(message.direction);
                    let (kind, bytes) = (message.body.kind(), message.body.bytes());
                    if both.page.len() < ENTRIES {
                        both.page.push(InPage { kind, bytes, at_ms: entry.at_ms });
                    }
                }
                Content::Event(event) => match &**event {
                    ConnectionEvent::Opened { protocol, extensions, .. } if self.opened.is_none() => {
                        let (protocol, extensions) = (protocol.clone(), extensions.clone());
                        // The cast loses the fraction, so that a message is never earlier.
                        let at_ms = entry.at_ms as u64;
                        self.opened = Some(Opened { protocol, extensions, at_ms });
                    }
                    ConnectionEvent::Closed { closed, .. } if self.closed.is_none() => {
                        self.closed = Some(closed.code);
                    }
                    _ => {}
                },
                Content::Message(_) => {}
            }
        }
        self.next = log.next_id();
    }

    /// Returns the inflated length of the message that ends in a row, if it was compressed and the server has told it.
    pub fn inflated(&self, line: &Line) -> Option<u64> {
        let Event::Frame(frame) = &line.entry.event else { return None };
        let both = self.both(frame.direction);
        both.inflated.get(both.wire.get(line.message?)?.compressed?).copied()
    }

    /// Returns the differences that a row shows.
    pub fn differences(&self, line: &Line) -> Vec<Difference> {
        let Some(opened) = self.opened.as_ref().filter(|_| !self.has_gap) else { return Vec::new() };
        match (&line.entry.event, line.message) {
            (Event::Request { protocol, extensions, .. }, _) => {
                let told = (opened.protocol.to_string(), opened.extensions.to_string());
                let protocol = (told.0 != *protocol).then_some(Difference::Protocol(told.0));
                let extensions =
                    (!is_same_list(&told.1, extensions)).then_some(Difference::Extensions(told.1));
                [protocol, extensions].into_iter().flatten().collect()
            }
            (Event::Frame(frame), Some(message)) => {
                self.of_message(frame.direction, message, line.entry.at_us, opened)
            }
            (Event::End(code, _), _) => self.at_end(*code),
            _ => Vec::new(),
        }
    }

    fn of_message(&self, direction: Direction, index: usize, at_us: f64, opened: &Opened) -> Vec<Difference> {
        let both = self.both(direction);
        let Some(wire) = both.wire.get(index) else { return Vec::new() };
        let mut found = Vec::new();
        if wire.frames > 1 {
            found.push(Difference::Split(wire.frames));
        }
        if direction == Direction::Sent
            && opened.extensions.contains("permessage-deflate")
            && wire.compressed.is_none()
            && wire.bytes > 0
        {
            found.push(Difference::Uncompressed);
        }
        let Some(page) = both.page.get(index) else {
            // A message that the server sent may be on its way until the page's end.
            if direction == Direction::Sent || self.closed.is_some() {
                found.extend((index < ENTRIES).then_some(Difference::Missing));
            }
            return found;
        };
        if page.kind != wire.kind {
            found.push(Difference::Kind(page.kind));
        }
        let length = match wire.compressed {
            Some(index) => both.inflated.get(index).copied(),
            None => Some(wire.bytes),
        };
        if length.is_some_and(|length| length != page.bytes as u64) {
            found.push(Difference::Length(page.bytes));
        }
        // The page heard of the 101 a little later than the server sent it, which makes the time to the server longer, and that
        // from the server shorter.
        let since_ms = page.at_ms - opened.at_ms as f64;
        let ms = match direction {
            Direction::Sent => at_us / 1_000.0 - since_ms,
            Direction::Received => since_ms - at_us / 1_000.0,
        };
        if ms > LATE_MS + since_ms * DRIFT {
            found.push(Difference::Late(ms));
        }
        found
    }

    fn at_end(&self, code: u16) -> Vec<Difference> {
        let mut found = Vec::new();
        let numbers = |both: &Both| {
            (both.wire.len() != both.page.len() && both.page.len() < ENTRIES).then_some(both.page.len())
        };
        found.extend(numbers(&self.sent).map(Difference::Sent));
        found.extend(numbers(&self.received).filter(|_| self.closed.is_some()).map(Difference::Received));
        found.extend(self.closed.filter(|told| told.0 != code).map(Difference::Code));
        found
    }
}

impl Both {
    /// Takes a frame. Returns the index of the message that it ends.
    fn frame(&mut self, frame: &Frame) -> Option<usize> {
        if !frame.is_data() {
            return None;
        }
        if let Some(kind) = frame.begins() {
            let compressed = frame.is_compressed().then_some(self.compressed);
            self.compressed += usize::from(frame.is_compressed());
            self.begun = Some(OnWire { kind, frames: 0, compressed, bytes: 0 });
        }
        let begun = self.begun.as_mut()?;
        begun.frames += 1;
        begun.bytes = begun.bytes.saturating_add(frame.length);
        if !frame.fin {
            return None;
        }
        self.wire.extend(self.begun.take());
        Some(self.wire.len() - 1)
    }
}

/// True if two lists of extensions are the same but for spaces, which browsers add.
fn is_same_list(one: &str, other: &str) -> bool {
    let letters = |list: &'_ str| list.replace(' ', "");
    letters(one) == letters(other)
}

#[cfg(test)]
#[path = "wire_tests.rs"]
mod tests;
