//! Lengths that the user chooses by dragging.

/// Range of a length in whole CSS pixels, because reading and writing fractions would add large tables to the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Length {
    pub least: i32,
    pub most: i32,
}

impl Length {
    /// Reads a length, without its fraction, and returns it if it is in the range.
    pub fn parse(self, text: &str) -> Option<i32> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let px = whole.parse().ok().filter(|_| fraction.bytes().all(|byte| byte.is_ascii_digit()))?;
        (self.least..=self.most).contains(&px).then_some(px)
    }

    /// Returns the length nearest to `px` within the range.
    pub fn nearest(self, px: f64) -> i32 {
        // The cast saturates.
        (px.round() as i32).clamp(self.least, self.most.max(self.least))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LENGTH: Length = Length { least: 100, most: 500 };

    #[test]
    fn a_damaged_or_unusable_length_is_ignored() {
        for (stored, px) in [("100", Some(100)), ("250.5", Some(250)), ("500", Some(500))] {
            assert_eq!(LENGTH.parse(stored), px, "{stored}");
        }
        for stored in ["", "{", "99", "501", "NaN", "inf", "-200", "200px", "200.5px", " 200"] {
            assert_eq!(LENGTH.parse(stored), None, "{stored}");
        }
    }

    #[test]
    fn a_drag_ends_within_the_range() {
        assert_eq!([20.0, 250.4, 900.0].map(|px| LENGTH.nearest(px)), [100, 250, 500]);
        assert_eq!(Length { least: 100, most: 50 }.nearest(70.0), 100, "the window is too narrow");
    }
}
