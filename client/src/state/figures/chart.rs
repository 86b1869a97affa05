//! What the charts look like, as plain data: the component only draws it.
//!
//! All places are in a box of [`WIDTH`] by [`HEIGHT`] with its origin at the upper left, to be stretched to any size.

use std::f64::consts::LN_2;

use super::axis::Axis;
use super::quantiles::Histogram;
use super::timeline::{Column, SLOT_MS};
use super::{RoundTrips, units};
use crate::state::format::fixed;

/// The width of the box.
pub const WIDTH: f64 = 1_000.0;
/// The height of the box.
pub const HEIGHT: f64 = 100.0;

/// The most bars in a histogram. More are wider instead.
const BARS: f64 = 40.0;
/// What is rare is still to be seen.
const LEAST_HEIGHT: f64 = 1.5;
/// So many marks and their labels fit on a phone.
const MARKS: usize = 5;
/// The shortest time that a time line shows, in seconds: one slot is no wall.
const LEAST_SECONDS: f64 = 10.0;

/// A mark on an axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// Where, from the left or from the top.
    pub at: f64,
    /// What it says.
    pub label: String,
}

/// A mark in the chart. It stands on the lower edge, and its label is at its upper end.
#[derive(Debug, Clone, PartialEq)]
pub struct Flag {
    /// Where, from the left.
    pub at: f64,
    /// What it says.
    pub label: String,
    /// The row of the label, from 0, which is the highest.
    pub row: usize,
    /// Whether the label is on its left.
    pub leftward: bool,
}

/// A bar that stands on the lower edge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bar {
    /// Its left edge.
    pub x: f64,
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
}

/// A line through places `(x, y)`.
pub type Line = Vec<(f64, f64)>;

/// A chart.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Chart {
    /// The bars, from left to right.
    pub bars: Vec<Bar>,
    /// The lines, each of them in the parts between its gaps.
    pub lines: [Vec<Line>; 2],
    /// Marks in the chart, from left to right.
    pub flags: Vec<Flag>,
    /// Marks of the horizontal axis.
    pub x_marks: Vec<Mark>,
    /// Marks of the vertical axis, from below.
    pub y_marks: Vec<Mark>,
}

/// How often a round trip took how long, on a logarithmic axis, with p50, p95 and p99; `None` if there was none.
///
/// `resolution_us` is that of the clock, in microseconds: a clock of milliseconds would make a comb of any smooth distribution,
/// so each value is spread over what it may have been.
pub fn distribution(round_trips: &Histogram, resolution_us: f64) -> Option<Chart> {
    let figures = RoundTrips::of(round_trips)?;
    let blur = if resolution_us.is_finite() { resolution_us.clamp(1.0, 1e5) } else { 1.0 };
    let spread = |from: f64, to: f64| -> (f64, f64) {
        let (middle, half) = ((from + to) / 2.0, (to - from).max(blur) / 2.0);
        ((middle - half).max(blur / 4.0), middle + half)
    };
    // An exact value is half a microsecond more or less.
    let low = spread(figures.min as f64 - 0.5, figures.min as f64 + 0.5).0;
    let high = spread(figures.max as f64 - 0.5, figures.max as f64 + 0.5).1;
    let axis = Axis::logarithmic(low, high, MARKS);

    let heights = bins(round_trips, &axis, spread);
    let width = WIDTH / heights.len() as f64;
    let most = heights.iter().copied().fold(0.0, f64::max);
    let counts = Axis::linear(most, 3, 1.0);
    let bars = heights.into_iter().enumerate().filter(|(_, height)| *height > 0.0).map(|(index, height)| {
        Bar { x: index as f64 * width, width, height: (counts.position(height) * HEIGHT).max(LEAST_HEIGHT) }
    });
    Some(Chart {
        bars: bars.collect(),
        flags: flags(&axis, [("p50", figures.p50), ("p95", figures.p95), ("p99", figures.p99)]),
        x_marks: across(&axis, units::time),
        y_marks: upward(&counts, units::short),
        ..Chart::default()
    })
}

/// Flags at these times, from the shortest to the longest. Where there is room, each label is on the right and its row lower than
/// that of the flag before; else on the left, and the other way round. So no flag crosses the label of another.
fn flags<const N: usize>(axis: &Axis, times: [(&str, u64); N]) -> Vec<Flag> {
    // The widest label on the narrowest screen takes less than a third of it.
    const LABEL: f64 = WIDTH * 0.32;
    let places = times.map(|(name, us)| (name, us, axis.position(us as f64) * WIDTH));
    let turned = places.last().is_some_and(|(_, _, at)| *at > WIDTH - LABEL);
    let flag = |(index, (name, us, at)): (usize, (&str, u64, f64))| Flag {
        at,
        label: format!("{name} {}", units::time(us as f64)),
        row: if turned { N - 1 - index } else { index },
        leftward: turned && at > LABEL,
    };
    places.into_iter().enumerate().map(flag).collect()
}

