//! Close frames (RFC 6455 section 5.5.1).

use ws_echo_shared::{CloseCode, limits::CLOSE_REASON};

use super::ProtocolError;

/// First byte of a Close frame: FIN and the opcode.
const CLOSE: u8 = 0x88;

/// Checks an unmasked body: it is empty, or a code that may be sent and a reason in UTF-8.
pub(super) fn check(body: &[u8]) -> Result<(), ProtocolError> {
    match *body {
        [] => Ok(()),
        [_] => Err(ProtocolError::ShortClose),
        [a, b, ref reason @ ..] => {
            let code = u16::from_be_bytes([a, b]);
            if !CloseCode(code).may_be_sent() {
                return Err(ProtocolError::BadCloseCode(code));
            }
            std::str::from_utf8(reason).map(|_| ()).map_err(|_| ProtocolError::ReasonNotUtf8)
        }
    }
}

/// Returns a Close frame of the server. A reason that is longer than 123 bytes is cut between two characters (RFC 6455 section
/// 5.5).
pub fn encode(code: CloseCode, reason: &str) -> Vec<u8> {
    let mut cut = reason.len().min(CLOSE_REASON);
    while !reason.is_char_boundary(cut) {
        cut -= 1;
    }
    let mut frame = vec![CLOSE, (2 + cut) as u8];
    frame.extend(code.0.to_be_bytes());
    frame.extend(&reason.as_bytes()[..cut]);
    frame
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies() {
        assert_eq!(check(b""), Ok(()));
        assert_eq!(check(b"\x03\xe8"), Ok(()));
        assert_eq!(check(b"\x13\x87bye"), Ok(()), "4999");
        assert_eq!(check(b"\x03"), Err(ProtocolError::ShortClose));
        assert_eq!(check(b"\x03\xed"), Err(ProtocolError::BadCloseCode(1005)));
        assert_eq!(check(b"\x03\xe8\xff"), Err(ProtocolError::ReasonNotUtf8));
    }

    #[test]
    fn a_reason_is_cut_at_a_character() {
        let frame = encode(CloseCode::NORMAL, &"é".repeat(100));
        assert_eq!(frame.len(), 2 + 2 + 122);
        assert!(std::str::from_utf8(&frame[4..]).is_ok());
    }
}
