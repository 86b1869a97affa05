//! The header of a client's frame (RFC 6455 section 5.2).

use super::ProtocolError;

/// Length of the longest header, in bytes: the first two, a payload length of eight, and a mask of four.
pub(super) const MAX_LEN: usize = 14;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opcode {
    Continuation,
    Text,
    Binary,
    Close,
    Ping,
    Pong,
}

impl Opcode {
    const fn is_control(self) -> bool {
        matches!(self, Self::Close | Self::Ping | Self::Pong)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) fin: bool,
    pub(super) rsv1: bool,
    pub(super) opcode: Opcode,
    pub(super) payload_len: u64,
}

/// The result of reading the first bytes of a frame.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Parsed {
    /// More bytes are needed to know the length.
    Incomplete,
    /// All but the mask is known. The header is `len` bytes long; the last four are the mask.
    Known { header: Header, len: usize },
}

/// Reads a header. `rsv1_allowed`: an extension was negotiated that uses the bit on data frames.
///
/// # Errors
/// The header breaks a rule. The error is returned at the first byte that shows it.
pub(super) fn parse(bytes: &[u8], rsv1_allowed: bool) -> Result<Parsed, ProtocolError> {
    let &[first, ref rest @ ..] = bytes else { return Ok(Parsed::Incomplete) };
    let fin = first & 0x80 != 0;
    let rsv1 = first & 0x40 != 0;
    if first & 0x30 != 0 {
        return Err(ProtocolError::ReservedBits);
    }
    if rsv1 && !rsv1_allowed {
        return Err(ProtocolError::Rsv1NotNegotiated);
    }
    let opcode = match first & 0x0f {
        0 => Opcode::Continuation,
        1 => Opcode::Text,
        2 => Opcode::Binary,
        8 => Opcode::Close,
        9 => Opcode::Ping,
        10 => Opcode::Pong,
        reserved => return Err(ProtocolError::ReservedOpcode(reserved)),
    };
    if opcode.is_control() && rsv1 {
        return Err(ProtocolError::Rsv1OnControl);
    }
    if opcode.is_control() && !fin {
        return Err(ProtocolError::FragmentedControl);
    }

    let &[second, ref rest @ ..] = rest else { return Ok(Parsed::Incomplete) };
    if second & 0x80 == 0 {
        return Err(ProtocolError::Unmasked);
    }
    let short_len = second & 0x7f;
    if opcode.is_control() && short_len > 125 {
        return Err(ProtocolError::LongControl);
    }
    let (payload_len, len_of_len) = match (short_len, rest) {
        (126, &[a, b, ..]) => (u64::from(u16::from_be_bytes([a, b])), 2),
        (127, &[a, b, c, d, e, f, g, h, ..]) => (u64::from_be_bytes([a, b, c, d, e, f, g, h]), 8),
        (126 | 127, _) => return Ok(Parsed::Incomplete),
        (len, _) => (u64::from(len), 0),
    };
    let is_shortest = match len_of_len {
        2 => payload_len > 125,
        8 => payload_len > u64::from(u16::MAX),
        _ => true,
    };
    if !is_shortest {
        return Err(ProtocolError::LengthNotShortest);
    }
    if payload_len > i64::MAX as u64 {
        return Err(ProtocolError::LengthTopBit);
    }
    Ok(Parsed::Known { header: Header { fin, rsv1, opcode, payload_len }, len: 2 + len_of_len + 4 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_read_as_soon_as_it_is_there() {
        for (bytes, payload_len, len) in [
            (&[0x82, 0x80][..], 0, 6),
            (&[0x82, 0xfd], 125, 6),
            (&[0x82, 0xfe, 0, 126], 126, 8),
            (&[0x82, 0xfe, 0xff, 0xff], 65535, 8),
            (&[0x82, 0xff, 0, 0, 0, 0, 0, 1, 0, 0], 65536, 14),
            (&[0x82, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], i64::MAX as u64, 14),
        ] {
            let header = Header { fin: true, rsv1: false, opcode: Opcode::Binary, payload_len };
            assert_eq!(parse(bytes, false), Ok(Parsed::Known { header, len }), "{bytes:x?}");
            for short in 0..bytes.len() {
                assert_eq!(
                    parse(&bytes[..short], false),
                    Ok(Parsed::Incomplete),
                    "{short} bytes of {bytes:x?}"
                );
            }
        }
    }

    #[test]
    fn an_error_is_returned_at_the_byte_that_breaks_the_rule() {
        for (bytes, error) in [
            (&[0xc1][..], ProtocolError::Rsv1NotNegotiated),
            (&[0xa1], ProtocolError::ReservedBits),
            (&[0x91], ProtocolError::ReservedBits),
            (&[0x83], ProtocolError::ReservedOpcode(3)),
            (&[0x87], ProtocolError::ReservedOpcode(7)),
            (&[0x8b], ProtocolError::ReservedOpcode(11)),
            (&[0x8f], ProtocolError::ReservedOpcode(15)),
            (&[0x09], ProtocolError::FragmentedControl),
            (&[0x82, 0x01], ProtocolError::Unmasked),
            (&[0x89, 0xfe], ProtocolError::LongControl),
            (&[0x88, 0xff], ProtocolError::LongControl),
            (&[0x82, 0xfe, 0, 125], ProtocolError::LengthNotShortest),
            (&[0x82, 0xff, 0, 0, 0, 0, 0, 0, 0xff, 0xff], ProtocolError::LengthNotShortest),
            (&[0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0], ProtocolError::LengthTopBit),
        ] {
            assert_eq!(parse(bytes, false), Err(error), "{bytes:x?}");
            assert_eq!(
                parse(&bytes[..bytes.len() - 1], false),
                Ok(Parsed::Incomplete),
                "{bytes:x?} less one"
            );
        }
    }

    #[test]
    fn rsv1_is_for_data_frames_and_only_if_it_was_negotiated() {
        assert!(matches!(
            parse(&[0xc1, 0x80], true),
            Ok(Parsed::Known { header: Header { rsv1: true, .. }, .. })
        ));
        assert_eq!(parse(&[0xc1, 0x80], false), Err(ProtocolError::Rsv1NotNegotiated));
        assert_eq!(parse(&[0xc9, 0x80], true), Err(ProtocolError::Rsv1OnControl));
        assert_eq!(parse(&[0xc9, 0x80], false), Err(ProtocolError::Rsv1NotNegotiated));
        assert_eq!(parse(&[0xe1, 0x80], true), Err(ProtocolError::ReservedBits));
    }
}
