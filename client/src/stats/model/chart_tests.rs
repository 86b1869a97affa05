use proptest::prelude::*;

use super::*;
use crate::stats::model::Stats;

fn of(values: &[u64]) -> Histogram {
    let mut histogram = Histogram::default();
    values.iter().for_each(|us| histogram.record(*us));
    histogram
}

/// Returns the number of groups of adjacent bars.
fn hills(chart: &Chart) -> usize {
    1 + chart.bars.windows(2).filter(|pair| pair[1].x - pair[0].x > pair[0].width * 1.5).count()
}

fn labels(marks: &[Mark]) -> Vec<&str> {
    marks.iter().map(|mark| mark.label.as_str()).collect()
}

/// True if every number is finite and lies in the box.
fn sound(chart: &Chart) -> bool {
    let inside = |value: f64, most: f64| (-0.001..=most + 0.001).contains(&value);
    chart.bars.iter().all(|bar| {
        inside(bar.x, WIDTH)
            && bar.width > 0.0
            && inside(bar.x + bar.width, WIDTH)
            && inside(bar.height, HEIGHT)
    }) && chart.lines.iter().flatten().flatten().all(|(x, y)| inside(*x, WIDTH) && inside(*y, HEIGHT))
        && chart.x_marks.iter().all(|mark| inside(mark.at, WIDTH))
        && chart.flags.iter().all(|flag| inside(flag.at, WIDTH) && flag.row < chart.flags.len())
        && chart.y_marks.iter().all(|mark| inside(mark.at, HEIGHT))
        && (2..=6).contains(&chart.x_marks.len())
}

#[test]
fn without_data_there_is_no_chart() {
    assert_eq!(distribution(&Histogram::default(), 1.0), None);
    assert_eq!(traffic(&[]), None);
    assert_eq!(drift(&[]), None);
    let mut stats = Stats::default();
    stats.sent(0.0, 5);
    assert!(traffic(&stats.columns(0.0)).is_some());
    assert_eq!(drift(&stats.columns(0.0)), None, "nothing has come back");
}

#[test]
fn one_round_trip_is_one_small_hill() {
    let chart = distribution(&of(&[1_500]), 1.0).unwrap();
    assert!(sound(&chart) && chart.bars.len() <= 2, "{chart:?}");
    let labels_of_flags: Vec<_> = chart.flags.iter().map(|flag| flag.label.as_str()).collect();
    assert_eq!(labels_of_flags, ["p50 1.5 ms", "p95 1.5 ms", "p99 1.5 ms"]);
    assert_eq!(labels(&chart.x_marks), ["1 ms", "2 ms"]);
    assert_eq!(labels(&chart.y_marks), ["0", "1"]);
}

/// A single echo was once drawn as two bars of half its height, as it lay on the border of two bins.
#[test]
fn one_round_trip_is_one_bar_that_reaches_the_line_of_one() {
    for us in [1, 7, 99, 100, 290, 1_000, 1_414, 1_500, 123_456] {
        for resolution in [1.0, 5.0, 100.0, 1_000.0] {
            let chart = distribution(&of(&[us]), resolution).unwrap();
            assert!(matches!(*chart.bars, [Bar { height: HEIGHT, .. }]), "{us} at {resolution}: {chart:?}");
        }
    }
}

#[test]
fn two_hills_are_seen_as_two_and_one_as_one() {
    let around = |middle: u64| (0..100).map(move |step| middle + step * middle / 200);
    let one: Vec<u64> = around(1_000).collect();
    let two: Vec<u64> = around(1_000).chain(around(10_000)).collect();
    assert_eq!(hills(&distribution(&of(&one), 1.0).unwrap()), 1);
    assert_eq!(hills(&distribution(&of(&two), 1.0).unwrap()), 2);
}

#[test]
fn a_coarse_clock_makes_no_comb() {
    let values: Vec<u64> = (0..1_000).map(|number| 100 + number % 5 * 100).collect();
    assert!(hills(&distribution(&of(&values), 1.0).unwrap()) > 2, "this is what it would be");
    assert_eq!(hills(&distribution(&of(&values), 100.0).unwrap()), 1);
}

