//! Checks of a client's frames before the crate `h2` reads them: their number, and their length.
//!
//! A client has a budget for frames that carry nothing. A frame of nine bytes can make a server work without any data, and a client can send millions of them: PING and SETTINGS (CVE-2019-9512
//! and 9515), RST_STREAM of streams that were just opened (CVE-2023-44487), PRIORITY, and frames of unknown types. A client may send
//! many at once, but not for long.
//!
//! A frame of the wrong length is FRAME_SIZE_ERROR (RFC 9113 section 4.2). `h2` answers it with PROTOCOL_ERROR.

use std::time::{Duration, Instant};

use h2::Reason;

/// Length of the header of a frame (RFC 9113 section 4.1), in bytes.
const HEADER: usize = 9;

/// Length of the preface of a client (RFC 9113 section 3.4), in bytes.
const PREFACE: u32 = 24;

/// Flag of DATA (RFC 9113 section 6.1).
const END_STREAM: u8 = 0x1;

/// Flag of SETTINGS (RFC 9113 section 6.5).
const ACK: u8 = 0x1;

/// The number of such frames that a client may send at once.
const BURST: u32 = 1_000;

/// The number of such frames that a client may send a second, on average.
const RATE: u32 = 100;

/// Finds the headers of a client's frames, and the first error that they show.
#[derive(Debug)]
pub(super) struct FrameCheck {
    header: [u8; HEADER],
    /// The number of bytes of the header that have come.
    len: usize,
    /// Bytes that are still to come before the next header.
    skipped: u32,
    left: u32,
    refilled: Instant,
    error: Option<Reason>,
}

impl FrameCheck {
    /// The check of a connection, which begins with the preface, and has the full budget.
    pub(super) fn new() -> Self {
        let (header, refilled) = ([0; HEADER], Instant::now());
        Self { header, len: 0, skipped: PREFACE, left: BURST, refilled, error: None }
    }

    /// Takes the next bytes of the client, up to the header of a frame with which `most` frames have begun, or a frame with an error. Returns
    /// their number. `most` becomes the number of frames that may still begin, which is not zero at first.
    pub(super) fn take(&mut self, all: &[u8], most: &mut usize) -> usize {
        let mut bytes = all;
        loop {
            let skipped = bytes.len().min(self.skipped as usize);
            // Not longer than the number of bytes to be skipped, which has 32 bits.
            self.skipped -= skipped as u32;
            bytes = &bytes[skipped..];
            let len = bytes.len().min(HEADER - self.len);
            self.header[self.len..self.len + len].copy_from_slice(&bytes[..len]);
            self.len += len;
            bytes = &bytes[len..];
            if self.len < HEADER {
                return all.len();
            }
            self.len = 0;
            let [a, b, c, kind, flags, ..] = self.header;
            self.skipped = u32::from_be_bytes([0, a, b, c]);
            if is_wrong_length(kind, flags, self.skipped) {
                self.error = Some(Reason::FRAME_SIZE_ERROR);
                return all.len() - bytes.len() - len;
            }
            self.charge(kind, flags, self.skipped);
            *most -= 1;
            if *most == 0 {
                return all.len() - bytes.len();
            }
        }
    }

    /// Returns the error with which the connection is to end.
    pub(super) const fn error(&self) -> Option<Reason> {
        self.error
    }

    fn charge(&mut self, kind: u8, flags: u8, len: u32) {
        let carries_nothing = match kind {
            // Empty DATA. A stream is usually ended by one.
            0 => len == 0 && flags & END_STREAM == 0,
            // PRIORITY, RST_STREAM, SETTINGS, PING, and types beyond CONTINUATION.
            2..=4 | 6 | 10.. => true,
            _ => false,
        };
        if !carries_nothing || self.left == 0 {
            return;
        }
        self.left -= 1;
        if self.left == 0 {
            self.error = Some(Reason::ENHANCE_YOUR_CALM);
        }
        if self.left < BURST / 2 {
            self.refill(Instant::now());
        }
    }

