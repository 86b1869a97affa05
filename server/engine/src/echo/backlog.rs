//! Bytes that were read behind a frame that is still being inflated.

/// Bytes that wait to be processed. It holds no memory when it is empty, and is small then: nearly every connection has such a one.
#[derive(Debug, Default)]
pub(super) struct Backlog(Option<Box<Unprocessed>>);

#[derive(Debug, Default)]
struct Unprocessed {
    /// At least one byte is not processed.
    bytes: Vec<u8>,
    /// The number of bytes that were processed.
    done: usize,
}

impl Backlog {
    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Returns the memory that it takes, in bytes.
    pub(super) fn held(&self) -> usize {
        self.0.as_ref().map_or(0, |waiting| waiting.bytes.capacity())
    }

    /// Adds bytes at the end.
    pub(super) fn extend(&mut self, more: &[u8]) {
        if !more.is_empty() {
            let waiting = self.0.get_or_insert_default();
            waiting.bytes.reserve_exact(more.len());
            waiting.bytes.extend_from_slice(more);
        }
    }

    /// Copies the next bytes, as far as there is room for them; returns their number.
    pub(super) fn copy_to(&self, room: &mut [u8]) -> usize {
        let next = self.0.as_ref().map_or(&[][..], |waiting| &waiting.bytes[waiting.done..]);
        let len = next.len().min(room.len());
        room[..len].copy_from_slice(&next[..len]);
        len
    }

    /// Notes that the next `len` bytes were processed.
    pub(super) fn advance(&mut self, len: usize) {
        if let Some(waiting) = &mut self.0 {
            waiting.done += len;
            if waiting.done == waiting.bytes.len() {
                self.0 = None;
            }
        }
    }
}
