//! Times in the format of RFC 3339: `2026-11-22T18:20:28.123Z`.

use std::num::NonZeroUsize;

const MS_OF_A_DAY: i64 = 86_400_000;

/// Last millisecond of the year 9999, which is the last year that the format can represent.
const LATEST_MS: f64 = 253_402_300_799_999.0;

/// Formats a time in UTC, rounded down to a millisecond. Times outside the years 1970 to 9999 become the nearest one inside.
pub fn format(ms: f64) -> String {
    // The cast is lossless: the value is whole and in the range of the type. NaN becomes 0.
    let ms = ms.floor().clamp(0.0, LATEST_MS) as i64;
    let (year, month, day) = civil(ms / MS_OF_A_DAY);
    let ms = ms % MS_OF_A_DAY;
    let (hour, minute, second) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z", ms % 1_000)
}

/// Parses a date and time with an offset (RFC 3339 section 5.6). Returns milliseconds since 1970, or `None` for any other text.
///
/// The fraction of a second may have any number of digits. A leap second counts as the first second of the next minute.
pub fn parse(text: &str) -> Option<f64> {
    let mut rest = Rest(text.as_bytes());
    let year = rest.digits(4)?;
    rest.one_of(b"-")?;
    let month = rest.digits(2)?;
    rest.one_of(b"-")?;
    let day = rest.digits(2)?;
    rest.one_of(b"Tt ")?;
    let hour = rest.digits(2)?;
    rest.one_of(b":")?;
    let minute = rest.digits(2)?;
    rest.one_of(b":")?;
    let second = rest.digits(2)?;
    let fraction_ms = rest.fraction_ms()?;
    let offset = rest.offset_minutes()?;
    let date = (1..=12).contains(&month) && (1..=days_of(year, month)).contains(&day);
    if !date || hour > 23 || minute > 59 || second > 60 || !rest.0.is_empty() {
        return None;
    }
    let seconds = days(year, month, day) * 86_400 + hour * 3_600 + (minute - offset) * 60 + second;
    // The cast is exact: a year has four digits.
    Some(seconds as f64 * 1_000.0 + fraction_ms)
}

/// Text that is still to be read.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn one_of(&mut self, allowed: &[u8]) -> Option<u8> {
        self.next().filter(|byte| allowed.contains(byte))
    }

    fn digits(&mut self, count: usize) -> Option<i64> {
        (0..count).try_fold(0, |number, _| {
            let digit = self.next().filter(u8::is_ascii_digit)?;
            Some(number * 10 + i64::from(digit - b'0'))
        })
    }

    fn fraction_ms(&mut self) -> Option<f64> {
        if self.0.first() != Some(&b'.') {
            return Some(0.0);
        }
        self.next();
        let count = NonZeroUsize::new(self.0.iter().take_while(|byte| byte.is_ascii_digit()).count())?;
        let mut unit = 100.0;
        let mut ms = 0.0;
        for _ in 0..count.get() {
            // One digit always fits.
            ms += self.digits(1)? as f64 * unit;
            unit /= 10.0;
        }
        Some(ms)
    }

    fn offset_minutes(&mut self) -> Option<i64> {
        let sign = match self.one_of(b"Zz+-")? {
            b'+' => 1,
            b'-' => -1,
            _ => return Some(0),
        };
        let hours = self.digits(2).filter(|hours| *hours < 24)?;
        self.one_of(b":")?;
        let minutes = self.digits(2).filter(|minutes| *minutes < 60)?;
        Some(sign * (hours * 60 + minutes))
    }
}

const fn days_of(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Returns the days since 1970-01-01 in the Gregorian calendar. Years are counted from March, so that leap days come last:
/// "days_from_civil" of Howard Hinnant's "chrono-Compatible Low-Level Date Algorithms".
const fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year * 365 + year / 4 - year / 100 + day_of_year - 719_468
}

/// Returns year, month and day for a number of days since 1970-01-01: "civil_from_days" of the same paper.
const fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400;
    (if month <= 2 { year + 1 } else { year }, month, day)
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
            (1_709_251_199_999.0, "2024-02-29T23:59:59.999Z"),
            (4_107_542_400_000.0, "2100-03-01T00:00:00.000Z"),
            (LATEST_MS, "9999-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(format(ms), text);
            assert_eq!(parse(text), Some(ms), "{text}");
        }
    }

    #[test]
    fn every_day_is_read_as_it_was_written() {
        let mut before = String::new();
        for day in 0..200_000 {
            let ms = f64::from(day) * 86_400_000.0;
            let text = format(ms);
            assert_eq!(parse(&text), Some(ms), "{text}");
            assert!(text > before, "{before} before {text}");
            before = text;
        }
        assert_eq!(&before[..10], "2517-07-31");
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
            ("1970-01-01T00:00:00Z", 0.0),
            ("1970-01-01t00:00:01z", 1_000.0),
            ("1970-01-01 01:00:00+01:00", 0.0),
            ("1969-12-31T18:30:00.25-05:30", 250.0),
            ("1970-01-01T00:00:00.123456789Z", 123.456_789),
            ("1990-12-31T23:59:60Z", 662_688_000_000.0),
            ("1969-12-31T23:59:59.000Z", -1_000.0),
        ] {
            let read = parse(text).unwrap();
            assert!((read - ms).abs() < 1e-6, "{text}: {read}");
        }
    }

    #[test]
    fn anything_else_is_no_time() {
        for text in [
            "",
            "2026-11-22",
            "2026-11-22T18:20:28",
            "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-02-29T00:00:00Z",
            "1900-02-29T00:00:00Z",
            "2026-04-31T00:00:00Z",
            "2026-11-22T24:00:00Z",
            "2026-11-22T18:60:00Z",
            "2026-11-22T18:20:61Z",
            "2026-11-22T18:20:28.Z",
            "2026-11-22T18:20:28Z ",
            "2026-11-22T18:20:28+24:00",
            "2026-11-22T18:20:28+0100",
            "26-11-22T18:20:28Z",
            "２026-11-22T18:20:28Z",
            "+026-11-22T18:20:28Z",
        ] {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }
}
