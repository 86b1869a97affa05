//! Sending of frames that were built beforehand, again and again.

use std::{
    io::{self, ErrorKind, IoSlice, Write},
    rc::Rc,
};

use crate::pattern::{Pattern, after};

/// Limit of the slices in one vectored write.
const PIECES: usize = 32;

/// Sending side of one connection.
pub(crate) struct Sender {
    /// All frames in sequence. The first one follows the last one.
    frames: Rc<Pattern>,
    lengths: Vec<u64>,
    /// Position in `frames` of the next byte to send.
    position: u64,
    /// Number of bytes that may be sent.
    due: u64,
    /// Index of the frame behind the due bytes.
    next: usize,
}

impl Sender {
    /// Creates a sender of `frames`. `lengths` are their sizes in bytes, in order.
    pub(crate) fn new(frames: Rc<Pattern>, lengths: Vec<u64>) -> Self {
        Self { frames, lengths, position: 0, due: 0, next: 0 }
    }

    /// Allows `messages` more messages to be sent.
    pub(crate) fn allow(&mut self, messages: usize) {
        for _ in 0..messages {
            self.due += self.lengths[self.next];
            self.next = after(self.next, self.lengths.len());
        }
    }

    /// Writes the due bytes until the socket is full.
    pub(crate) fn write(&mut self, mut socket: impl Write) -> io::Result<()> {
        while self.due > 0 {
            let piece = self.frames.at(self.position);
            let (offered, result) = if piece.len() as u64 >= self.due {
                (self.due as usize, socket.write(&piece[..self.due as usize]))
            } else {
                let mut slices = [IoSlice::new(&[]); PIECES];
                let (count, offered) = self.gather(&mut slices);
                (offered, socket.write_vectored(&slices[..count]))
            };
            let sent = match result {
                Ok(sent) => sent,
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(error),
            };
            self.due -= sent as u64;
            self.position = (self.position + sent as u64) % self.frames.length();
            if sent < offered {
                // The socket is full. Its next edge announces room.
                break;
            }
        }
        Ok(())
    }

    /// Fills `slices` with the due bytes. Returns the number of slices used, and their total size in bytes.
    fn gather<'a>(&'a self, slices: &mut [IoSlice<'a>; PIECES]) -> (usize, usize) {
        let (mut count, mut offered) = (0, 0);
        while count < PIECES && (offered as u64) < self.due {
            let piece = self.frames.at((self.position + offered as u64) % self.frames.length());
            let piece = &piece[..piece.len().min((self.due - offered as u64) as usize)];
            slices[count] = IoSlice::new(piece);
            offered += piece.len();
            count += 1;
        }
        (count, offered)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload;

    /// Writer that takes a limited number of bytes at a time.
    struct Narrow<'a>(&'a mut Vec<u8>, usize);

    impl Write for Narrow<'_> {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let take = bytes.len().min(self.1);
            self.0.extend_from_slice(&bytes[..take]);
            Ok(take)
        }

        fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
            self.write(&slices.iter().flat_map(|slice| slice.to_vec()).collect::<Vec<u8>>())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn send(sender: &mut Sender, messages: usize, width: usize) -> Vec<u8> {
        let mut sent = Vec::new();
        sender.allow(messages);
        while sender.due > 0 {
            sender.write(Narrow(&mut sent, width)).expect("takes everything");
        }
        sent
    }

    #[test]
    fn frames_go_round_in_order_whatever_the_socket_takes() {
        let frames = [b"a".to_vec(), b"bc".to_vec(), b"def".to_vec()];
        let all = Rc::new(Pattern::payload(6, |_| frames.concat()));
        for messages in 1..=7 {
            for width in 1..=7 {
                let mut sender = Sender::new(Rc::clone(&all), vec![1, 2, 3]);
                let sent: Vec<u8> = (0..4).flat_map(|_| send(&mut sender, messages, width)).collect();
                assert_eq!(
                    sent,
                    frames.iter().cycle().take(4 * messages).flatten().copied().collect::<Vec<u8>>()
                );
            }
        }
    }

    #[test]
    fn a_long_frame_is_the_same_in_any_pieces() {
        let frame = Rc::new(Pattern::payload(5 << 20, |length| payload::binary(length, 1)));
        let send = |width| send(&mut Sender::new(Rc::clone(&frame), vec![5 << 20]), 2, width);
        let whole = send(usize::MAX);
        assert_eq!(whole.len(), 10 << 20);
        assert!(frame.has(0, &whole[..5 << 20]) && frame.has(0, &whole[5 << 20..]));
        assert_eq!(send(99_999), whole);
    }
}
