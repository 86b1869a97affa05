//! Axes of charts, with ticks at round numbers.

use std::f64::consts::LN_10;

use crate::common::within::within;

#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    low: f64,
    high: f64,
    logarithmic: bool,
    /// Round numbers on the axis, from low to high.
    pub ticks: Vec<f64>,
}

impl Axis {
    /// Builds an axis from 0 to a round number at or above `value`, with at most `most` steps of 1, 2 or 5 times a power of ten.
    /// A step is at least `least`.
    pub fn linear(value: f64, most: u32, least: f64) -> Self {
        let value = if value.is_finite() && value > 0.0 { value } else { least };
        let step = not_below(value / f64::from(most)).max(least);
        Self::stepped(value, step, true)
    }

    /// Builds an axis from 0 to `seconds`, with ticks at round times and at most `most` steps.
    pub fn clock(seconds: f64, most: u32) -> Self {
        const STEPS: [f64; 17] = [
            1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1_800.0, 3_600.0, 7_200.0,
            10_800.0, 21_600.0, 43_200.0,
        ];
        let seconds = if seconds.is_finite() { seconds.max(1.0) } else { 1.0 };
        let finest = seconds / f64::from(most);
        let step = STEPS.into_iter().find(|step| *step >= finest);
        Self::stepped(
            seconds,
            step.unwrap_or_else(|| not_below(finest / 86_400.0).max(1.0) * 86_400.0),
            false,
        )
    }

    /// Builds a logarithmic axis from a round number at or below `low` to one at or above `high`, with at most `most` ticks. Both
    /// are greater than 0.
    pub fn logarithmic(low: f64, high: f64, most: usize) -> Self {
        let low = if low.is_finite() && low > 0.0 { low } else { 1.0 };
        let high = if high.is_finite() { high.max(low) } else { low };
        let start = not_above(low);
        let end = not_below(high).max(start * 2.0);
        let every = [&[1.0, 2.0, 5.0][..], &[1.0]].into_iter().map(|round| rounds(start, end, round));
        let fewer = every.clone().next_back().into_iter().cycle();
        let thinned = fewer.zip(2..20).map(|(tens, nth)| tens.into_iter().step_by(nth).collect());
        let ticks = every.chain(thinned).find(|ticks: &Vec<f64>| ticks.len() <= most).unwrap_or_default();
        Self { low: start, high: end, logarithmic: true, ticks }
    }

    /// Returns the relative position of a value: 0 at the low end, 1 at the high end. Values beyond an end are clamped to it.
    pub fn position(&self, value: f64) -> f64 {
        let part = if self.logarithmic {
            (value.max(self.low) / self.low).ln() / (self.high / self.low).ln()
        } else {
            (value - self.low) / (self.high - self.low)
        };
        within(part, 0.0, 1.0)
    }

    pub fn ends(&self) -> (f64, f64) {
        (self.low, self.high)
    }

    fn stepped(value: f64, step: f64, whole: bool) -> Self {
        // Both casts saturate; the steps are few. The tolerance absorbs rounding: 3 * 0.1 would otherwise need a fourth step.
        let steps = value / step;
        let count = if whole { (steps - 1e-9).ceil().max(1.0) as u32 } else { (steps + 1e-9).floor() as u32 };
        let ticks: Vec<f64> = (0..=count).map(|number| f64::from(number) * step).collect();
        let high = if whole { f64::from(count) * step } else { value };
        Self { low: 0.0, high, logarithmic: false, ticks }
    }
}

/// Returns the mantissas times powers of ten that lie in the range, ends included.
fn rounds(low: f64, high: f64, mantissas: &[f64]) -> Vec<f64> {
    let (low, high) = (low * (1.0 - 1e-9), high * (1.0 + 1e-9));
    // The cast saturates. `log10` is avoided, as a second logarithm would add to the download.
    let power = |number: f64| (number.ln() / LN_10).floor() as i32;
    let powers = power(low)..=power(high);
    let all = powers.flat_map(|power| mantissas.iter().map(move |mantissa| mantissa * 10_f64.powi(power)));
    all.filter(|number| (low..=high).contains(number)).collect()
}

