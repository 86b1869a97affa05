//! Unmasking (RFC 6455 section 5.3), in the pass that also closes the gap which the mask leaves in a frame.

/// The mask of one frame, and where in it the next byte of the payload is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mask {
    /// Turned so that its first byte is for the next byte of the payload.
    key: [u8; 4],
}

/// How many bytes are moved at a time: enough to keep a vector unit busy, and a multiple of the key.
const BLOCK: usize = 64;

impl Mask {
    /// A mask at the beginning of its payload.
    pub const fn new(key: [u8; 4]) -> Self {
        Self { key }
    }

    /// Unmasks the next `len` bytes of a payload, at `from` in the buffer, to `to`, which is not behind `from`.
    pub fn apply(&mut self, buffer: &mut [u8], from: usize, to: usize, len: usize) {
        debug_assert!(to <= from);
        // One slice for both ends, so that the loop below has no bounds left to check.
        let gap = from - to;
        let buffer = &mut buffer[to..from + len];
        let wide = self.wide();
        let mut at = 0;
        while at + BLOCK <= len {
            // The block is out of the buffer before it is written, so it may overlap its own place.
            let mut block = [0; BLOCK];
            block.copy_from_slice(&buffer[at + gap..at + gap + BLOCK]);
            for (byte, key) in block.iter_mut().zip(&wide) {
                *byte ^= key;
            }
            buffer[at..at + BLOCK].copy_from_slice(&block);
            at += BLOCK;
        }
        while at + 8 <= len {
            let mut word = [0; 8];
            word.copy_from_slice(&buffer[at + gap..at + gap + 8]);
            let unmasked = u64::from_ne_bytes(word)
                ^ u64::from_ne_bytes([
                    wide[0], wide[1], wide[2], wide[3], wide[4], wide[5], wide[6], wide[7],
                ]);
            buffer[at..at + 8].copy_from_slice(&unmasked.to_ne_bytes());
            at += 8;
        }
        while at < len {
            buffer[at] = buffer[at + gap] ^ self.key[at % 4];
            at += 1;
        }
        self.advance(len);
    }

    /// Unmasks the next bytes of a payload to the end of `out`.
    pub fn append(&mut self, masked: &[u8], out: &mut Vec<u8>) {
        let start = out.len();
        out.extend_from_slice(masked);
        self.apply(&mut out[start..], 0, 0, masked.len());
    }

    fn wide(self) -> [u8; BLOCK] {
        let mut wide = [0; BLOCK];
        for (byte, key) in wide.iter_mut().zip(self.key.iter().cycle()) {
            *byte = *key;
        }
        wide
    }

    fn advance(&mut self, len: usize) {
        self.key.rotate_left(len % 4);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_length_at_any_gap_in_any_pieces() {
        let key = [0x12, 0x34, 0x56, 0x78];
        let plain: Vec<u8> = (0..300u32).map(|byte| (byte * 7) as u8).collect();
        let masked: Vec<u8> = plain.iter().zip(key.iter().cycle()).map(|(byte, key)| byte ^ key).collect();
        for gap in [0, 1, 4, 8, 63, 64, 65, 200] {
            for len in (0..=140).chain([300]) {
                for piece in [1, 3, 4, 64, 100, 300] {
                    let mut buffer = vec![0xee; gap];
                    buffer.extend(&masked[..len]);
                    let mut mask = Mask::new(key);
                    let mut at = 0;
                    while at < len {
                        let now = piece.min(len - at);
                        mask.apply(&mut buffer, gap + at, at, now);
                        at += now;
                    }
                    assert_eq!(&buffer[..len], &plain[..len], "gap {gap}, {len} bytes, by {piece}");
                }
            }
        }
    }

    #[test]
    fn appending_goes_on_where_the_last_piece_ended() {
        let key = [1, 2, 3, 4];
        let mut mask = Mask::new(key);
        let mut out = vec![9];
        mask.append(&[1, 2, 3], &mut out);
        mask.append(&[4, 1], &mut out);
        assert_eq!(out, [9, 0, 0, 0, 0, 0]);
    }
}