#[test]
fn flags_at_the_right_have_their_labels_on_the_left_and_the_last_one_is_the_highest() {
    let rows = |values: &[u64]| -> Vec<(usize, bool)> {
        let chart = distribution(&of(values), 1.0).unwrap();
        chart.flags.iter().map(|flag| (flag.row, flag.leftward)).collect()
    };
    let low: Vec<u64> = (0..1_000).map(|_| 1_100).chain([90_000]).collect();
    assert_eq!(rows(&low), [(0, false), (1, false), (2, false)]);
    let wide: Vec<u64> = (0..900).map(|_| 1_100).chain((0..100).map(|_| 90_000)).collect();
    assert_eq!(rows(&wide), [(2, false), (1, true), (0, true)]);
}

#[test]
fn what_is_even_on_the_axis_is_even_in_the_chart() {
    let values: Vec<u64> =
        (0..40_000).map(|step| (1_000.0 * 10_f64.powf(f64::from(step) / 20_000.0)) as u64).collect();
    let chart = distribution(&of(&values), 1.0).unwrap();
    let inner = &chart.bars[1..chart.bars.len() - 1];
    let (low, high) = inner
        .iter()
        .fold((f64::MAX, 0.0_f64), |(low, high), bar| (low.min(bar.height), high.max(bar.height)));
    assert!(high / low < 1.1, "{low} to {high}");
}

#[test]
fn a_stall_is_a_gap() {
    let mut stats = Stats::default();
    for second in (0..60).chain(120..180) {
        stats.sent(f64::from(second) * 1_000.0, 5);
        stats.received(f64::from(second) * 1_000.0 + 2.0, 5, Some(2.0));
    }
    let columns = stats.columns(180_000.0);
    let (traffic, drift) = (traffic(&columns).unwrap(), drift(&columns).unwrap());
    assert_eq!(traffic.bars.len(), 120);
    assert_eq!(traffic.lines[0].len(), 1, "nothing sent is a rate too");
    assert_eq!(drift.lines.each_ref().map(Vec::len), [2, 2]);
    assert_eq!(labels(&traffic.x_marks), ["0:00", "1:00", "2:00", "3:00"]);
    assert!(sound(&traffic) && sound(&drift));
}

#[test]
fn the_first_message_is_one_bar_at_the_left() {
    let mut stats = Stats::default();
    stats.received(5.0, 5, Some(0.0));
    let chart = traffic(&stats.columns(5.0)).unwrap();
    assert_eq!(chart.bars, [Bar { x: 0.0, width: 100.0, height: HEIGHT }]);
    assert!(sound(&drift(&stats.columns(5.0)).unwrap()));
    assert_eq!(points(&chart.lines[0][0]), "0.0,100.0 100.0,100.0");
}

proptest! {
    #[test]
    fn any_values_make_a_chart_that_can_be_drawn(
        values in prop::collection::vec((0_u32..36, any::<u64>()).prop_map(|(bits, any)| any % (2 << bits)), 1..50),
        resolution in prop_oneof![Just(1.0), Just(100.0), Just(1_000.0), any::<f64>()],
    ) {
        let chart = distribution(&of(&values), resolution).unwrap();
        prop_assert!(sound(&chart), "{chart:?}");
        prop_assert!(chart.bars.len() <= 41);
    }

    #[test]
    fn any_session_makes_charts_that_can_be_drawn(
        events in prop::collection::vec((0.0_f64..100_000.0, any::<bool>(), 0.0_f64..1e5), 1..200),
    ) {
        let mut stats = Stats::default();
        let mut at_ms = 0.0;
        for (pause_ms, sent, round_trip_ms) in events {
            at_ms += pause_ms;
            if sent { stats.sent(at_ms, 5); } else { stats.received(at_ms, 5, Some(round_trip_ms)); }
        }
        let columns = stats.columns(at_ms + 500.0);
        for chart in [traffic(&columns), drift(&columns)].into_iter().flatten() {
            prop_assert!(sound(&chart), "{chart:?}");
        }
    }
}
