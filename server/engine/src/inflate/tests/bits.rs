//! DEFLATE that is written bit by bit.

/// Writes DEFLATE bit by bit, with the fixed codes of RFC 1951 section 3.2.6.
#[derive(Default, Clone)]
pub(super) struct Bits {
    pub(super) bytes: Vec<u8>,
    /// Number of bits in the last byte.
    pub(super) used: u32,
}

impl Bits {
    /// Appends bits, the least significant one first.
    pub(super) fn put(&mut self, value: u32, count: u32) -> &mut Self {
        for bit in 0..count {
            if self.used.is_multiple_of(8) {
                self.bytes.push(0);
            }
            *self.bytes.last_mut().unwrap() |= ((value >> bit & 1) as u8) << (self.used % 8);
            self.used = self.used % 8 + 1;
        }
        self
    }

    /// Appends a Huffman code, its most significant bit first.
    pub(super) fn code(&mut self, code: u32, count: u32) -> &mut Self {
        self.put(code.reverse_bits() >> (32 - count), count)
    }

    pub(super) fn block(&mut self, is_final: bool) -> &mut Self {
        self.put(u32::from(is_final), 1).put(1, 2)
    }

    pub(super) fn literals(&mut self, bytes: &[u8]) -> &mut Self {
        for &byte in bytes {
            match u32::from(byte) {
                byte @ 0..=143 => self.code(0x30 + byte, 8),
                byte => self.code(0x190 + byte - 144, 9),
            };
        }
        self
    }

    /// Appends a reference to three bytes.
    pub(super) fn refer_back(&mut self, distance: u32) -> &mut Self {
        self.code(1, 7);
        // RFC 1951 section 3.2.5: two codes for each number of extra bits, and four for 0.
        let from_zero = distance - 1;
        let extra = (from_zero | 1).ilog2().saturating_sub(1);
        let code = if from_zero < 4 { from_zero } else { 2 * extra + (from_zero >> extra) };
        self.code(code, 5).put(from_zero & ((1 << extra) - 1), extra)
    }

    pub(super) fn end_of_block(&mut self) -> &mut Self {
        self.code(0, 7)
    }

    /// Ends the message (RFC 7692 section 7.2.1), and returns it.
    pub(super) fn message(&mut self) -> Vec<u8> {
        self.put(0, 3);
        self.bytes.clone()
    }
}
