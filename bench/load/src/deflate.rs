//! Compression with permessage-deflate and without context takeover (RFC 7692, section 7.2).

use anyhow::{Result, ensure};
use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

/// Extension offer that asks both sides to keep no context.
pub(crate) const OFFER: &str = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

/// End of a flushed message. It comes from an empty block and is not sent (section 7.2.1).
const TAIL: [u8; 4] = [0, 0, 0xFF, 0xFF];

/// True if the server agreed to compress without context takeover, so that each of its messages can be inflated alone.
pub(crate) fn agreed(extensions: &str) -> bool {
    let mut parameters = extensions.split([';', ',']).map(str::trim);
    parameters.next() == Some("permessage-deflate")
        && parameters.any(|name| name == "server_no_context_takeover")
}

/// Compresses a message. Returns the payload of its frame.
pub(crate) fn deflate(text: &[u8], level: u32) -> Vec<u8> {
    let mut compressed = Vec::with_capacity(text.len() + 64);
    let result = Compress::new(Compression::new(level), false).compress_vec(
        text,
        &mut compressed,
        FlushCompress::Sync,
    );
    assert!(matches!(result, Ok(Status::Ok)) && compressed.ends_with(&TAIL), "there is room for everything");
    compressed.truncate(compressed.len() - TAIL.len());
    compressed
}

/// Inflates the payload of a message, whose text should have `length` bytes. Fails if the payload is invalid or inflates to a
/// much longer text.
pub(crate) fn inflate(payload: &[u8], length: usize) -> Result<Vec<u8>> {
    let mut text = Vec::with_capacity(length + 64);
    let input = [payload, &TAIL].concat();
    let mut rest = &input[..];
    while !rest.is_empty() {
        let mut inflater = Decompress::new(false);
        let status = inflater.decompress_vec(rest, &mut text, FlushDecompress::Sync)?;
        rest = &rest[inflater.total_in() as usize..];
        // A message may contain a final block and further blocks after it (section 7.2.3.4).
        ensure!(rest.is_empty() || status == Status::StreamEnd, "the answer inflates to more than was sent");
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_comes_back() {
        for text in [b"".to_vec(), b"{}".to_vec(), crate::payload::json(1024, 3)] {
            assert_eq!(inflate(&deflate(&text, 6), text.len()).expect("is valid"), text);
        }
        // Example of RFC 7692, section 7.2.3.1.
        assert_eq!(inflate(b"\xf2\x48\xcd\xc9\xc9\x07\x00", 5).expect("is valid"), b"Hello");
        // Example with a final block, section 7.2.3.4.
        assert_eq!(inflate(b"\xf3\x48\xcd\xc9\xc9\x07\x00\x00", 5).expect("is valid"), b"Hello");
        assert!(inflate(&deflate(&[b'a'; 5000], 6), 5).is_err());
    }

    #[test]
    fn only_messages_that_stand_alone_will_do() {
        assert!(agreed("permessage-deflate; server_no_context_takeover; client_no_context_takeover"));
        assert!(agreed("permessage-deflate;client_no_context_takeover;server_no_context_takeover"));
        assert!(!agreed("permessage-deflate") && !agreed("") && !agreed("x-server_no_context_takeover"));
    }
}
