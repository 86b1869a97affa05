//! Geometry of the charts, as plain data for a component to draw.
//!
//! All positions lie in a box of [`WIDTH`] by [`HEIGHT`] with its origin at the upper left, which is stretched to the size on
//! screen.

use std::f64::consts::LN_2;

use super::axis::Axis;
use super::quantiles::Histogram;
use super::timeline::{Column, SLOT_MS};
use super::units;
use crate::common::format::fixed;
use crate::common::within::within;

pub const WIDTH: f64 = 1_000.0;
pub const HEIGHT: f64 = 100.0;

/// Maximum number of bars in a histogram. A wider range makes the bars wider.
const BARS: f64 = 40.0;
/// Minimum height of a bar, so that rare values stay visible.
const LEAST_HEIGHT: f64 = 1.5;
/// Maximum number of ticks: their labels fit the width of a phone.
const MARKS: usize = 5;
/// Minimum range of a time line, in seconds. Without it, a single slot would fill the whole chart.
const LEAST_SECONDS: f64 = 10.0;

/// A labelled tick of an axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// Position, from the left or from the top.
    pub at: f64,
    pub label: String,
}

/// A labelled vertical line in the chart. It stands on the lower edge, with its label at the upper end.
#[derive(Debug, Clone, PartialEq)]
pub struct Flag {
    pub at: f64,
    pub label: String,
    /// Row of the label, from 0 at the top.
    pub row: usize,
    /// True if the label is on the left of the line.
    pub leftward: bool,
}

/// A bar that stands on the lower edge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bar {
    pub x: f64,
    pub width: f64,
    pub height: f64,
}

/// A line through points `(x, y)`.
pub type Line = Vec<(f64, f64)>;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Chart {
    pub bars: Vec<Bar>,
    /// Two lines, each split into segments at its gaps.
    pub lines: [Vec<Line>; 2],
    pub flags: Vec<Flag>,
    pub x_marks: Vec<Mark>,
    /// Ticks of the vertical axis, from below.
    pub y_marks: Vec<Mark>,
}

/// Builds the histogram of the round trips on a logarithmic axis, with p50, p95 and p99. Returns `None` without round trips.
///
/// `resolution_us` is the resolution of the clock in microseconds. Each value is spread over this interval, as a clock of
/// milliseconds would otherwise turn a smooth distribution into a comb.
pub fn distribution(round_trips: &Histogram, resolution_us: f64) -> Option<Chart> {
    let stats = round_trips.summary()?;
    let blur = if resolution_us.is_finite() { within(resolution_us, 1.0, 1e5) } else { 1.0 };
    let spread = |from: f64, to: f64| -> (f64, f64) {
        let (middle, half) = ((from + to) / 2.0, (to - from).max(blur) / 2.0);
        ((middle - half).max(blur / 4.0), middle + half)
    };
    // A recorded value is exact to half a microsecond in both directions.
    let low = spread(stats.min as f64 - 0.5, stats.min as f64 + 0.5).0;
    let high = spread(stats.max as f64 - 0.5, stats.max as f64 + 0.5).1;
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
        flags: flags(&axis, [("p50", stats.p50), ("p95", stats.p95), ("p99", stats.p99)]),
        x_marks: across(&axis, units::exact_time),
        y_marks: upward(&counts, units::short),
        ..Chart::default()
    })
}

/// Builds the flags for ascending times. While there is room on the right, labels stand to the right and each row is lower than
/// the one before; otherwise labels stand to the left, with the rows reversed. Thus no flag crosses the label of another.
fn flags<const N: usize>(axis: &Axis, times: [(&str, u64); N]) -> Vec<Flag> {
    // Width of a label: the widest one on the narrowest screen takes less than a third of it.
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

/// Counts the values in bins of equal width on the axis. A bucket that overlaps several bins is divided among them, into whole
/// numbers: a single value is in a single bin.
fn bins(round_trips: &Histogram, axis: &Axis, spread: impl Fn(f64, f64) -> (f64, f64)) -> Vec<f64> {
    let (low, high) = axis.ends();
    let octaves = (high / low).ln() / LN_2;
    // Bins per octave: a power of two. With 16 a bin is about as wide as a bucket.
    let each = [16.0, 8.0, 4.0, 2.0].into_iter().find(|each| octaves * each <= BARS).unwrap_or(1.0);
    // The cast saturates; the value is at most about 40.
    let count = (octaves * each).round().max(1.0) as usize;
    let mut bins = vec![0.0; count];
    for bucket in round_trips.buckets() {
        // A bucket holds whole microseconds, and each of these begins half a microsecond earlier.
        let (from, to) = spread(bucket.from_us as f64 - 0.5, bucket.to_us as f64 - 0.5);
        let (start, end) = (axis.position(from) * count as f64, axis.position(to) * count as f64);
        let total = f64::from(bucket.count);
        let mut counted = 0.0;
        for (index, bin) in bins.iter_mut().enumerate() {
            // The values up to the upper end of this bin, as if they lay at equal distances.
            let up_to = ((end.min((index + 1) as f64) - start) / (end - start) * total).round();
            if up_to > counted {
                *bin += up_to - counted;
                counted = up_to;
            }
        }
    }
    bins
}

/// Builds the chart of messages per second over time: received as bars, sent as a line. Returns `None` without columns.
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

/// Builds the chart of the round trips over time: median and 95th percentile on a logarithmic axis. Returns `None` without any.
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
        y_marks: upward(&times, units::exact_time),
        ..Chart::default()
    })
}

/// Formats a line for the `points` attribute of an SVG polyline.
pub fn points(line: &Line) -> String {
    let places: Vec<String> =
        line.iter().map(|(x, y)| format!("{},{}", fixed(*x, 1), fixed(*y, 1))).collect();
    places.join(" ")
}

fn session(columns: &[Column]) -> Option<Axis> {
    let seconds = columns.last()?.to_ms / SLOT_MS;
    Some(Axis::clock(seconds.max(LEAST_SECONDS), 4))
}

fn ends(column: &Column, axis: &Axis) -> (f64, f64) {
    let at = |ms: f64| axis.position(ms / SLOT_MS) * WIDTH;
    (at(column.from_ms), at(column.to_ms))
}

/// Builds a line that is level within each column. Heights are 0 to 1; `None` makes a gap.
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
    marks(axis, label, |part| part * WIDTH)
}

fn upward(axis: &Axis, label: fn(f64) -> String) -> Vec<Mark> {
    marks(axis, label, |part| (1.0 - part) * HEIGHT)
}

fn marks(axis: &Axis, label: fn(f64) -> String, place: fn(f64) -> f64) -> Vec<Mark> {
    axis.ticks.iter().map(|tick| Mark { at: place(axis.position(*tick)), label: label(*tick) }).collect()
}

#[cfg(test)]
#[path = "chart_tests.rs"]
mod tests;
