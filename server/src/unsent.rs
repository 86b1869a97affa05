//! What a socket has not taken yet.

/// Bytes to send, oldest first. Holds no memory when it is empty.
#[derive(Debug, Default)]
pub(crate) struct Unsent {
    bytes: Vec<u8>,
    /// How many of them are sent already.
    sent: usize,
}

impl Unsent {
    pub(crate) const fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    pub(crate) const fn capacity(&self) -> usize {
        self.bytes.capacity()
    }

    /// What is to be sent next.
    pub(crate) fn rest(&self) -> &[u8] {
        &self.bytes[self.sent..]
    }

    /// `len` more bytes were sent.
    pub(crate) fn advance(&mut self, len: usize) {
        self.sent += len;
        if self.sent == self.bytes.len() {
            *self = Self::default();
        }
    }

    /// Adds bytes that need not be copied if there are none before them.
    pub(crate) fn push(&mut self, bytes: Vec<u8>) {
        if self.is_empty() {
            *self = Self { bytes, sent: 0 };
        } else {
            self.extend(&bytes);
        }
    }

    /// Adds bytes.
    pub(crate) fn extend(&mut self, bytes: &[u8]) {
        // What is sent makes room before more is asked for; only once it is the larger part, so that it is moved seldom.
        if self.sent > self.bytes.len() / 2 && self.bytes.len() + bytes.len() > self.bytes.capacity() {
            self.bytes.drain(..self.sent);
            self.sent = 0;
        }
        self.bytes.extend_from_slice(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_leave_in_their_order_and_leave_nothing_behind() {
        let mut unsent = Unsent::default();
        unsent.push(b"hel".to_vec());
        unsent.push(b"lo".to_vec());
        unsent.advance(4);
        assert_eq!(unsent.rest(), b"o");
        unsent.extend(&[b'!'; 1000]);
        assert_eq!(unsent.rest().len(), 1001);
        assert!(unsent.rest().starts_with(b"o!"));
        unsent.advance(1001);
        assert!(unsent.is_empty());
        assert_eq!(unsent.capacity(), 0);
    }
}
