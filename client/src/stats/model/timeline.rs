//! Time line of the session: traffic and round trips in slots of equal length.

use super::quantiles::Histogram;
use super::traffic::Traffic;
use crate::common::within::within;

/// Initial length of a slot, in milliseconds.
pub const SLOT_MS: f64 = 1_000.0;

/// Maximum number of slots. At the limit, pairs are merged into slots of twice the length, so a session of any length fits.
pub const SLOTS: usize = 240;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Slot {
    pub traffic: Traffic,
    /// Round trips that ended in the slot.
    pub round_trips: Histogram,
}

impl Slot {
    fn merge(&mut self, other: &Self) {
        self.traffic.add(&other.traffic);
        self.round_trips.merge(&other.round_trips);
    }
}

/// Consecutive slots of equal length, from the first message on.
#[derive(Debug, Clone)]
pub struct Timeline {
    slots: Vec<Slot>,
    slot_ms: f64,
}

impl Default for Timeline {
    fn default() -> Self {
        Self { slots: Vec::new(), slot_ms: SLOT_MS }
    }
}

/// A part of the session to draw: one slot, or two if the last one has only begun.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Start, in milliseconds since the first message.
    pub from_ms: f64,
    /// End, in milliseconds since the first message.
    pub to_ms: f64,
    pub slot: Slot,
}

impl Column {
    pub fn sent(&self) -> f64 {
        self.slot.traffic.sent.messages as f64 / self.seconds()
    }

    pub fn received(&self) -> f64 {
        self.slot.traffic.received.messages as f64 / self.seconds()
    }

    /// Returns the length in seconds; never zero.
    fn seconds(&self) -> f64 {
        ((self.to_ms - self.from_ms) / 1_000.0).max(0.001)
    }
}

/// Ranges of the values in a session's columns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extent {
    pub seconds: f64,
    pub sent: f64,
    pub received: f64,
    /// Medians of the round trips in microseconds: first, last and highest; `None` without round trips.
    pub medians: Option<[u64; 3]>,
}

impl Extent {
    pub fn of(columns: &[Column]) -> Self {
        let medians = || columns.iter().filter_map(|column| column.slot.round_trips.quantile(0.5));
        let ends = medians().next().zip(medians().next_back()).zip(medians().max());
        Self {
            seconds: columns.last().map_or(0.0, |column| column.to_ms / 1_000.0),
            sent: columns.iter().map(Column::sent).fold(0.0, f64::max),
            received: columns.iter().map(Column::received).fold(0.0, f64::max),
            medians: ends.map(|((first, last), longest)| [first, last, longest]),
        }
    }
}

impl Timeline {
    /// Returns the slot of a time, in milliseconds since the first message. The time must be finite.
    pub fn at(&mut self, elapsed_ms: f64) -> Option<&mut Slot> {
        let mut index = self.index(elapsed_ms);
        while index >= SLOTS {
            self.halve();
            index = self.index(elapsed_ms);
        }
        if index >= self.slots.len() {
            self.slots.resize_with(index + 1, Slot::default);
        }
        self.slots.get_mut(index)
    }

    /// Returns the columns up to a time, in milliseconds since the first message.
    ///
    /// A slot that has only begun would look like a drop of the rate. It becomes a column of its own after half of its length;
    /// until then it is part of the column before.
    pub fn columns(&self, end_ms: f64) -> Vec<Column> {
        let count = self.slots.len().max(self.index(end_ms).min(SLOTS - 1) + 1);
        let mut columns: Vec<Column> = Vec::with_capacity(count);
        for index in 0..count {
            let slot = self.slots.get(index);
            let from_ms = index as f64 * self.slot_ms;
            let whole = from_ms + self.slot_ms;
            let is_last = index + 1 == count;
            let to_ms = if is_last { within(end_ms, from_ms, whole) } else { whole };
            match columns.last_mut() {
                Some(before) if is_last && to_ms - from_ms < self.slot_ms / 2.0 => {
                    before.to_ms = to_ms;
                    slot.into_iter().for_each(|slot| before.slot.merge(slot));
                }
                before => {
                    let to_ms = if before.is_none() { whole } else { to_ms };
                    columns.push(Column { from_ms, to_ms, slot: slot.cloned().unwrap_or_default() });
                }
            }
        }
        columns
    }

