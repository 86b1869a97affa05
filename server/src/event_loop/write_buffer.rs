//! What a socket has not taken yet.

/// Bytes to send, oldest first. Holds no memory when it is empty, and is small then: nearly every connection has one such.
#[derive(Debug, Default)]
pub(crate) struct Unsent(Option<Box<Waiting>>);

#[derive(Debug, Default)]
struct Waiting {
    /// Never all of them sent.
    bytes: Vec<u8>,
    /// How many of them are sent already.
    sent: usize,
}

impl Unsent {
    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    pub(crate) fn capacity(&self) -> usize {
        self.0.as_ref().map_or(0, |waiting| waiting.bytes.capacity())
    }

    /// How many bytes are to be sent.
    pub(crate) fn len(&self) -> usize {
        self.rest().len()
    }

    /// What is to be sent next.
    pub(crate) fn rest(&self) -> &[u8] {
        self.0.as_ref().map_or(&[], |waiting| &waiting.bytes[waiting.sent..])
    }

    /// `len` more bytes were sent.
    pub(crate) fn advance(&mut self, len: usize) {
        if let Some(waiting) = &mut self.0 {
            waiting.sent += len;
            if waiting.sent == waiting.bytes.len() {
                self.0 = None;
            }
        }
    }

    /// Adds bytes that need not be copied if there are none before them.
    pub(crate) fn push(&mut self, bytes: Vec<u8>) {
        if self.0.is_some() {
            self.extend(&bytes);
        } else if !bytes.is_empty() {
            self.0 = Some(Box::new(Waiting { bytes, sent: 0 }));
        }
    }

    /// Adds bytes.
    pub(crate) fn extend(&mut self, more: &[u8]) {
        if more.is_empty() {
            return;
        }
        let Waiting { bytes, sent } = &mut **self.0.get_or_insert_default();
        // What is sent makes room before more is asked for; only once it is the larger part, so that it is moved seldom.
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