/// Returns the smallest of 1, 2 or 5 times a power of ten that is at least `value`, which must be greater than 0.
fn not_below(value: f64) -> f64 {
    rounds(value, value * 10.0, &[1.0, 2.0, 5.0]).first().copied().unwrap_or(value)
}

/// Returns the largest of 1, 2 or 5 times a power of ten that is at most `value`, which must be greater than 0.
fn not_above(value: f64) -> f64 {
    rounds(value / 10.0, value, &[1.0, 2.0, 5.0]).last().copied().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn near(have: &[f64], want: &[f64]) -> bool {
        have.len() == want.len()
            && have.iter().zip(want).all(|(have, want)| (have - want).abs() <= want * 1e-9)
    }

    #[test]
    fn a_linear_axis_ends_at_a_round_number() {
        for (value, least, want) in [
            (7.0, 0.0, &[0.0, 2.0, 4.0, 6.0, 8.0][..]),
            (100.0, 0.0, &[0.0, 50.0, 100.0]),
            (0.3, 0.0, &[0.0, 0.1, 0.2, 0.3]),
            (0.3, 1.0, &[0.0, 1.0]),
            (0.0, 1.0, &[0.0, 1.0]),
            (f64::NAN, 1.0, &[0.0, 1.0]),
        ] {
            let axis = Axis::linear(value, 4, least);
            assert!(near(&axis.ticks, want), "{value}: {axis:?}");
            assert!(axis.position(axis.ends().1) == 1.0);
        }
    }

    #[test]
    fn a_logarithmic_axis_has_fewer_marks_where_it_is_long() {
        for (low, high, want) in [
            (1_040.0, 1_060.0, &[1e3, 2e3][..]),
            (1_000.0, 1_000.0, &[1e3, 2e3]),
            (150.0, 1_800.0, &[1e2, 2e2, 5e2, 1e3, 2e3]),
            (1.0, 9e5, &[1.0, 1e2, 1e4, 1e6]),
            (0.0, -5.0, &[1.0, 2.0]),
        ] {
            let axis = Axis::logarithmic(low, high, 5);
            assert!(near(&axis.ticks, want), "{low} to {high}: {axis:?}");
        }
        let axis = Axis::logarithmic(100.0, 10_000.0, 5);
        assert!((axis.position(1_000.0) - 0.5).abs() < 1e-9);
        assert_eq!((axis.position(0.0), axis.position(1e9)), (0.0, 1.0));
    }

    #[test]
    fn the_clock_has_marks_at_round_times() {
        assert_eq!(Axis::clock(3.0, 4).ticks, [0.0, 1.0, 2.0, 3.0]);
        assert_eq!(Axis::clock(95.0, 4).ticks, [0.0, 30.0, 60.0, 90.0]);
        assert_eq!(Axis::clock(7_000.0, 4).ticks, [0.0, 1_800.0, 3_600.0, 5_400.0]);
        assert_eq!(Axis::clock(86_400.0 * 7.0, 4).ticks, [0.0, 172_800.0, 345_600.0, 518_400.0]);
        assert_eq!(Axis::clock(f64::NAN, 4).ticks, [0.0, 1.0]);
    }

    proptest! {
        #[test]
        fn a_logarithmic_axis_holds_what_it_was_made_for(low in 0.5_f64..1e11, times in 1.0_f64..1e11) {
            let axis = Axis::logarithmic(low, low * times, 6);
            prop_assert!(axis.ends().0 <= low * (1.0 + 1e-8) && axis.ends().1 >= low * times * (1.0 - 1e-8));
            prop_assert!(!axis.ticks.is_empty() && axis.ticks.len() <= 6, "{axis:?}");
        }

        #[test]
        fn a_linear_axis_holds_what_it_was_made_for(value in 0.001_f64..1e12) {
            let axis = Axis::linear(value, 4, 0.0);
            prop_assert!(axis.ends().1 >= value * (1.0 - 1e-8));
            prop_assert!((2..=5).contains(&axis.ticks.len()), "{axis:?}");
        }
    }
}
