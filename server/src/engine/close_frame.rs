//! The body of a Close frame (RFC 6455 section 5.5.1).

use ws_echo_shared::CloseCode;

use super::Fault;

/// Checks an unmasked body: empty, or a code that may be sent and a reason in UTF-8.
pub(super) fn check(body: &[u8]) -> Result<(), Fault> {
    match *body {
        [] => Ok(()),
        [_] => Err(Fault::ShortClose),
        [a, b, ref reason @ ..] => {
            let code = u16::from_be_bytes([a, b]);
            if !CloseCode(code).may_be_sent() {
                return Err(Fault::BadCloseCode(code));
            }
            std::str::from_utf8(reason).map(|_| ()).map_err(|_| Fault::ReasonNotUtf8)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies() {
        assert_eq!(check(b""), Ok(()));
        assert_eq!(check(b"\x03\xe8"), Ok(()));
        assert_eq!(check(b"\x13\x87bye"), Ok(()), "4999");
        assert_eq!(check(b"\x03"), Err(Fault::ShortClose));
        assert_eq!(check(b"\x03\xed"), Err(Fault::BadCloseCode(1005)));
        assert_eq!(check(b"\x03\xe8\xff"), Err(Fault::ReasonNotUtf8));
    }
}
