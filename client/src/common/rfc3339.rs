//! Times in the format of RFC 3339: `2026-11-22T18:20:28.123Z`.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Last second of the year 9999, which is the last year that the format can represent.
const LATEST_S: i64 = 253_402_300_799;

/// Formats a time in UTC, rounded down to a millisecond. Times outside the years 1970 to 9999 become the nearest one inside.
pub fn format(ms: f64) -> String {
    // The cast saturates, and NaN becomes 0.
    let ms = (ms as i64).clamp(0, LATEST_S * 1_000 + 999);
    let time = OffsetDateTime::from_unix_timestamp(ms / 1_000).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let (year, month, day) = (time.year(), u8::from(time.month()), time.day());
    let (hour, minute, second) = time.to_hms();
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z", ms % 1_000)
}

/// Parses a date and time with an offset (RFC 3339 section 5.6). Returns milliseconds since 1970, or `None` for any other text.
pub fn parse(text: &str) -> Option<f64> {
    let time = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    // The cast is exact: a year has four digits.
    Some(time.unix_timestamp() as f64 * 1_000.0 + f64::from(time.nanosecond()) / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_and_read_back() {
        for (ms, text) in [
            (0.0, "1970-01-01T00:00:00.000Z"),
            (951_827_696_789.0, "2000-02-29T12:34:56.789Z"),
            (1_795_371_628_123.0, "2026-11-22T18:20:28.123Z"),
            (253_402_300_799_999.0, "9999-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(format(ms), text);
            assert_eq!(parse(text), Some(ms), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_written_becomes_the_nearest() {
        for (ms, text) in [
            (f64::NAN, "1970-01-01T00:00:00.000Z"),
            (-1.0, "1970-01-01T00:00:00.000Z"),
            (f64::INFINITY, "9999-12-31T23:59:59.999Z"),
            (1.9, "1970-01-01T00:00:00.001Z"),
        ] {
            assert_eq!(format(ms), text);
        }
    }

    #[test]
    fn offsets_fractions_and_leap_seconds_are_read() {
        for (text, ms) in [
            ("1970-01-01t00:00:01z", 1_000.0),
            ("1970-01-01 01:00:00+01:00", 0.0),
            ("1969-12-31T18:30:00.25-05:30", 250.0),
            ("1970-01-01T00:00:00.123456789Z", 123.456_789),
            ("1990-12-31T23:59:60Z", 662_688_000_000.0),
            ("1969-12-31T23:59:59.000Z", -1_000.0),
        ] {
            let read = parse(text).unwrap();
            // A leap second counts as the last nanosecond of its minute.
            assert!((read - ms).abs() < 2e-4, "{text}: {read}");
        }
    }

    #[test]
    fn anything_else_is_no_time() {
        for text in ["", "2026-11-22", "2026-11-22T18:20:28", "2026-02-29T00:00:00Z", "2026-11-22T18:20:28Z "]
        {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }
}