    /// Returns the index of the slot. The cast saturates.
    fn index(&self, elapsed_ms: f64) -> usize {
        (elapsed_ms / self.slot_ms) as usize
    }

    fn halve(&mut self) {
        self.slot_ms *= 2.0;
        let mut slots = std::mem::take(&mut self.slots).into_iter();
        while let Some(mut slot) = slots.next() {
            slots.next().iter().for_each(|second| slot.merge(second));
            self.slots.push(slot);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sums(slots: impl Iterator<Item = Slot>) -> Slot {
        slots.fold(Slot::default(), |mut sum, slot| {
            sum.merge(&slot);
            sum
        })
    }

    proptest! {
        #[test]
        fn however_long_the_session_nothing_is_lost(
            events in prop::collection::vec((0.0_f64..200_000.0, 0_usize..100, 0_u64..5_000_000), 1..500),
            more_ms in 0.0_f64..10_000.0,
        ) {
            let mut timeline = Timeline::default();
            let mut want = Slot::default();
            let mut elapsed_ms = 0.0;
            for (pause_ms, bytes, us) in events {
                elapsed_ms += pause_ms;
                for slot in [&mut want, timeline.at(elapsed_ms).unwrap()] {
                    slot.traffic.sent.count(bytes);
                    slot.traffic.received.count(bytes / 2);
                    slot.round_trips.record(us);
                }
            }
            prop_assert!(timeline.slots.len() <= SLOTS);
            prop_assert_eq!(&sums(timeline.slots.iter().cloned()), &want);
            let columns = timeline.columns(elapsed_ms + more_ms);
            prop_assert!(columns.len() <= SLOTS);
            prop_assert_eq!(columns.first().unwrap().from_ms, 0.0);
            for pair in columns.windows(2) {
                prop_assert_eq!(pair[0].to_ms, pair[1].from_ms);
            }
            prop_assert!(columns.iter().all(|column| column.to_ms > column.from_ms));
            prop_assert_eq!(sums(columns.into_iter().map(|column| column.slot)), want);
        }
    }

    #[test]
    fn the_extent_of_a_session() {
        let mut timeline = Timeline::default();
        for (elapsed_ms, us) in [(0.0, 1), (1_000.0, 9), (1_500.0, 9), (3_000.0, 5)] {
            let slot = timeline.at(elapsed_ms).unwrap();
            slot.traffic.received.count(1);
            slot.round_trips.record(us);
        }
        let extent = Extent::of(&timeline.columns(3_900.0));
        assert_eq!(extent, Extent { seconds: 3.9, sent: 0.0, received: 2.0, medians: Some([1, 5, 9]) });
        assert_eq!(Extent::of(&[]), Extent { seconds: 0.0, sent: 0.0, received: 0.0, medians: None });
    }

    #[test]
    fn the_slots_double_when_they_are_full() {
        let mut timeline = Timeline::default();
        timeline.at(239_999.0).unwrap();
        assert_eq!((timeline.slots.len(), timeline.slot_ms), (240, 1_000.0));
        timeline.at(240_000.0).unwrap();
        assert_eq!((timeline.slots.len(), timeline.slot_ms), (121, 2_000.0));
        timeline.at(f64::MAX).unwrap();
        assert!(timeline.slots.len() <= SLOTS);
    }

    #[test]
    fn a_slot_that_has_only_begun_is_a_part_of_the_column_before() {
        let mut timeline = Timeline::default();
        for elapsed_ms in [100.0, 1_900.0, 2_100.0] {
            timeline.at(elapsed_ms).unwrap().traffic.sent.count(1);
        }
        let drawn = |end_ms| -> Vec<(f64, f64, u64)> {
            let column = |it: Column| (it.from_ms, it.to_ms, it.slot.traffic.sent.messages);
            timeline.columns(end_ms).into_iter().map(column).collect()
        };
        assert_eq!(drawn(2_100.0), [(0.0, 1_000.0, 1), (1_000.0, 2_100.0, 2)]);
        assert_eq!(drawn(2_600.0), [(0.0, 1_000.0, 1), (1_000.0, 2_000.0, 1), (2_000.0, 2_600.0, 1)]);
        assert_eq!(drawn(4_000.0).len(), 4, "the silence is seen");
        assert_eq!(Timeline::default().columns(0.0).len(), 1);
    }
}
