//! Frames (RFC 6455 section 5.2): those of a client are masked, those of a server are not.
//!
//! `first` is the first byte of a frame: FIN, the reserved bits and the opcode.

/// Masking key of frames for which none is given.
const KEY: [u8; 4] = [0x12, 0x34, 0x56, 0x78];

/// Bit of the second byte of a frame: the payload is masked.
const MASKED: u8 = 0x80;

/// A frame as a client sends it.
pub fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    frame_with_key(first, payload, KEY)
}

/// A frame as a client sends it with this masking key.
pub fn frame_with_key(first: u8, payload: &[u8], key: [u8; 4]) -> Vec<u8> {
    let mut frame = header_with_key(first, payload.len() as u64, key);
    frame.extend(payload.iter().zip(key.iter().cycle()).map(|(byte, key)| byte ^ key));
    frame
}

/// The header of a client's frame that announces `len` bytes of payload.
pub fn header(first: u8, len: u64) -> Vec<u8> {
    header_with_key(first, len, KEY)
}

/// The header of a client's frame with this masking key.
pub fn header_with_key(first: u8, len: u64, key: [u8; 4]) -> Vec<u8> {
    let mut header = unmasked_header(first, len);
    header[1] |= MASKED;
    header.extend(key);
    header
}

/// A frame as a server sends it.
pub fn server_frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = unmasked_header(first, payload.len() as u64);
    frame.extend(payload);
    frame
}

fn unmasked_header(first: u8, len: u64) -> Vec<u8> {
    match len {
        0..=125 => vec![first, len as u8],
        126..=0xffff => [&[first, 126], &(len as u16).to_be_bytes()[..]].concat(),
        _ => [&[first, 127], &len.to_be_bytes()[..]].concat(),
    }
}

/// A client's frame as a server would send it, for an echo.
///
/// # Panics
/// If the bytes are not one whole and masked frame.
pub fn unmask(frame: &[u8]) -> Vec<u8> {
    let Parts { first, key, payload, rest } = split(frame).expect("a whole frame");
    let key = key.expect("a client masks");
    assert!(rest.is_empty(), "{} bytes behind the frame", rest.len());
    let payload: Vec<u8> = payload.iter().zip(key.iter().cycle()).map(|(byte, key)| byte ^ key).collect();
    server_frame(first, &payload)
}

/// A frame as a server sent it.
#[derive(Debug, PartialEq, Eq)]
pub struct Frame {
    pub first: u8,
    pub payload: Vec<u8>,
}

impl Frame {
    /// The first frame in these bytes, and its length in bytes. None if it is not whole.
    ///
    /// # Panics
    /// If its header is not one that a server may send.
    pub fn parse(bytes: &[u8]) -> Option<(Self, usize)> {
        let Parts { first, payload, rest, .. } = split_server_frame(bytes)?;
        Some((Self { first, payload: payload.to_vec() }, bytes.len() - rest.len()))
    }

    /// The frames in these bytes.
    ///
    /// # Panics
    /// If the last one is not whole, or a header is not one that a server may send.
    pub fn parse_all(mut bytes: &[u8]) -> Vec<Self> {
        let mut frames = Vec::new();
        while let Some((frame, len)) = Self::parse(bytes) {
            frames.push(frame);
            bytes = &bytes[len..];
        }
        assert!(bytes.is_empty(), "{} bytes of no frame", bytes.len());
        frames
    }

    /// The code and the reason, if this is a Close frame.
    pub fn close(&self) -> Option<(u16, &str)> {
        match (self.first, self.payload.as_slice()) {
            (0x88, []) => Some((1005, "")),
            (0x88, [a, b, reason @ ..]) => {
                Some((u16::from_be_bytes([*a, *b]), std::str::from_utf8(reason).unwrap()))
            }
            _ => None,
        }
    }
}

/// True if the bytes are frames of a server, and the last one is whole.
///
/// # Panics
/// If a header is not one that a server may send.
pub fn frames_are_whole(mut bytes: &[u8]) -> bool {
    while let Some(frame) = split_server_frame(bytes) {
        bytes = frame.rest;
    }
    bytes.is_empty()
}

/// A frame, and the bytes behind it.
struct Parts<'a> {
    first: u8,
    key: Option<[u8; 4]>,
    /// The payload as it was sent, masked or not.
    payload: &'a [u8],
    rest: &'a [u8],
}

/// Splits off the first frame, if it is whole. A header is checked as soon as its first two bytes are there.
fn split_server_frame(bytes: &[u8]) -> Option<Parts<'_>> {
    if let [first, second, ..] = bytes {
        assert_eq!(first & 0x30, 0, "RSV2 and RSV3 are never set");
        assert_eq!(second & MASKED, 0, "a server does not mask");
    }
    split(bytes)
}

fn split(bytes: &[u8]) -> Option<Parts<'_>> {
    let (&[first, second], rest) = bytes.split_first_chunk()?;
    let (len, rest) = match second & !MASKED {
        126 => rest.split_first_chunk().map(|(len, rest)| (u16::from_be_bytes(*len).into(), rest))?,
        127 => rest.split_first_chunk().map(|(len, rest)| (u64::from_be_bytes(*len), rest))?,
        len => (len.into(), rest),
    };
    let (key, rest) = match second & MASKED {
        0 => (None, rest),
        _ => rest.split_first_chunk().map(|(key, rest)| (Some(*key), rest))?,
    };
    let (payload, rest) = rest.split_at_checked(len.try_into().ok()?)?;
    Some(Parts { first, key, payload, rest })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6455 section 5.7.
    #[test]
    fn the_examples_of_the_rfc_are_built() {
        let hello = frame_with_key(0x81, b"Hello", [0x37, 0xfa, 0x21, 0x3d]);
        assert_eq!(hello, *b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58");
        assert_eq!(server_frame(0x81, b"Hello"), *b"\x81\x05Hello");
        assert_eq!(server_frame(0x82, &[0; 256])[..4], *b"\x82\x7e\x01\x00");
        assert_eq!(server_frame(0x82, &[0; 65_536])[..10], *b"\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00");
        assert_eq!(unmask(&hello), server_frame(0x81, b"Hello"));
    }

    #[test]
    fn a_frame_of_any_length_is_parsed_once_it_is_whole() {
        for len in [0, 1, 125, 126, 65_535, 65_536] {
            let payload = vec![b'x'; len];
            let bytes = server_frame(0x82, &payload);
            assert_eq!(unmask(&frame(0x82, &payload)), bytes);
            assert_eq!(frame(0x82, &payload)[..header(0x82, len as u64).len()], header(0x82, len as u64));
            assert_eq!(Frame::parse(&bytes[..bytes.len() - 1]), None);
            assert!(!frames_are_whole(&bytes[..bytes.len() - 1]));
            let expected = Frame { first: 0x82, payload };
            assert_eq!(Frame::parse(&[&bytes[..], b"more"].concat()), Some((expected, bytes.len())));
            assert_eq!(Frame::parse_all(&bytes.repeat(2)).len(), 2);
            assert!(frames_are_whole(&bytes.repeat(2)));
        }
    }

    #[test]
    #[should_panic(expected = "a server does not mask")]
    fn a_masked_frame_is_not_a_servers() {
        frames_are_whole(&frame(0x81, b"Hello")[..2]);
    }
}
