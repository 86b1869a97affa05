//! Frames of RFC 6455, section 5. Client frames are built beforehand; server frames are parsed as they arrive, split anywhere.

use anyhow::{Result, bail};
use ws_echo_test_support::frame::{self, header_with_key};

pub(crate) const TEXT: u8 = 0x1;
pub(crate) const BINARY: u8 = 0x2;
const CONTINUATION: u8 = 0x0;
const CLOSE: u8 = 0x8;
const FIN: u8 = 0x80;
const RSV1: u8 = 0x40;

/// Builds the head of a client's frame that holds a whole message.
pub(crate) fn head(opcode: u8, compressed: bool, length: u64, key: [u8; 4]) -> Vec<u8> {
    header_with_key(FIN | if compressed { RSV1 } else { 0 } | opcode, length, key)
}

/// Builds the frame in which a server sends a whole message.
pub(crate) fn server_frame(opcode: u8, payload: &[u8]) -> Vec<u8> {
    frame::server_frame(FIN | opcode, payload)
}

/// Event in the byte stream of a server.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Event<'a> {
    /// Start of a message. The opcode is [`TEXT`] or [`BINARY`].
    Start { opcode: u8, compressed: bool },
    /// Next bytes of the message, at least one.
    Payload(&'a [u8]),
    /// End of the message.
    End,
}

/// Parser of server frames. It joins the fragments of a message and skips pings and pongs. A Close frame is an error.
#[derive(Default)]
pub(crate) struct Reader {
    head: [u8; 10],
    filled: usize,
    /// Frame whose head is complete, until its payload is complete too.
    frame: Option<Frame>,
    in_message: bool,
}

struct Frame {
    first: u8,
    /// True once the opcode was checked, and [`Event::Start`] returned if the frame begins a message.
    told: bool,
    left: u64,
}

impl Frame {
    fn is_control(&self) -> bool {
        self.first & 0x8 != 0
    }
}

impl Reader {
    /// True if the next byte begins a message or a control frame.
    pub(crate) fn is_between_messages(&self) -> bool {
        self.filled == 0 && self.frame.is_none() && !self.in_message
    }

