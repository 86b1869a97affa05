//! Bytes that were read behind a frame that is still being inflated.

/// Bytes that wait to be processed. Holds no memory when it is empty.
#[derive(Debug, Default)]
pub(super) struct Backlog {
    bytes: Vec<u8>,
    /// The number of them that were processed.
    done: usize,
}

impl Backlog {
    pub(super) const fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Gives the memory that it takes, in bytes.
    pub(super) const fn held(&self) -> usize {
        self.bytes.capacity()
    }

    /// Adds bytes at the end.
    pub(super) fn extend(&mut self, more: &[u8]) {
        self.bytes.reserve_exact(more.len());
        self.bytes.extend_from_slice(more);
    }

    /// Copies the next bytes, as far as there is room for them; says how many that were.
    pub(super) fn copy_to(&self, room: &mut [u8]) -> usize {
        let next = &self.bytes[self.done..];
        let len = next.len().min(room.len());
        room[..len].copy_from_slice(&next[..len]);
        len
    }

    /// So many of the next bytes were processed.
    pub(super) fn advance(&mut self, len: usize) {
        self.done += len;
        if self.done == self.bytes.len() {
            *self = Self::default();
        }
    }
}
