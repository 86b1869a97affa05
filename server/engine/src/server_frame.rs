//! Frames of a server (RFC 6455 section 5.2), which are not masked.

/// Returns the header of a frame with `len` bytes of payload. `first` is its first byte: FIN, the reserved bits and the opcode.
pub fn server_header(first: u8, len: u64) -> Vec<u8> {
    match len {
        0..=125 => vec![first, len as u8],
        126..=0xffff => [&[first, 126], &(len as u16).to_be_bytes()[..]].concat(),
        _ => [&[first, 127], &len.to_be_bytes()[..]].concat(),
    }
}

/// Returns a frame with this payload. `first` is its first byte: FIN, the reserved bits and the opcode.
pub fn server_frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = server_header(first, payload.len() as u64);
    frame.extend_from_slice(payload);
    frame
}

#[cfg(test)]
mod tests {
    use ws_echo_test_support::frame;

    use super::*;

    #[test]
    fn a_length_has_its_shortest_form() {
        for len in [0, 125, 126, 65_535, 65_536] {
            let payload = vec![b'x'; len];
            assert_eq!(server_frame(0x82, &payload), frame::server_frame(0x82, &payload), "{len}");
        }
    }
}
