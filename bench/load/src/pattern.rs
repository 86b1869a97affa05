//! Byte sequence that may be larger than memory and still fits into the processor's cache: a beginning, and a block that is
//! repeated.

/// Size in bytes of the repeated block of longer payloads. It is not a power of two, so that a lost or repeated piece of the
/// size of a server's buffer is detected. It is a multiple of four, so that a masked block is the same at each place.
pub(crate) const BLOCK: usize = 65_532;

/// Bytes of `first`, followed by `repeats` times `block`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern {
    first: Vec<u8>,
    block: Vec<u8>,
    repeats: u64,
}

impl Pattern {
    /// Creates a payload of `length` bytes. `make` returns the number of bytes that it is given.
    pub(crate) fn payload(length: u64, make: impl Fn(usize) -> Vec<u8>) -> Self {
        let block = BLOCK as u64;
        if length <= block {
            return Self { first: make(length as usize), block: Vec::new(), repeats: 0 };
        }
        Self { first: make((length % block) as usize), block: make(BLOCK), repeats: length / block }
    }

    /// Returns the frame of this payload: `head`, and the payload masked with `key`.
    pub(crate) fn masked(&self, head: Vec<u8>, mut key: [u8; 4]) -> Self {
        let mut frame = head;
        frame.extend(self.first.iter().zip(key.iter().cycle()).map(|(byte, key)| byte ^ key));
        key.rotate_left(self.first.len() % 4);
        let block = self.block.iter().zip(key.iter().cycle()).map(|(byte, key)| byte ^ key).collect();
        Self { first: frame, block, repeats: self.repeats }
    }

    /// Joins the patterns. If there is more than one, all must be short.
    pub(crate) fn concat(patterns: Vec<Self>) -> Self {
        if let [only] = &patterns[..] {
            return only.clone();
        }
        assert!(
            patterns.iter().all(|pattern| pattern.repeats == 0),
            "a long message is the only one of its connection"
        );
        let first = patterns.into_iter().flat_map(|pattern| pattern.first).collect();
        Self { first, block: Vec::new(), repeats: 0 }
    }

    pub(crate) fn length(&self) -> u64 {
        self.first.len() as u64 + self.block.len() as u64 * self.repeats
    }

    /// Returns the contiguous bytes from `position` on; empty at the end.
    pub(crate) fn at(&self, position: u64) -> &[u8] {
        match position.checked_sub(self.first.len() as u64) {
            None => &self.first[position as usize..],
            Some(_) if position >= self.length() => &[],
            Some(in_blocks) => &self.block[(in_blocks % self.block.len() as u64) as usize..],
        }
    }

    /// True if `bytes` are found at `position`.
    pub(crate) fn has(&self, mut position: u64, mut bytes: &[u8]) -> bool {
        while !bytes.is_empty() {
            let piece = self.at(position);
            let length = piece.len().min(bytes.len());
            if length == 0 || bytes[..length] != piece[..length] {
                return false;
            }
            position += length as u64;
            bytes = &bytes[length..];
        }
        true
    }

    /// True if no block is repeated.
    pub(crate) fn is_short(&self) -> bool {
        self.repeats == 0
    }

    /// Returns all bytes of a short pattern.
    pub(crate) fn as_slice(&self) -> &[u8] {
        &self.first
    }
}

/// Returns the index after `index` in a ring of `length`. It avoids a division, whose cost for each message is measurable.
pub(crate) fn after(index: usize, length: usize) -> usize {
    if index + 1 == length { 0 } else { index + 1 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload;

    fn whole(pattern: &Pattern) -> Vec<u8> {
        let mut bytes = Vec::new();
        while !pattern.at(bytes.len() as u64).is_empty() {
            bytes.extend_from_slice(pattern.at(bytes.len() as u64));
        }
        bytes
    }

    #[test]
    fn a_long_text_is_utf8_and_as_long_as_said() {
        for length in [0, 5, BLOCK, BLOCK + 1, 3 * BLOCK - 1, 1 << 20] {
            let pattern = Pattern::payload(length as u64, |length| payload::text(length, 1));
            let bytes = whole(&pattern);
            assert_eq!((bytes.len(), pattern.length()), (length, length as u64));
            assert!(String::from_utf8(bytes).is_ok());
        }
    }

    #[test]
    fn masking_goes_on_from_block_to_block() {
        let key = [1, 2, 3, 4];
        for length in [7, BLOCK + 3, 4 * BLOCK + 2] {
            let pattern = Pattern::payload(length as u64, |length| payload::binary(length, 1));
            let masked = whole(&pattern.masked(b"head".to_vec(), key));
            let expected: Vec<u8> =
                whole(&pattern).iter().enumerate().map(|(index, byte)| byte ^ key[index % 4]).collect();
            assert_eq!(masked, [b"head".to_vec(), expected].concat());
        }
    }

    #[test]
    fn a_byte_more_or_less_or_another_shows() {
        let pattern = Pattern::payload(200_000, |length| payload::binary(length, 1));
        let mut bytes = whole(&pattern);
        assert!(
            pattern.has(0, &bytes) && pattern.has(150_000, &bytes[150_000..]) && pattern.has(200_000, &[])
        );
        assert!(!pattern.has(150_000, &bytes[149_999..]));
        bytes.push(0);
        assert!(!pattern.has(0, &bytes));
        bytes.pop();
        bytes[199_999] ^= 1;
        assert!(!pattern.has(0, &bytes));
    }
}
