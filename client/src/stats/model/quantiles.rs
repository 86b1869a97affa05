//! Histogram of the round trips, in buckets that widen with the value.
//!
//! Log-linear in the manner of HdrHistogram: every octave has [`STEPS`] buckets of equal width. The crate `hdrhistogram` supports
//! any range and precision; for one range and one precision these few lines suffice, and they keep the download small.

use std::iter;

/// Number of buckets per octave. A bucket is at most 1/32 of its value wide, so its middle is at most 1/64 (1.6 %) off.
const STEPS: usize = 32;

/// Upper limit of the values, in microseconds: 19 hours. Longer values are counted as this one.
pub const LONGEST_US: u64 = (1 << 36) - 1;

/// Counts of values in microseconds, with fixed precision and bounded size.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Histogram {
    /// Counts by bucket, up to the highest bucket in use, because each slot of the time line has a histogram: at most 1,024.
    counts: Vec<u32>,
    count: u64,
    sum_us: u64,
    /// Exact minimum and maximum; `None` while the histogram is empty.
    range_us: Option<(u64, u64)>,
}

/// Statistics of a histogram, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    pub count: u64,
    pub min: u64,
    /// Exact maximum, up to [`LONGEST_US`].
    pub max: u64,
    /// Exact mean of values up to [`LONGEST_US`].
    pub mean: f64,
    pub p50: u64,
    pub p95: u64,
    pub p99: u64,
}

/// A non-empty bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket {
    /// First value in the bucket, in microseconds.
    pub from_us: u64,
    /// First value above the bucket.
    pub to_us: u64,
    pub count: u32,
}

impl Histogram {
    /// Counts a value in microseconds.
    pub fn record(&mut self, us: u64) {
        let us = us.min(LONGEST_US);
        self.add(index(us), 1);
        self.widen((us, us));
        self.count += 1;
        self.sum_us = self.sum_us.saturating_add(us);
    }

    /// Adds the counts of another histogram.
    pub fn merge(&mut self, other: &Self) {
        // From the end, so that this vector grows only once.
        for (index, count) in other.counts.iter().enumerate().rev() {
            self.add(index, *count);
        }
        other.range_us.iter().for_each(|range| self.widen(*range));
        self.count += other.count;
        self.sum_us = self.sum_us.saturating_add(other.sum_us);
    }

    /// Returns the statistics, or `None` if the histogram is empty.
    pub fn summary(&self) -> Option<Summary> {
        let (min, max) = self.range_us?;
        Some(Summary {
            count: self.count,
            min,
            max,
            mean: self.sum_us as f64 / self.count as f64,
            p50: self.quantile(0.5)?,
            p95: self.quantile(0.95)?,
            p99: self.quantile(0.99)?,
        })
    }

    /// Returns the smallest value that is not exceeded by a share (0 to 1) of all values, in microseconds, to within 1.6 %;
    /// `None` if the histogram is empty.
    pub fn quantile(&self, share: f64) -> Option<u64> {
        let (min, max) = self.range_us?;
        // The cast saturates, and NaN becomes the first rank.
        let rank = ((self.count as f64 * share).ceil() as u64).clamp(1, self.count);
        let mut seen = 0;
        let bucket = self.buckets().find(|bucket| {
            seen += u64::from(bucket.count);
            seen >= rank
        });
        let middle = |bucket: Bucket| bucket.from_us + (bucket.to_us - bucket.from_us) / 2;
        Some(bucket.map_or(max, middle).clamp(min, max))
    }

