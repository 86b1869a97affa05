//! Formats numbers with their units, the same in every language.

use crate::common::format::{clock_step_us, fixed, grouped, has_microseconds};

/// Formats three significant digits without trailing zeros: `0.03`, `1.25`, `12.5`, `1,250`. Decimals are at most three.
pub fn significant(value: f64) -> String {
    let places = match value.abs() {
        size if size < 0.9995 => 3,
        size if size < 9.995 => 2,
        size if size < 99.95 => 1,
        // The cast saturates, which is harmless: the value is far from both limits.
        _ => return grouped(value.round() as usize),
    };
    let text = fixed(value, places);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

pub fn whole(count: u64) -> String {
    grouped(usize::try_from(count).unwrap_or(usize::MAX))
}

/// Units of a time in microseconds, and their limits.
const TIMES: [(f64, f64, &str); 2] = [(999.5, 1.0, "µs"), (999_500.0, 1e3, "ms")];

/// Formats a time on an axis, in microseconds: `850 µs`, `1.25 ms`, `12.5 s`.
pub fn exact_time(us: f64) -> String {
    scaled(us, &TIMES, (1e6, "s"))
}

/// Formats a measured time in microseconds: `850 µs`, `1.25 ms`, `12.5 s`. With a clock of 100 µs, two of these are `0.9 ms` and `1.3 ms`.
pub fn time(us: f64) -> String {
    if has_microseconds() {
        return exact_time(us);
    }
    let step = clock_step_us();
    scaled((us / step).round() * step, &TIMES[1..], (1e6, "s"))
}

/// Formats a number of bytes: `512 B`, `1.5 KiB`, `20 MiB`.
pub fn bytes(bytes: f64) -> String {
    const KIB: f64 = 1_024.0;
    let units = [
        (1_023.5, 1.0, "B"),
        (1_023.5 * KIB, KIB, "KiB"),
        (1_023.5 * KIB * KIB, KIB * KIB, "MiB"),
        (1_023.5 * KIB * KIB * KIB, KIB * KIB * KIB, "GiB"),
    ];
    scaled(bytes, &units, (KIB * KIB * KIB * KIB, "TiB"))
}

/// Formats a number for an axis: `0.5`, `250`, `1.5k`, `20M`.
pub fn short(number: f64) -> String {
    let text =
        scaled(number, &[(999.5, 1.0, ""), (999_500.0, 1e3, "k"), (999_500_000.0, 1e6, "M")], (1e9, "G"));
    text.replace(' ', "")
}

/// Formats a time in seconds since the start of the session: `0:07`, `2:30`, `1:02:00`.
pub fn clock(seconds: f64) -> String {
    // The cast saturates, which is harmless: the value is far from both limits.
    let seconds = seconds.max(0.0).round() as u64;
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// Formats a value in the first unit whose limit it is below, or in the largest unit.
fn scaled(value: f64, units: &[(f64, f64, &str)], largest: (f64, &str)) -> String {
    let (size, unit) =
        units.iter().find(|(limit, _, _)| value < *limit).map_or(largest, |(_, size, unit)| (*size, *unit));
    format!("{} {unit}", significant(value / size))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::common::format::set_clock_step_us;

    #[test]
    fn a_time_has_the_digits_of_the_clock() {
        for (step_us, us, text) in [
            (5.0, 1_250.0, "1.25 ms"),
            (100.0, 333.3, "0.3 ms"),
            (100.0, 1_276.0, "1.3 ms"),
            (1_000.0, 12_534.0, "13 ms"),
        ] {
            set_clock_step_us(step_us);
            assert_eq!(time(us), text, "{step_us}");
        }
    }

    #[test]
    fn a_number_has_the_unit_that_fits() {
        let times = [
            (0.0, "0 µs"),
            (1.0, "1 µs"),
            (999.0, "999 µs"),
            (999.7, "1 ms"),
            (1_250.0, "1.25 ms"),
            (9_996.0, "10 ms"),
            (12_500.0, "12.5 ms"),
            (123_456.0, "123 ms"),
            (999_600.0, "1 s"),
            (61_400_000.0, "61.4 s"),
            (7_200_000_000.0, "7,200 s"),
        ];
        let sizes = [
            (0.0, "0 B"),
            (0.4, "0.4 B"),
            (1_023.0, "1,023 B"),
            (1_024.0, "1 KiB"),
            (1_536.0, "1.5 KiB"),
            (1_047_552.0, "1,023 KiB"),
            (1_048_576.0, "1 MiB"),
            (5e9, "4.66 GiB"),
            (5e15, "4,547 TiB"),
        ];
        let on_an_axis =
            [(0.0, "0"), (0.05, "0.05"), (150.0, "150"), (1_500.0, "1.5k"), (2e6, "2M"), (3e9, "3G")];
        let of_the_session = [(0.0, "0:00"), (7.0, "0:07"), (150.0, "2:30"), (3_720.0, "1:02:00")];
        for (format, cases) in [
            (time as fn(f64) -> String, &times[..]),
            (bytes, &sizes),
            (short, &on_an_axis),
            (clock, &of_the_session),
        ] {
            for (number, text) in cases {
                assert_eq!(format(*number), *text);
            }
        }
    }
}