    /// Consumes bytes from the front of `input`. Returns the next event, or `None` if more bytes are needed.
    pub(crate) fn next<'a>(&mut self, input: &mut &'a [u8]) -> Result<Option<Event<'a>>> {
        loop {
            if self.frame.is_none() && !self.read_head(input)? {
                return Ok(None);
            }
            let Some(frame) = &mut self.frame else { return Ok(None) };
            if !frame.told {
                frame.told = true;
                if !frame.is_control() {
                    let opcode = frame.first & 0xF;
                    if (opcode == CONTINUATION) != self.in_message {
                        bail!(
                            "a frame with opcode {opcode} came {} a message",
                            ["outside of", "inside of"][usize::from(self.in_message)]
                        );
                    }
                    if !self.in_message {
                        self.in_message = true;
                        return Ok(Some(Event::Start { opcode, compressed: frame.first & RSV1 != 0 }));
                    }
                }
            }
            if frame.left > 0 {
                let take = input.len().min(usize::try_from(frame.left).unwrap_or(usize::MAX));
                if take == 0 {
                    return Ok(None);
                }
                let (payload, rest) = input.split_at(take);
                *input = rest;
                frame.left -= take as u64;
                if frame.first & 0xF == CLOSE {
                    match payload {
                        [high, low, reason @ ..] => bail!(
                            "the server closed with {} {:?}",
                            u16::from_be_bytes([*high, *low]),
                            String::from_utf8_lossy(reason)
                        ),
                        _ => bail!("the server closed"),
                    }
                }
                if frame.is_control() {
                    continue;
                }
                return Ok(Some(Event::Payload(payload)));
            }
            let ends_message = !frame.is_control() && frame.first & FIN != 0;
            if frame.first & 0xF == CLOSE {
                bail!("the server closed");
            }
            self.frame = None;
            if ends_message {
                self.in_message = false;
                return Ok(Some(Event::End));
            }
        }
    }

    /// Reads the head of the next frame. Returns true if it is complete.
    fn read_head(&mut self, input: &mut &[u8]) -> Result<bool> {
        loop {
            let needed = match (self.filled, self.head[1]) {
                (0 | 1, _) => 2,
                (_, 126) => 4,
                (_, 127) => 10,
                _ => 2,
            };
            if self.filled >= needed {
                break;
            }
            let take = (needed - self.filled).min(input.len());
            if take == 0 {
                return Ok(false);
            }
            self.head[self.filled..self.filled + take].copy_from_slice(&input[..take]);
            self.filled += take;
            *input = &input[take..];
        }
        let head = self.head;
        let left = match head[1] {
            length @ 0..=125 => u64::from(length),
            126 => u64::from(u16::from_be_bytes([head[2], head[3]])),
            127 => {
                u64::from_be_bytes([head[2], head[3], head[4], head[5], head[6], head[7], head[8], head[9]])
            }
            _ => bail!("the server sent a masked frame"),
        };
        self.filled = 0;
        self.frame = Some(Frame { first: head[0], told: false, left });
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Parses `bytes` in pieces of `piece` bytes. Returns the opcode, the compressed flag and the payload of each message.
    fn read(bytes: &[u8], piece: usize) -> Result<Vec<(u8, bool, Vec<u8>)>> {
        let mut reader = Reader::default();
        let (mut messages, mut ended) = (Vec::new(), 0);
        for mut input in bytes.chunks(piece) {
            while let Some(event) = reader.next(&mut input)? {
                match event {
                    Event::Start { opcode, compressed } => messages.push((opcode, compressed, Vec::new())),
                    Event::Payload(payload) => {
                        messages.last_mut().expect("began").2.extend_from_slice(payload);
                    }
                    Event::End => ended += 1,
                }
            }
            assert!(input.is_empty());
        }
        assert_eq!(messages.len(), ended);
        Ok(messages)
    }

    #[test]
    fn any_split_gives_the_same_messages() {
        let mut bytes =
            vec![0x81, 2, b'h', b'i', 0x82, 0, 0x89, 1, b'p', 0x41, 1, b'a', 0x8A, 0, 0x00, 0, 0x80, 1, b'b'];
        let (medium, large) = (vec![7; 300], vec![8; 70_000]);
        bytes.extend([0x82, 126, 1, 44].iter().chain(&medium));
        bytes.extend([0x82, 127, 0, 0, 0, 0, 0, 1, 0x11, 0x70].iter().chain(&large));
        let expected = vec![
            (TEXT, false, b"hi".to_vec()),
            (BINARY, false, vec![]),
            (TEXT, true, b"ab".to_vec()),
            (BINARY, false, medium),
            (BINARY, false, large),
        ];
        for piece in [1, 2, 3, 5, 7, 100, 1 << 20] {
            assert_eq!(read(&bytes, piece).expect("is well formed"), expected);
        }
    }

    #[test]
    fn what_no_server_may_send_is_an_error() {
        for bad in [
            &[0x82, 0x81, 0, 0, 0, 0, 0][..],
            &[0x80, 0],
            &[0x01, 0, 0x82, 0],
            &[0x88, 2, 3, 0xE9],
            &[0x88, 0],
        ] {
            assert!(read(bad, 1 << 20).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_clients_head_has_the_shortest_length_and_the_key() {
        assert_eq!(head(TEXT, false, 5, [0x37, 0xfa, 0x21, 0x3d]), *b"\x81\x85\x37\xfa\x21\x3d");
        assert_eq!(head(BINARY, true, 126, [1, 2, 3, 4]), [0xC2, 0xFE, 0, 126, 1, 2, 3, 4]);
        assert_eq!(head(BINARY, false, 65_536, [0; 4])[1..10], [0xFF, 0, 0, 0, 0, 0, 1, 0, 0]);
    }
}
