//! The memory that clients make the server hold, and its limit.

use std::sync::atomic::{AtomicUsize, Ordering};

/// The memory that all clients together hold, in bytes.
#[derive(Debug)]
pub(crate) struct Memory {
    held: AtomicUsize,
    limit: usize,
}

/// No memory is left for the buffers of a client.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct OutOfMemory;

impl Memory {
    /// A counter with a limit, in bytes.
    pub(crate) const fn new(limit: usize) -> Self {
        Self { held: AtomicUsize::new(0), limit }
    }

    /// Returns the bytes that are held.
    pub(crate) fn held(&self) -> usize {
        self.held.load(Ordering::Relaxed)
    }

    /// Counts a client's change from `before` to `after` bytes.
    ///
    /// # Errors
    /// The client holds more than before, and all clients together now hold more than the limit. The change is counted all the
    /// same.
    pub(crate) fn change(&self, before: usize, after: usize) -> Result<(), OutOfMemory> {
        if after == before {
            return Ok(());
        }
        // A decrease wraps around, as the difference of two unsigned numbers does.
        let change = after.wrapping_sub(before);
        let all = self.held.fetch_add(change, Ordering::Relaxed).wrapping_add(change);
        if after > before && all > self.limit { Err(OutOfMemory) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_that_asks_for_more_than_there_is_is_told() {
        let memory = Memory::new(100);
        assert_eq!(memory.change(0, 60), Ok(()));
        assert_eq!(memory.change(0, 60), Err(OutOfMemory));
        assert_eq!(memory.change(60, 50), Ok(()), "less can be held at any time");
        assert_eq!(memory.held(), 110);
        let _ = memory.change(60, 0);
        let _ = memory.change(50, 0);
        assert_eq!(memory.held(), 0);
    }
}
