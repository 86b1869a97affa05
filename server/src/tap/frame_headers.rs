//! Headers of frames in a stream of bytes, for a tap. Illegal frames are read too: a scenario may send them.

use super::event::FrameHeader;

/// Length of the longest header, in bytes.
const MAX_LEN: usize = 14;

const CLOSE: u8 = 8;

/// Finds the headers of the frames in one direction of a connection.
#[derive(Debug, Default)]
pub(super) struct FrameHeaders {
    /// The header of the next frame as far as it has come, and the code behind the header of a Close frame.
    head: [u8; MAX_LEN + 2],
    len: usize,
    /// Bytes of the payload that are still to come.
    payload_left: u64,
}

impl FrameHeaders {
    /// Takes the next bytes, and calls `found` with each header that is complete.
    pub(super) fn take(&mut self, mut bytes: &[u8], mut found: impl FnMut(FrameHeader)) {
        loop {
            let skipped = usize::try_from(self.payload_left).unwrap_or(usize::MAX).min(bytes.len());
            self.payload_left -= skipped as u64;
            bytes = &bytes[skipped..];
            let Some((byte, rest)) = bytes.split_first() else { return };
            self.head[self.len] = *byte;
            self.len += 1;
            bytes = rest;
            if let Some((header, payload_seen)) = parse(&self.head[..self.len]) {
                self.payload_left = header.length - payload_seen;
                self.len = 0;
                found(header);
            }
        }
    }
}

/// Returns a header that is complete, and the number of bytes of its payload that follow it here.
fn parse(bytes: &[u8]) -> Option<(FrameHeader, u64)> {
    let (&[first, second], rest) = bytes.split_first_chunk()?;
    let (length, rest) = match second & 0x7f {
        126 => rest.split_first_chunk().map(|(len, rest)| (u16::from_be_bytes(*len).into(), rest))?,
        127 => rest.split_first_chunk().map(|(len, rest)| (u64::from_be_bytes(*len), rest))?,
        len => (len.into(), rest),
    };
    let masked = second & 0x80 != 0;
    let (key, rest) = if masked { rest.split_first_chunk()? } else { (&[0; 4], rest) };
    let opcode = first & 0x0f;
    let close_code = match rest {
        _ if opcode != CLOSE || length < 2 => None,
        &[a, b] => Some(u16::from_be_bytes([a ^ key[0], b ^ key[1]])),
        _ => return None,
    };
    let header =
        FrameHeader { fin: first & 0x80 != 0, rsv: first >> 4 & 7, opcode, masked, length, close_code };
    Some((header, rest.len() as u64))
}

#[cfg(test)]
mod tests {
    use ws_echo_test_support::frame::{frame, server_frame};

    use super::*;

    #[test]
    fn headers_are_found_in_pieces_of_any_length() {
        let header = |fin, rsv, opcode, masked, length| FrameHeader {
            fin,
            rsv,
            opcode,
            masked,
            length,
            close_code: None,
        };
        let stream = [
            frame(0x81, b"hello"),
            server_frame(0x02, &[0; 300]),
            frame(0xc0, &[0; 70_000]),
            server_frame(0x88, b"\x0f\xa1bye"),
            frame(0x88, b"\x03\xe8"),
            frame(0x88, b""),
            server_frame(0xf3, b"x"),
        ]
        .concat();
        let expected = [
            header(true, 0, 1, true, 5),
            header(false, 0, 2, false, 300),
            header(true, 4, 0, true, 70_000),
            FrameHeader { close_code: Some(4001), ..header(true, 0, 8, false, 5) },
            FrameHeader { close_code: Some(1000), ..header(true, 0, 8, true, 2) },
            header(true, 0, 8, true, 0),
            header(true, 7, 3, false, 1),
        ];
        for size in [1, 2, 3, 7, 1_000, stream.len()] {
            let (mut headers, mut found) = (FrameHeaders::default(), Vec::new());
            for piece in stream.chunks(size) {
                headers.take(piece, |header| found.push(header));
            }
            assert_eq!(found, expected, "pieces of {size} bytes");
        }
    }
}
