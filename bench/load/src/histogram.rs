//! Latencies in buckets that widen with the value: each is at most 1/64 of its value wide.

const STEPS: usize = 64;
const OCTAVES: usize = 64 - STEPS.ilog2() as usize;

/// Counts of nanoseconds.
pub(crate) struct Histogram {
    counts: Vec<u64>,
    total: u64,
}

impl Histogram {
    pub(crate) fn new() -> Self {
        Self { counts: vec![0; (OCTAVES + 1) * STEPS], total: 0 }
    }

    /// Counts a value.
    pub(crate) fn record(&mut self, nanoseconds: u64) {
        self.counts[bucket(nanoseconds)] += 1;
        self.total += 1;
    }

    /// The value below which `share` (0 to 1) of the values lie, in nanoseconds; 0 if there are none.
    pub(crate) fn quantile(&self, share: f64) -> u64 {
        let wanted = (self.total as f64 * share).ceil().max(1.0) as u64;
        let mut seen = 0;
        for (index, count) in self.counts.iter().enumerate() {
            seen += count;
            if seen >= wanted {
                return middle(index);
            }
        }
        0
    }

    pub(crate) fn clear(&mut self) {
        self.counts.fill(0);
        self.total = 0;
    }
}

fn bucket(value: u64) -> usize {
    if value < STEPS as u64 {
        return value as usize;
    }
    let shift = (value.ilog2() - STEPS.ilog2()) as usize;
    shift * STEPS + (value >> shift) as usize
}

/// The middle of a bucket: what [`bucket`] maps to it, give or take 1/128.
fn middle(bucket: usize) -> u64 {
    let shift = (bucket / STEPS).saturating_sub(1);
    let low = (bucket - shift * STEPS) as u64;
    (low << shift) + ((1 << shift) >> 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_comes_back_within_a_hundredth() {
        for value in (0..64).map(|bit| 1_u64 << bit).flat_map(|power| [power - 1, power, power + power / 3]) {
            let back = middle(bucket(value));
            assert!(back.abs_diff(value) as f64 <= value as f64 / 100.0, "{value} came back as {back}");
        }
    }

    #[test]
    fn quantiles_are_ordered() {
        let mut histogram = Histogram::new();
        assert_eq!(histogram.quantile(0.5), 0);
        for value in 1..=1000 {
            histogram.record(value * 1000);
        }
        let near = |share, value: f64| (histogram.quantile(share) as f64 - value).abs() <= value / 50.0;
        assert!(near(0.5, 500_000.0) && near(0.99, 990_000.0) && near(1.0, 1_000_000.0));
    }
}
