//! Numbers of received messages for screen readers, at most one every few seconds.

/// Interval of the announcements, in milliseconds.
pub const EVERY_MS: u32 = 3_000;

/// Number of messages in an interval up to which they are announced; more would be heard without an end.
const MANY: usize = 30;

/// Number of intervals with many messages until a sum is announced all the same.
const PATIENCE: u32 = 10;

#[derive(Debug, Default)]
pub struct Announcer {
    /// Number of messages that were announced, and of those at the last look.
    told: usize,
    seen: usize,
    /// Number of intervals with many messages in a row.
    busy: u32,
    generation: u32,
}

impl Announcer {
    /// Takes the number of all received messages, once an interval. Returns the number to announce, if there is one; none of a log that
    /// was cleared or read since.
    pub fn look(&mut self, generation: u32, received: usize) -> Option<usize> {
        if generation != self.generation {
            *self = Self { told: received, seen: received, busy: 0, generation };
        }
        let is_busy = received.saturating_sub(self.seen) > MANY;
        self.seen = received;
        self.busy = if is_busy { self.busy + 1 } else { 0 };
        if is_busy && !self.busy.is_multiple_of(PATIENCE) {
            return None;
        }
        let new = received.saturating_sub(self.told);
        self.told = received;
        (new > 0).then_some(new)
    }

    /// True if there are messages that were not announced.
    pub fn is_behind(&self, received: usize) -> bool {
        received != self.told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_messages_are_announced_and_many_are_summed_up() {
        let mut announcer = Announcer::default();
        let mut look = |received| announcer.look(0, received);
        assert_eq!([0, 1, 1, 13].map(&mut look), [None, Some(1), None, Some(12)]);
        assert_eq!([1_013, 2_013, 2_014].map(&mut look), [None, None, Some(2_001)]);
        let busy: Vec<_> = (1..=20).map(|n| look(2_014 + n * 1_000)).collect();
        assert_eq!(busy.iter().flatten().collect::<Vec<_>>(), [&10_000, &10_000]);
    }

    #[test]
    fn after_a_clear_counting_begins_anew() {
        let mut announcer = Announcer::default();
        let looks = [(0, 5), (1, 0), (1, 2), (2, 100), (2, 101)];
        let said = looks.map(|(generation, received)| announcer.look(generation, received));
        assert_eq!(said, [Some(5), None, Some(2), None, Some(1)]);
        assert!(announcer.is_behind(102) && !announcer.is_behind(101));
    }
}