    /// Returns the non-empty buckets in ascending order.
    pub fn buckets(&self) -> impl Iterator<Item = Bucket> + '_ {
        self.counts.iter().enumerate().filter(|(_, count)| **count > 0).map(|(index, count)| {
            let (from_us, to_us) = bounds(index);
            Bucket { from_us, to_us, count: *count }
        })
    }

    fn widen(&mut self, (min, max): (u64, u64)) {
        let (least, most) = self.range_us.unwrap_or((min, max));
        self.range_us = Some((least.min(min), most.max(max)));
    }

    fn add(&mut self, index: usize, count: u32) {
        if let Some(missing) = (index + 1).checked_sub(self.counts.len()) {
            self.counts.extend(iter::repeat_n(0, missing));
        }
        if let Some(counted) = self.counts.get_mut(index) {
            // A bucket overflows after two days at 20,000 a second; then its count stays at the maximum.
            *counted = counted.saturating_add(count);
        }
    }
}

/// Returns the index of a value's bucket. Each value below 64 has a bucket of its own.
fn index(us: u64) -> usize {
    let shift = us.max(1).ilog2().saturating_sub(STEPS.ilog2());
    // The casts are lossless: the shifted value is less than 64.
    shift as usize * STEPS + (us >> shift) as usize
}

/// Inverse of [`index`]: returns the first value in the bucket and the first value above it.
fn bounds(index: usize) -> (u64, u64) {
    let shift = (index / STEPS).saturating_sub(1);
    let low = (index - shift * STEPS) as u64;
    (low << shift, (low + 1) << shift)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(values: &[u64]) -> Histogram {
        let mut histogram = Histogram::default();
        values.iter().for_each(|us| histogram.record(*us));
        histogram
    }

    /// Values of all magnitudes with equal probability; a uniform distribution would yield hours almost always.
    fn values() -> impl Strategy<Value = Vec<u64>> {
        let value = (0_u32..36, any::<u64>()).prop_map(|(bits, any)| any % (2 << bits));
        prop::collection::vec(value, 1..300)
    }

    proptest! {
        #[test]
        fn a_quantile_is_what_a_sorted_list_says(mut values in values(), share in 0.0_f64..=1.0) {
            let histogram = of(&values);
            values.sort_unstable();
            let rank = ((values.len() as f64 * share).ceil() as usize).max(1);
            let (have, want) = (histogram.quantile(share).unwrap() as f64, values[rank - 1] as f64);
            prop_assert!((have - want).abs() <= want * 0.016, "{have} for {want}");
        }

        #[test]
        fn the_exact_figures_are_exact(values in values()) {
            let histogram = of(&values);
            let Summary { count, min, max, mean, .. } = histogram.summary().unwrap();
            prop_assert_eq!(count, values.len() as u64);
            prop_assert_eq!((Some(&min), Some(&max)), (values.iter().min(), values.iter().max()));
            let exact = values.iter().sum::<u64>() as f64 / values.len() as f64;
            prop_assert!((mean - exact).abs() <= exact * 1e-9);
            prop_assert_eq!(histogram.buckets().map(|bucket| u64::from(bucket.count)).sum::<u64>(), count);
        }

        #[test]
        fn to_merge_is_to_count_both(some in values(), others in values()) {
            let mut merged = of(&some);
            merged.merge(&of(&others));
            prop_assert_eq!(merged, of(&[some, others].concat()));
        }
    }

    #[test]
    fn without_values_there_is_no_figure() {
        let mut none = Histogram::default();
        assert_eq!((none.quantile(0.5), none.summary()), (None, None));
        assert_eq!(none.buckets().count(), 0);
        none.merge(&Histogram::default());
        assert_eq!(none, Histogram::default());
        none.merge(&of(&[7]));
        assert_eq!(none, of(&[7]));
    }

    #[test]
    fn the_buckets_lie_side_by_side_and_their_number_is_bounded() {
        let mut end = 0;
        for bucket in 0..=index(LONGEST_US) {
            let (from, to) = bounds(bucket);
            assert_eq!((from, index(from), index(to - 1)), (end, bucket, bucket));
            assert!((to - from) * 32 <= from || to - from == 1);
            end = to;
        }
        assert_eq!(end, LONGEST_US + 1);
        assert_eq!(of(&[u64::MAX]).counts.len(), 1_024);
        assert_eq!(of(&[u64::MAX]).quantile(f64::NAN), Some(LONGEST_US));
    }
}
