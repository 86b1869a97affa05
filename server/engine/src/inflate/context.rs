//! The context of a message: the end of the output before it, which it may refer back to (RFC 7692 section 7.1.1).

/// The last bytes of output, as a ring buffer. It grows with the output, up to the size of the window.
#[derive(Default)]
pub(super) struct Context {
    bytes: Vec<u8>,
    /// Index of the oldest byte, which the next one replaces. The end of the bytes as long as the window is not full.
    next: usize,
}

impl Context {
    /// Takes over a ring buffer, whose next byte goes to `next`. If it is not full, the output is the bytes before `next`.
    pub(super) fn from_window(window: Box<[u8]>, next: usize, is_full: bool) -> Self {
        let mut bytes = window.into_vec();
        if next == bytes.len() {
            return Self { bytes, next: 0 };
        }
        if !is_full {
            bytes.truncate(next);
            bytes.shrink_to_fit();
        }
        Self { bytes, next }
    }

    /// Returns a ring buffer of `size` bytes, the index of its next byte, and true if it is full.
    pub(super) fn into_window(mut self, size: usize) -> (Box<[u8]>, usize, bool) {
        let is_full = self.bytes.len() == size;
        self.bytes.reserve_exact(size - self.bytes.len());
        self.bytes.resize(size, 0);
        (self.bytes.into_boxed_slice(), self.next, is_full)
    }

    /// Returns the memory that it holds, in bytes.
    pub(super) const fn held(&self) -> usize {
        self.bytes.capacity()
    }

    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.next = 0;
    }

    /// Returns the output in two parts, the older one first.
    pub(super) fn parts(&self) -> [&[u8]; 2] {
        let (newer, older) = self.bytes.split_at(self.next);
        [older, newer]
    }

    /// Adds output, and removes bytes that are more than `size` bytes back.
    pub(super) fn extend(&mut self, output: &[u8], size: usize) {
        let mut output = &output[output.len().saturating_sub(size)..];
        let room = size - self.bytes.len();
        if room > 0 {
            let (here, rest) = output.split_at(room.min(output.len()));
            self.make_room(here.len(), size);
            self.bytes.extend_from_slice(here);
            self.next = self.bytes.len() % size;
            output = rest;
        }
        while !output.is_empty() {
            let (here, rest) = output.split_at((size - self.next).min(output.len()));
            self.bytes[self.next..][..here.len()].copy_from_slice(here);
            self.next = (self.next + here.len()) % size;
            output = rest;
        }
    }

    /// Grows by at least a half, so that the bytes are seldom moved when many short messages come.
    fn make_room(&mut self, more: usize, size: usize) {
        let (len, capacity) = (self.bytes.len(), self.bytes.capacity());
        if len + more > capacity {
            self.bytes.reserve_exact((len + more).max(capacity + capacity / 2).min(size) - len);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: usize = 16;

    #[test]
    fn it_has_the_last_bytes_in_their_order_and_little_more_memory_than_they_need() {
        for step in 1..=3 * SIZE {
            let (mut context, mut all) = (Context::default(), Vec::new());
            for round in 0..20 {
                let output: Vec<u8> = (0..step).map(|at| (round * step + at) as u8).collect();
                context.extend(&output, SIZE);
                all.extend(output);
                let expected = &all[all.len().saturating_sub(SIZE)..];
                assert_eq!(context.parts().concat(), expected, "{step} {round}");
                assert!(context.held() <= SIZE && context.held() <= 2 * all.len());

                let (window, next, is_full) = context.into_window(SIZE);
                assert_eq!((window.len(), is_full), (SIZE, all.len() >= SIZE));
                context = Context::from_window(window, next, is_full);
                assert_eq!(context.parts().concat(), expected, "{step} {round}");
            }
            context.clear();
            assert_eq!(context.parts(), [b""; 2]);
        }
    }
}
