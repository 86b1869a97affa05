//! Coalescing: turns many events a second into few renders.

/// A queue that hands out its first item at once and later items in batches, at most one per interval.
///
/// The queue has no clock. Its owner starts a timer of one interval for each batch, and calls [`elapsed`](Self::elapsed) when the
/// timer ends.
#[derive(Debug)]
pub struct Batcher<T> {
    waiting: Vec<T>,
    resting: bool,
}

impl<T> Default for Batcher<T> {
    fn default() -> Self {
        Self { waiting: Vec::new(), resting: false }
    }
}

impl<T> Batcher<T> {
    /// Adds an item. Returns a batch if the interval allows one now.
    pub fn push(&mut self, item: T) -> Option<Vec<T>> {
        self.waiting.push(item);
        if self.resting {
            return None;
        }
        self.resting = true;
        Some(std::mem::take(&mut self.waiting))
    }

    /// Ends the interval of the last batch. Returns the next batch if items are queued.
    pub fn elapsed(&mut self) -> Option<Vec<T>> {
        self.resting = !self.waiting.is_empty();
        self.resting.then(|| std::mem::take(&mut self.waiting))
    }
}

/// Returns the minimum interval behind a batch of this length, in milliseconds: one frame of a display, or three while many messages
/// come, because nobody reads them one by one then.
///
/// It is for a timer and not for animation frames, because a hidden page gets none.
pub fn interval_ms(length: usize) -> u32 {
    const FRAME_MS: u32 = 16;
    const MANY: usize = 8;
    if length > MANY { 3 * FRAME_MS } else { FRAME_MS }
}

/// Returns the delay before the page asks for the next batch, in milliseconds, if the last one took it `late_ms` with its rendering.
///
/// A busy page works half of the time then, and leaves the other half to the user.
pub fn pause_after(late_ms: f64) -> Option<u32> {
    const NOTICEABLE_MS: f64 = 10.0;
    const LONGEST_MS: f64 = 1_000.0;
    // The cast is lossless: the value lies between the two constants.
    (late_ms > NOTICEABLE_MS).then(|| late_ms.min(LONGEST_MS) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_item_after_a_quiet_interval_goes_at_once_and_the_next_ones_wait() {
        let mut batcher = Batcher::default();
        assert_eq!([1, 2, 3].map(|item| batcher.push(item)), [Some(vec![1]), None, None]);
        assert_eq!(batcher.elapsed(), Some(vec![2, 3]));
        assert_eq!(batcher.push(4), None);
        assert_eq!((batcher.elapsed(), batcher.elapsed()), (Some(vec![4]), None));
        assert_eq!(batcher.push(5), Some(vec![5]));
    }

    #[test]
    fn many_messages_are_rendered_less_often() {
        assert_eq!([1, 8, 9, 1_000].map(interval_ms), [16, 16, 48, 48]);
    }

    #[test]
    fn a_busy_page_gets_a_pause_as_long_as_its_work_and_at_most_a_second() {
        assert_eq!([0.0, 5.0, f64::NAN].map(pause_after), [None; 3]);
        assert_eq!([100.0, 60_000.0].map(pause_after), [Some(100), Some(1_000)]);
    }

    #[test]
    fn every_item_comes_out_once_and_in_order() {
        let mut batcher = Batcher::default();
        let mut out = Vec::new();
        for item in 0..10_000 {
            out.extend(batcher.push(item).into_iter().flatten());
            if item % 17 == 0 {
                out.extend(batcher.elapsed().into_iter().flatten());
            }
        }
        out.extend(batcher.elapsed().into_iter().flatten());
        assert_eq!(out, (0..10_000).collect::<Vec<_>>());
    }
}