    fn refill(&mut self, now: Instant) {
        let tokens = now.duration_since(self.refilled).as_millis() * u128::from(RATE) / 1000;
        if tokens > 0 {
            self.left = u32::try_from(tokens).unwrap_or(BURST).saturating_add(self.left).min(BURST);
            // The rest of less than one frame stays.
            self.refilled +=
                Duration::from_millis(u64::try_from(tokens * 1000 / u128::from(RATE)).unwrap_or(0));
        }
    }
}

/// True if a frame of this type cannot have this length (RFC 9113 section 6).
const fn is_wrong_length(kind: u8, flags: u8, len: u32) -> bool {
    match kind {
        // PRIORITY, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE.
        2 => len != 5,
        3 | 8 => len != 4,
        4 => !len.is_multiple_of(6) || flags & ACK != 0 && len != 0,
        6 => len != 8,
        7 => len < 8,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PING: [u8; 17] = [0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8];

    impl FrameCheck {
        fn take_all(&mut self, bytes: &[u8]) {
            assert_eq!(self.take(bytes, &mut usize::MAX.to_owned()), bytes.len());
        }
    }

    fn budget() -> FrameCheck {
        let mut budget = FrameCheck::new();
        budget.take_all(&[b'P'; PREFACE as usize]);
        budget
    }

    #[test]
    fn frames_are_counted_however_they_are_split() {
        let data = [&[0, 1, 44, 0, 0, 0, 0, 0, 1][..], &[6; 300]].concat();
        let stream = [&PING[..], &data, &PING, &[0, 0, 0, 0, 0, 0, 0, 0, 1]].concat();
        for size in [1, 5, 9, stream.len()] {
            let mut budget = budget();
            for piece in stream.chunks(size) {
                budget.take_all(piece);
            }
            assert_eq!(budget.left, BURST - 3, "pieces of {size} bytes");
        }
    }

    #[test]
    fn so_many_frames_begin_at_a_time() {
        let stream = PING.repeat(5);
        for size in [1, 5, 9, stream.len()] {
            let (mut budget, mut most, mut taken) = (budget(), 2, 0);
            for piece in stream.chunks(size) {
                taken += budget.take(piece, &mut most);
                if most == 0 {
                    break;
                }
            }
            // The second one has begun, and its payload comes with the next bytes.
            assert_eq!((taken, most), (PING.len() + HEADER, 0), "pieces of {size} bytes");
            budget.take_all(&stream[taken..]);
            assert_eq!(budget.left, BURST - 5, "pieces of {size} bytes");
        }
    }

    #[test]
    fn a_frame_of_the_wrong_length_is_not_taken() {
        for (kind, flags, len) in
            [(2, 0, 4), (3, 0, 5), (4, 0, 7), (4, ACK, 6), (6, 0, 9), (7, 0, 7), (8, 0, 0)]
        {
            let stream = [&PING[..], &[0, 0, len, kind, flags, 0, 0, 0, 1], &[0; 9]].concat();
            for size in [1, 5, stream.len()] {
                let (mut check, mut taken) = (budget(), 0);
                for piece in stream.chunks(size) {
                    taken += check.take(piece, &mut usize::MAX.to_owned());
                    if check.error().is_some() {
                        break;
                    }
                }
                assert_eq!(check.error(), Some(Reason::FRAME_SIZE_ERROR), "{kind} of {len} bytes");
                assert!(taken < PING.len() + HEADER, "{kind} of {len} bytes: the header has no end");
            }
        }
    }

    /// Once a client was disconnected that had ended a thousand streams one after the other.
    #[test]
    fn the_end_of_a_stream_is_free() {
        let mut budget = budget();
        for _ in 0..2 * BURST {
            budget.take_all(&[0, 0, 0, 0, END_STREAM, 0, 0, 0, 1]);
        }
        assert_eq!(budget.left, BURST);
    }

    #[test]
    fn a_flood_exceeds_the_budget_and_a_ping_a_second_does_not() {
        let mut flood = budget();
        for _ in 0..2 * BURST {
            flood.take_all(&PING);
        }
        assert_eq!(flood.error(), Some(Reason::ENHANCE_YOUR_CALM));
        let mut slow = budget();
        for second in 1..10 * BURST {
            slow.take_all(&PING);
            slow.refill(slow.refilled + Duration::from_secs(1));
            assert_eq!(slow.error(), None, "after {second} s");
        }
    }
}
