//! Unmasking (RFC 6455 section 5.3), in one pass with moving the payload over the bytes of the mask.

/// The mask of one frame, and the position of the next byte of the payload in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mask {
    /// Rotated so that its lowest byte is for the next byte of the payload.
    key: u32,
}

/// Words that are moved at a time: enough to keep a vector unit busy.
const WORDS: usize = 8;

impl Mask {
    /// A mask at the beginning of its payload.
    pub const fn new(key: [u8; 4]) -> Self {
        Self { key: u32::from_le_bytes(key) }
    }

    /// Returns the mask for `len` bytes further on.
    const fn rotated(self, len: usize) -> Self {
        Self { key: self.key.rotate_right(8 * (len % 4) as u32) }
    }

    /// Returns the mask of the next eight bytes.
    const fn word(self) -> u64 {
        self.key as u64 | (self.key as u64) << 32
    }

    /// Unmasks the next `len` bytes of a payload, and moves them from the index `from` of the buffer to `to`, which is at most
    /// `from`.
    ///
    /// # Panics
    /// The bytes are not all within the buffer.
    #[inline]
    pub fn apply(&mut self, buffer: &mut [u8], from: usize, to: usize, len: usize) {
        debug_assert!(to <= from);
        // One slice for source and destination, so that few bounds checks are left.
        let gap = from - to;
        let buffer = &mut buffer[to..from + len];
        let key = self.word();
        *self = self.rotated(len);
        if len < 8 {
            for (at, key) in key.to_le_bytes().iter().enumerate().take(len) {
                buffer[at] = buffer[at + gap] ^ key;
            }
            return;
        }
        // The last word may overlap the one before it, so it is read before that one is written.
        let last = load(buffer, len + gap - 8) ^ self.word();
        let mut at = 0;
        while at + WORDS * 8 <= len {
            // The block is read before it is written, so source and destination may overlap.
            let mut block = [[0; 8]; WORDS];
            block.as_flattened_mut().copy_from_slice(&buffer[at + gap..at + gap + WORDS * 8]);
            for word in &mut block {
                *word = (u64::from_le_bytes(*word) ^ key).to_le_bytes();
            }
            buffer[at..at + WORDS * 8].copy_from_slice(block.as_flattened());
            at += WORDS * 8;
        }
        while at + 8 <= len {
            let word = load(buffer, at + gap) ^ key;
            buffer[at..at + 8].copy_from_slice(&word.to_le_bytes());
            at += 8;
        }
        buffer[len - 8..len].copy_from_slice(&last.to_le_bytes());
    }

    /// Unmasks the next bytes of a payload, and appends them to `out`.
    pub fn append(&mut self, masked: &[u8], out: &mut Vec<u8>) {
        let start = out.len();
        out.extend_from_slice(masked);
        self.apply(&mut out[start..], 0, 0, masked.len());
    }
}

/// Returns the word at index `at`.
fn load(buffer: &[u8], at: usize) -> u64 {
    let mut word = [0; 8];
    word.copy_from_slice(&buffer[at..at + 8]);
    u64::from_le_bytes(word)
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
    fn appending_continues_behind_the_last_piece() {
        let key = [1, 2, 3, 4];
        let mut mask = Mask::new(key);
        let mut out = vec![9];
        mask.append(&[1, 2, 3], &mut out);
        mask.append(&[4, 1], &mut out);
        assert_eq!(out, [9, 0, 0, 0, 0, 0]);
    }
}
