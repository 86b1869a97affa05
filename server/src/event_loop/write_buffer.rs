//! The write buffer: bytes that a socket has not taken yet.

/// Bytes to send, oldest first. It holds no memory when it is empty, and is small then: nearly every connection has such a one.
#[derive(Debug, Default)]
pub(crate) struct WriteBuffer(Option<Box<Unsent>>);

#[derive(Debug, Default)]
struct Unsent {
    /// At least one byte is unsent.
    bytes: Vec<u8>,
    /// The number of bytes that were sent.
    sent: usize,
}

impl WriteBuffer {
    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    pub(crate) fn capacity(&self) -> usize {
        self.0.as_ref().map_or(0, |unsent| unsent.bytes.capacity())
    }

    /// Returns the number of unsent bytes.
    pub(crate) fn len(&self) -> usize {
        self.unsent().len()
    }

    /// Returns the unsent bytes.
    pub(crate) fn unsent(&self) -> &[u8] {
        self.0.as_ref().map_or(&[], |unsent| &unsent.bytes[unsent.sent..])
    }

    /// Notes that `len` more bytes were sent.
    pub(crate) fn advance(&mut self, len: usize) {
        if let Some(unsent) = &mut self.0 {
            unsent.sent += len;
            if unsent.sent == unsent.bytes.len() {
                self.0 = None;
            }
        }
    }

    /// Adds bytes. They are not copied if the buffer is empty.
    pub(crate) fn push(&mut self, bytes: Vec<u8>) {
        if self.0.is_some() {
            self.extend(&bytes);
        } else if !bytes.is_empty() {
            self.0 = Some(Box::new(Unsent { bytes, sent: 0 }));
        }
    }

    /// Adds bytes.
    pub(crate) fn extend(&mut self, more: &[u8]) {
        if more.is_empty() {
            return;
        }
        let Unsent { bytes, sent } = &mut **self.0.get_or_insert_default();
        // Sent bytes make room before the buffer grows; only once they are the larger part, so that the others are moved seldom.
        if *sent > bytes.len() / 2 && bytes.len() + more.len() > bytes.capacity() {
            bytes.drain(..*sent);
            *sent = 0;
        }
        bytes.extend_from_slice(more);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_leave_in_their_order_and_leave_nothing_behind() {
        let mut buffer = WriteBuffer::default();
        buffer.push(b"hel".to_vec());
        buffer.push(b"lo".to_vec());
        buffer.advance(4);
        assert_eq!(buffer.unsent(), b"o");
        buffer.extend(&[b'!'; 1000]);
        assert_eq!(buffer.unsent().len(), 1001);
        assert!(buffer.unsent().starts_with(b"o!"));
        buffer.advance(1001);
        assert!(buffer.is_empty());
        assert_eq!(buffer.capacity(), 0);
    }
}
