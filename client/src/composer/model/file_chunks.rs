//! Transfer of a file, as one message or in pieces.

use std::ops::Range;

use crate::common::format::to_float;

/// Maximum size of a file that is sent as one message by default.
pub const WHOLE_MOST: u64 = 64 << 20;

/// Maximum size of one message: the page holds it in memory, and so does the browser.
pub const MESSAGE_MOST: u64 = 512 << 20;

/// Default size of a piece of a larger file.
pub const PIECE: u64 = 1 << 20;

/// Limit of the socket's buffered bytes, above which no further piece is sent.
pub const BUFFERED: f64 = 4_194_304.0;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Split {
    Whole,
    /// Messages of this many bytes, and one for the rest.
    Pieces(u64),
}

impl Split {
    /// All choices, in the order of the list.
    pub const ALL: [Self; 5] = [
        Self::Whole,
        Self::Pieces(16 << 10),
        Self::Pieces(64 << 10),
        Self::Pieces(PIECE),
        Self::Pieces(16 << 20),
    ];

    /// Returns the default for a file size in bytes.
    pub fn fitting(bytes: u64) -> Self {
        if bytes <= WHOLE_MOST { Self::Whole } else { Self::Pieces(PIECE) }
    }

    /// True if a file of this size can be sent with this division.
    pub fn can_take(self, bytes: u64) -> bool {
        self != Self::Whole || bytes <= MESSAGE_MOST
    }

    /// Returns the number of messages for a file of this size. An empty file is one message.
    pub fn messages(self, bytes: u64) -> u64 {
        match self {
            Self::Whole => 1,
            Self::Pieces(piece) => bytes.div_ceil(piece.max(1)).max(1),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Send this range of the file as a message.
    Send(Range<u64>),
    /// Wait: the socket's buffer is full, or the last bytes are being sent.
    Wait,
    Done,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Transfer {
    /// Size of the file in bytes.
    pub bytes: u64,
    piece: u64,
    /// Number of messages in all, and of those given to the browser.
    messages: u64,
    handed_messages: u64,
    /// Start time, in milliseconds.
    started: f64,
}

impl Transfer {
    pub fn new(bytes: u64, split: Split, now: f64) -> Self {
        let piece = match split {
            Split::Whole => bytes,
            Split::Pieces(piece) => piece,
        };
        Self { bytes, piece: piece.max(1), messages: split.messages(bytes), handed_messages: 0, started: now }
    }

    /// Returns the next step. `buffered` is the number of bytes in the socket's buffer.
    pub fn step(&self, buffered: f64) -> Step {
        let start = self.handed_bytes();
        match self.all_handed() {
            true if buffered > 0.0 => Step::Wait,
            true => Step::Done,
            false if buffered > BUFFERED => Step::Wait,
            false => Step::Send(start..start.saturating_add(self.piece).min(self.bytes)),
        }
    }

    /// Records that the browser accepted a message.
    pub fn handed(&mut self) {
        self.handed_messages += 1;
    }

    /// True if the browser has the whole file, so that only the end of the connection could interrupt it.
    pub fn all_handed(&self) -> bool {
        self.handed_messages >= self.messages
    }

    fn handed_bytes(&self) -> u64 {
        self.handed_messages.saturating_mul(self.piece).min(self.bytes)
    }

    /// Returns the number of bytes sent: those given to the browser, without the socket's buffer.
    pub fn out(&self, buffered: f64) -> f64 {
        (to_float(self.handed_bytes()) - buffered).max(0.0)
    }

    /// Returns the share that is sent, from 0 to 1.
    pub fn fraction(&self, buffered: f64) -> f64 {
        match self.bytes {
            0 if self.all_handed() => 1.0,
            0 => 0.0,
            bytes => self.out(buffered) / to_float(bytes),
        }
    }

    /// Returns the average rate in bytes per second, or `None` at the start.
    pub fn rate(&self, now: f64, buffered: f64) -> Option<f64> {
        let passed = now - self.started;
        (passed > 0.0 && self.handed_messages > 0).then(|| self.out(buffered) * 1_000.0 / passed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranges(bytes: u64, split: Split) -> Vec<(u64, u64)> {
        let mut transfer = Transfer::new(bytes, split, 0.0);
        let mut ranges = Vec::new();
        while let Step::Send(range) = transfer.step(0.0) {
            transfer.handed();
            ranges.push((range.start, range.end));
        }
        assert_eq!(transfer.step(0.0), Step::Done);
        assert_eq!(split.messages(bytes), ranges.len() as u64);
        ranges
    }

    #[test]
    fn a_file_is_one_message_or_pieces_and_a_rest() {
        for (bytes, split, parts) in [
            (10, Split::Whole, &[(0, 10)][..]),
            (10, Split::Pieces(4), &[(0, 4), (4, 8), (8, 10)]),
            (8, Split::Pieces(4), &[(0, 4), (4, 8)]),
            (3, Split::Pieces(4), &[(0, 3)]),
            // An empty file is an empty message.
            (0, Split::Whole, &[(0, 0)]),
            (0, Split::Pieces(4), &[(0, 0)]),
        ] {
            assert_eq!(ranges(bytes, split), parts, "{bytes} {split:?}");
        }
    }

    #[test]
    fn big_files_go_in_pieces() {
        assert_eq!(Split::fitting(64 << 20), Split::Whole);
        assert_eq!(Split::fitting((64 << 20) + 1), Split::Pieces(1 << 20));
        assert!(Split::Whole.can_take(512 << 20) && !Split::Whole.can_take((512 << 20) + 1));
        assert_eq!(Split::fitting(1 << 40).messages(1 << 40), 1 << 20);
    }

    #[test]
    fn a_full_socket_holds_it_back_and_the_end_waits_for_the_last_byte() {
        let mut transfer = Transfer::new(2, Split::Pieces(1), 0.0);
        assert_eq!(transfer.step(BUFFERED + 1.0), Step::Wait);
        assert_eq!(transfer.step(BUFFERED), Step::Send(0..1));
        transfer.handed();
        assert!(!transfer.all_handed());
        transfer.handed();
        assert!(transfer.all_handed());
        assert_eq!((transfer.step(1.0), transfer.step(0.0)), (Step::Wait, Step::Done));
    }

    #[test]
    fn progress_counts_what_left_the_socket() {
        assert_eq!(Transfer::new(0, Split::Whole, 0.0).fraction(0.0), 0.0);
        let mut transfer = Transfer::new(1_000, Split::Whole, 500.0);
        assert_eq!((transfer.fraction(0.0), transfer.rate(600.0, 0.0)), (0.0, None));
        transfer.handed();
        assert_eq!([1_000.0, 250.0, 0.0].map(|buffered| transfer.fraction(buffered)), [0.0, 0.75, 1.0]);
        assert_eq!(transfer.out(2_000.0), 0.0, "others' bytes may wait there too");
        assert_eq!((transfer.bytes, transfer.rate(1_000.0, 500.0)), (1_000, Some(1_000.0)));
    }
}
