//! Formats numbers, sizes and times for display.

use std::cell::Cell;

thread_local! {
    static CLOCK_STEP_US: Cell<f64> = const { Cell::new(0.0) };
}

/// Sets the resolution of the clock, in microseconds. Times are shown without digits that it does not have.
pub fn set_clock_step_us(step: f64) {
    CLOCK_STEP_US.set(step);
}

/// Returns the resolution of the clock, in microseconds.
pub fn clock_step_us() -> f64 {
    CLOCK_STEP_US.get()
}

/// True if the clock is exact enough for times in microseconds.
pub fn has_microseconds() -> bool {
    clock_step_us() < 50.0
}

/// Formats a number with a comma between groups of three digits: `1,234,567`.
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Formats a number with a fixed number of decimals, at most 6: `1.25`. NaN becomes 0, and numbers that are too large become the
/// largest one.
///
/// The standard library's formatter prints any number to any digit, and needs tables for it that would be a tenth of the page.
pub fn fixed(number: f64, digits: u32) -> String {
    let unit = 10_u64.pow(digits.min(6));
    // The cast saturates.
    let scaled = (number.abs() * unit as f64).round() as u64;
    let sign = if number < 0.0 && scaled > 0 { "-" } else { "" };
    match digits {
        0 => format!("{sign}{scaled}"),
        _ => format!("{sign}{}.{:0width$}", scaled / unit, scaled % unit, width = digits.min(6) as usize),
    }
}

/// Formats a short time in milliseconds: `420 µs`, `1.25 ms`, `12.5 ms`, `1.20 s`. With a clock that counts tenths of a millisecond,
/// it is `0.4 ms` and `1.3 ms`, and with one that counts milliseconds `0 ms`.
pub fn short_time(ms: f64) -> String {
    let tenths = u32::from(clock_step_us() < 500.0);
    match ms {
        0.0..1.0 if has_microseconds() => format!("{} µs", fixed(ms * 1_000.0, 0)),
        1.0..10.0 if has_microseconds() => format!("{} ms", fixed(ms, 2)),
        0.0..100.0 => format!("{} ms", fixed(ms, tenths)),
        100.0..1_000.0 => format!("{} ms", fixed(ms, 0)),
        _ => format!("{} s", fixed(ms / 1_000.0, 2)),
    }
}

/// Formats the size of a message: `5 B`, `1.5 KiB`, `64.0 MiB`.
pub fn size(bytes: usize) -> String {
    amount(bytes as f64)
}

/// Converts a file size; exact for all sizes that occur.
pub fn to_float(bytes: u64) -> f64 {
    bytes as f64
}

/// Formats a number of bytes, which may exceed the page's address space: `5 B`, `1.5 KiB`, `64.0 MiB`, `4.2 GiB`.
pub fn amount(bytes: f64) -> String {
    match bytes {
        ..1_024.0 => format!("{} B", fixed(bytes, 0)),
        ..1_048_576.0 => format!("{} KiB", fixed(bytes / 1_024.0, 1)),
        ..1_073_741_824.0 => format!("{} MiB", fixed(bytes / 1_048_576.0, 1)),
        _ => format!("{} GiB", fixed(bytes / 1_073_741_824.0, 1)),
    }
}

/// Formats the local time of day: `18:20:28.123`. `at_ms` is in milliseconds since 1970.
pub fn time_of_day(at_ms: f64, behind_utc_minutes: f64) -> String {
    const DAY_MS: i64 = 86_400_000;
    // Integer arithmetic: the floating-point remainder would add its tables to the page.
    let ms = ((at_ms - behind_utc_minutes * 60_000.0).floor() as i64).rem_euclid(DAY_MS);
    format!("{:02}:{:02}:{:02}.{:03}", ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60, ms % 1_000)
}

/// Formats a time since the first message, in seconds: `+12.345`.
pub fn relative_time(ms: f64) -> String {
    let seconds = fixed(ms / 1_000.0, 3);
    if seconds.starts_with('-') { seconds } else { format!("+{seconds}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_make_a_group() {
        for (number, text) in
            [(0, "0"), (7, "7"), (999, "999"), (1_000, "1,000"), (12_345, "12,345"), (1_234_567, "1,234,567")]
        {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn a_number_has_as_many_digits_as_wanted() {
        for (number, digits, text) in [
            (0.0, 0, "0"),
            (1.255, 1, "1.3"),
            (-1.05, 2, "-1.05"),
            (-0.001, 2, "0.00"),
            (999.96, 1, "1000.0"),
            (0.000_001, 6, "0.000001"),
            (f64::NAN, 1, "0.0"),
            (f64::INFINITY, 0, "18446744073709551615"),
        ] {
            assert_eq!(fixed(number, digits), text);
        }
    }

    #[test]
    fn short_times_and_sizes_have_three_digits_or_so() {
        for (ms, text) in [
            (0.0, "0 µs"),
            (0.42, "420 µs"),
            (1.254, "1.25 ms"),
            (12.54, "12.5 ms"),
            (125.4, "125 ms"),
            (1_254.0, "1.25 s"),
        ] {
            assert_eq!(short_time(ms), text);
        }
        for (step_us, ms, text) in [
            (100.0, 0.1 + 0.2, "0.3 ms"),
            (100.0, 1.25, "1.3 ms"),
            (100.0, 12.54, "12.5 ms"),
            (1_000.0, 0.9, "1 ms"),
            (1_000.0, 12.54, "13 ms"),
            (1_000.0, 1_254.0, "1.25 s"),
        ] {
            set_clock_step_us(step_us);
            assert_eq!(short_time(ms), text, "{step_us}");
        }
        for (bytes, text) in [
            (0, "0 B"),
            (1_023, "1023 B"),
            (1_536, "1.5 KiB"),
            (67_108_864, "64.0 MiB"),
            (5_368_709_120, "5.0 GiB"),
        ] {
            assert_eq!(size(bytes), text);
        }
    }

    #[test]
    fn a_time_is_local_or_since_the_beginning() {
        let noon = 1_795_348_800_000.0; // 2026-11-22T12:00:00Z
        assert_eq!(time_of_day(noon + 1_234.9, 0.0), "12:00:01.234");
        assert_eq!(time_of_day(noon, -480.0), "20:00:00.000", "in China");
        assert_eq!(time_of_day(noon, 780.0), "23:00:00.000", "the day before");
        assert_eq!(relative_time(12_345.6), "+12.346");
        assert_eq!(relative_time(-1.0), "-0.001");
    }
}
