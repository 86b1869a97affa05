//! The end of the messages of a connection, which the next one may refer back to.

/// The last bytes of output, as a ring. It has room for no more than there were, and at most for the window.
#[derive(Default)]
pub(super) struct Context {
    bytes: Vec<u8>,
    /// The place of the oldest byte, and so of the next one; the end as long as the window is not full.
    next: usize,
}

impl Context {
    /// Takes a ring over. If it `is_full`, each byte of it counts, and else those before `next`.
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

    /// Gives the ring with room for a whole window of `size` bytes; the place of the next byte in it; and whether it is full.
    pub(super) fn into_window(mut self, size: usize) -> (Box<[u8]>, usize, bool) {
        let is_full = self.bytes.len() == size;
        self.bytes.reserve_exact(size - self.bytes.len());
        self.bytes.resize(size, 0);
        (self.bytes.into_boxed_slice(), self.next, is_full)
    }

    /// Gives the memory that it takes, in bytes.
    pub(super) const fn held(&self) -> usize {
        self.bytes.capacity()
    }

    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.next = 0;
    }

    /// Gives the output in two parts, the older one first.
    pub(super) fn parts(&self) -> [&[u8]; 2] {
        let (newer, older) = self.bytes.split_at(self.next);
        [older, newer]
    }

    /// Adds output, and forgets what lies further back than `size` bytes.
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

    /// Grows by a half at least, so that many short messages move it seldom.
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
    fn it_has_the_last_bytes_in_their_order_and_no_more_room_than_they_need() {
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
