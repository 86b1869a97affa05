//! Lengths that the user chooses by dragging.

/// Range of a length in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Length {
    pub least: f64,
    pub most: f64,
}

impl Length {
    /// Reads a stored length, and returns it if it is in the range.
    pub fn parse(self, stored: &str) -> Option<f64> {
        stored.trim().parse().ok().filter(|px| (self.least..=self.most).contains(px))
    }

    /// Returns the length nearest to `px` within the range, in whole pixels.
    pub fn nearest(self, px: f64) -> f64 {
        px.clamp(self.least, self.most.max(self.least)).round()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LENGTH: Length = Length { least: 100.0, most: 500.0 };

    #[test]
    fn a_damaged_or_unusable_length_is_ignored() {
        for (stored, px) in [("100", Some(100.0)), (" 250.5 ", Some(250.5)), ("500", Some(500.0))] {
            assert_eq!(LENGTH.parse(stored), px, "{stored}");
        }
        for stored in ["", "{", "99", "501", "NaN", "inf", "-200", "200px"] {
            assert_eq!(LENGTH.parse(stored), None, "{stored}");
        }
    }

    #[test]
    fn a_drag_ends_within_the_range() {
        assert_eq!([20.0, 250.4, 900.0].map(|px| LENGTH.nearest(px)), [100.0, 250.0, 500.0]);
        assert_eq!(Length { least: 100.0, most: 50.0 }.nearest(70.0), 100.0, "the window is too narrow");
    }
}
