//! Compression of messages as a sender of permessage-deflate does it (RFC 7692 section 7.2.1).

use std::io::Write as _;

use flate2::{Compression, write::DeflateEncoder};

/// The end of the empty block behind each message, which is not sent.
const TAIL: [u8; 4] = [0, 0, 0xff, 0xff];

/// Compresses the messages of a connection: each may refer back to those before it.
pub struct Compressor {
    encoder: DeflateEncoder<Vec<u8>>,
}

impl Compressor {
    /// A compressor of this level: from 0, which only stores, to 9, which takes the longest.
    pub fn new(level: u32) -> Self {
        Self { encoder: DeflateEncoder::new(Vec::new(), Compression::new(level)) }
    }

    /// The payload of the next message.
    pub fn compress(&mut self, plain: &[u8]) -> Vec<u8> {
        self.encoder.write_all(plain).unwrap();
        self.encoder.flush().unwrap();
        let compressed = std::mem::take(self.encoder.get_mut());
        compressed.strip_suffix(&TAIL).unwrap().to_vec()
    }
}

impl Default for Compressor {
    /// A compressor of zlib's own default level.
    fn default() -> Self {
        Self::new(Compression::default().level())
    }
}

/// The payload of a message that refers back to no other one.
pub fn compress(plain: &[u8]) -> Vec<u8> {
    Compressor::default().compress(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7692 sections 7.2.3.1 and 7.2.3.2.
    #[test]
    fn the_examples_of_the_rfc_are_made() {
        let mut compressor = Compressor::default();
        assert_eq!(compressor.compress(b"Hello"), [0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00]);
        assert_eq!(compressor.compress(b"Hello"), [0xf2, 0x00, 0x11, 0x00, 0x00]);
        assert_eq!(compress(b"Hello"), [0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00]);
    }
}