/// The counts in bins of equal width on the axis. A bucket that lies in several is shared among them.
fn bins(round_trips: &Histogram, axis: &Axis, spread: impl Fn(f64, f64) -> (f64, f64)) -> Vec<f64> {
    let (low, high) = axis.ends();
    let octaves = (high / low).ln() / LN_2;
    // Bins of an octave: a power of two, and with 16 a bin is about as wide as a bucket.
    let each = [16.0, 8.0, 4.0, 2.0].into_iter().find(|each| octaves * each <= BARS).unwrap_or(1.0);
    // The cast saturates; it is at most about 40.
    let count = (octaves * each).round().max(1.0) as usize;
    let mut bins = vec![0.0; count];
    for bucket in round_trips.buckets() {
        // A bucket holds whole microseconds, each of which begins half of one before.
        let (from, to) = spread(bucket.from_us as f64 - 0.5, bucket.to_us as f64 - 0.5);
        let (start, end) = (axis.position(from) * count as f64, axis.position(to) * count as f64);
        for (index, bin) in bins.iter_mut().enumerate() {
            let shared = end.min((index + 1) as f64) - start.max(index as f64);
            if shared > 0.0 {
                *bin += f64::from(bucket.count) * shared / (end - start);
            }
        }
    }
    bins
}

/// Messages a second over time: what came as bars, what was sent as a line; `None` if there was nothing.
pub fn traffic(columns: &[Column]) -> Option<Chart> {
    let axis = session(columns)?;
    let most = columns.iter().map(|column| column.sent().max(column.received())).fold(0.0, f64::max);
    let rates = Axis::linear(most, 3, 0.0);
    let bars = columns.iter().filter(|column| column.slot.traffic.received.messages > 0).map(|column| {
        let (from, to) = ends(column, &axis);
        Bar {
            x: from,
            width: to - from,
            height: (rates.position(column.received()) * HEIGHT).max(LEAST_HEIGHT),
        }
    });
    Some(Chart {
        bars: bars.collect(),
        lines: [steps(columns, &axis, &|column| Some(rates.position(column.sent()))), Vec::new()],
        x_marks: across(&axis, units::clock),
        y_marks: upward(&rates, units::short),
        ..Chart::default()
    })
}

/// The median and the 95th percentile of the round trips over time, on a logarithmic axis, with gaps where there was none; `None`
/// if there was none at all.
pub fn drift(columns: &[Column]) -> Option<Chart> {
    let axis = session(columns)?;
    let quantile =
        |share: f64| move |column: &Column| column.slot.round_trips.quantile(share).map(|us| us as f64);
    let (p50, p95) = (quantile(0.5), quantile(0.95));
    let low = columns.iter().filter_map(p50).reduce(f64::min)?;
    let high = columns.iter().filter_map(p95).reduce(f64::max)?;
    let times = Axis::logarithmic(low.max(1.0), high.max(1.0), MARKS);
    Some(Chart {
        lines: [
            steps(columns, &axis, &|column| p50(column).map(|us| times.position(us))),
            steps(columns, &axis, &|column| p95(column).map(|us| times.position(us))),
        ],
        x_marks: across(&axis, units::clock),
        y_marks: upward(&times, units::time),
        ..Chart::default()
    })
}

/// The places of a line as SVG wants them.
pub fn points(line: &Line) -> String {
    let places: Vec<String> =
        line.iter().map(|(x, y)| format!("{},{}", fixed(*x, 1), fixed(*y, 1))).collect();
    places.join(" ")
}

/// The axis of time; `None` if there is no column.
fn session(columns: &[Column]) -> Option<Axis> {
    let seconds = columns.last()?.to_ms / SLOT_MS;
    Some(Axis::clock(seconds.max(LEAST_SECONDS), 4))
}

fn ends(column: &Column, axis: &Axis) -> (f64, f64) {
    let at = |ms: f64| axis.position(ms / SLOT_MS) * WIDTH;
    (at(column.from_ms), at(column.to_ms))
}

/// A line that is level within each column, for a column is a length of time. Heights are 0 to 1; where there is none, is a gap.
fn steps(columns: &[Column], axis: &Axis, height: &dyn Fn(&Column) -> Option<f64>) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut line = Line::new();
    for column in columns {
        match height(column) {
            Some(height) => {
                let (from, to) = ends(column, axis);
                let y = HEIGHT * (1.0 - height);
                line.extend([(from, y), (to, y)]);
            }
            None if line.is_empty() => {}
            None => lines.push(std::mem::take(&mut line)),
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

fn across(axis: &Axis, label: fn(f64) -> String) -> Vec<Mark> {
    axis.ticks.iter().map(|tick| Mark { at: axis.position(*tick) * WIDTH, label: label(*tick) }).collect()
}

fn upward(axis: &Axis, label: fn(f64) -> String) -> Vec<Mark> {
    axis.ticks
        .iter()
        .map(|tick| Mark { at: (1.0 - axis.position(*tick)) * HEIGHT, label: label(*tick) })
        .collect()
}

#[cfg(test)]
#[path = "chart_tests.rs"]
mod tests;
