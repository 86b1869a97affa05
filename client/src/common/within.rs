//! Limits of floating-point numbers.

/// Returns the number of the range that is nearest to `number`: `least` for NaN, and `most` for an empty range.
///
/// [`f64::clamp`] panics for an empty range. Its message would bring the tables that print numbers, several KB of the page.
pub const fn within(number: f64, least: f64, most: f64) -> f64 {
    number.max(least).min(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_number_of_the_range_is_returned() {
        for (number, nearest) in [(-1.0, 0.0), (0.5, 0.5), (f64::INFINITY, 2.0), (f64::NAN, 0.0)] {
            assert_eq!(within(number, 0.0, 2.0), nearest, "{number}");
        }
        assert_eq!(within(0.5, 1.0, 0.0), 0.0);
    }
}
