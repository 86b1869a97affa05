//! Counts, rates and round trips of the whole session, in constant memory.

pub mod axis;
pub mod chart;
pub mod quantiles;
pub mod rate;
pub mod timeline;
pub mod units;

use quantiles::Histogram;
use rate::{WINDOW_MS, Window};
use timeline::{Column, Timeline};

use super::shared::Shared;

/// Messages and their bytes, one way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many messages.
    pub messages: u64,
    /// The sum of their payloads, in bytes.
    pub bytes: u64,
}

impl Tally {
    /// Counts a message with so many bytes of payload.
    pub fn count(&mut self, bytes: usize) {
        self.messages += 1;
        self.bytes = self.bytes.saturating_add(bytes as u64);
    }
}

/// Messages and their bytes, both ways.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traffic {
    /// What the page sent.
    pub sent: Tally,
    /// What came.
    pub received: Tally,
}

impl Traffic {
    /// Adds what else went over the wire.
    pub fn add(&mut self, other: &Self) {
        for (sum, part) in [(&mut self.sent, other.sent), (&mut self.received, other.received)] {
            sum.messages += part.messages;
            sum.bytes = sum.bytes.saturating_add(part.bytes);
        }
    }
}

/// Messages and bytes a second, one way.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Rate {
    /// Messages a second.
    pub messages: f64,
    /// Bytes of payload a second.
    pub bytes: f64,
}

impl Rate {
    fn of(tally: Tally, seconds: f64) -> Self {
        Self { messages: tally.messages as f64 / seconds, bytes: tally.bytes as f64 / seconds }
    }
}

/// The figures of round trips, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RoundTrips {
    /// How many there were.
    pub count: u64,
    /// The shortest.
    pub min: u64,
    /// The longest.
    pub max: u64,
    /// The mean.
    pub mean: f64,
    /// The median.
    pub p50: u64,
    /// 95 of 100 are not longer.
    pub p95: u64,
    /// 99 of 100 are not longer.
    pub p99: u64,
}

impl RoundTrips {
    /// The figures of a histogram; `None` if it is empty.
    pub fn of(histogram: &Histogram) -> Option<Self> {
        Some(Self {
            count: histogram.count(),
            min: histogram.min()?,
            max: histogram.max()?,
            mean: histogram.mean()?,
            p50: histogram.quantile(0.5)?,
            p95: histogram.quantile(0.95)?,
            p99: histogram.quantile(0.99)?,
        })
    }
}

/// The figures of all states of a session.
pub type SharedFigures = Shared<Figures>;

/// All that is counted of a session. All times are milliseconds of one clock of the caller's.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    /// When the first and the newest message went by.
    span_ms: Option<(f64, f64)>,
    traffic: Traffic,
    round_trips: Histogram,
    window: Window,
    timeline: Timeline,
}

impl Figures {
    /// Counts a message that was sent: when, and the bytes of its payload.
    pub fn sent(&mut self, at_ms: f64, bytes: usize) {
        let elapsed_ms = self.tell(at_ms);
        self.traffic.sent.count(bytes);
        self.window.at(elapsed_ms).into_iter().for_each(|now| now.sent.count(bytes));
        self.timeline.at(elapsed_ms).into_iter().for_each(|slot| slot.traffic.sent.count(bytes));
    }

    /// Counts a message that came: when, the bytes of its payload, and, if it is an echo, how many milliseconds it was under way.
    pub fn received(&mut self, at_ms: f64, bytes: usize, round_trip_ms: Option<f64>) {
        let elapsed_ms = self.tell(at_ms);
        let us = round_trip_ms.filter(|ms| ms.is_finite()).map(|ms| {
            // The cast saturates: a clock that was set back makes no message faster than light.
            (ms * 1_000.0).round() as u64
        });
        self.traffic.received.count(bytes);
        self.window.at(elapsed_ms).into_iter().for_each(|now| now.received.count(bytes));
        us.into_iter().for_each(|us| self.round_trips.record(us));
        if let Some(slot) = self.timeline.at(elapsed_ms) {
            slot.traffic.received.count(bytes);
            us.into_iter().for_each(|us| slot.round_trips.record(us));
        }
    }

    /// Begins anew. The next message is the first.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.span_ms.is_none()
    }

    /// Whether time alone will change what there is to see: the rate has not yet fallen to zero.
    pub fn is_live(&self, now_ms: f64) -> bool {
        self.span_ms.is_some_and(|(_, last)| now_ms < last + WINDOW_MS)
    }

    /// What went over the wire.
    pub fn traffic(&self) -> Traffic {
        self.traffic
    }

    /// The rates of what is sent and of what comes, over the last few seconds.
    pub fn rates(&self, now_ms: f64) -> (Rate, Rate) {
        let (sum, seconds) = self.window.sum(self.elapsed_ms(now_ms));
        (Rate::of(sum.sent, seconds), Rate::of(sum.received, seconds))
    }

    /// All round trips.
    pub fn round_trips(&self) -> &Histogram {
        &self.round_trips
    }

    /// The session in time, for as long as anything happened and the rate fell to zero; empty if nothing was counted.
    pub fn columns(&self, now_ms: f64) -> Vec<Column> {
        let Some((first, last)) = self.span_ms else { return Vec::new() };
        self.timeline.columns(self.elapsed_ms(now_ms).min(last - first + WINDOW_MS))
    }

    /// Milliseconds from the first message to this time, which is not before the newest message.
    fn elapsed_ms(&self, now_ms: f64) -> f64 {
        self.span_ms.map_or(0.0, |(first, last)| now_ms.clamp(last, last.max(1e13)) - first)
    }

    /// Notes the time of a message; gives the milliseconds from the first one to it. Time never goes back.
    fn tell(&mut self, at_ms: f64) -> f64 {
        // Differences of such times are exact to a microsecond, and never infinite.
        let at_ms = if at_ms.is_nan() { 0.0 } else { at_ms.clamp(-1e12, 1e13) };
        let (first, last) = self.span_ms.get_or_insert((at_ms, at_ms));
        *last = last.max(at_ms);
        *last - *first
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_are_counted_and_the_round_trips_of_echoes() {
        let mut figures = Figures::default();
        assert!(figures.is_empty() && !figures.is_live(0.0));
        assert_eq!(figures.columns(5.0), []);
        figures.sent(1_000.0, 5);
        figures.received(1_002.0, 5, Some(2.0));
        figures.received(1_003.0, 100, None);
        let Traffic { sent, received } = figures.traffic();
        assert_eq!((sent.messages, sent.bytes, received.messages, received.bytes), (1, 5, 2, 105));
        let round_trips = RoundTrips::of(figures.round_trips()).unwrap();
        assert_eq!(
            (round_trips.count, round_trips.min, round_trips.p99, round_trips.max),
            (1, 2_000, 2_000, 2_000)
        );
        let (out, back) = figures.rates(1_010.0);
        assert_eq!((out.messages, out.bytes, back.messages, back.bytes), (1.0, 5.0, 2.0, 105.0));
        assert_eq!(figures.columns(1_010.0).len(), 1);
    }

    #[test]
    fn a_reset_begins_anew() {
        let mut figures = Figures::default();
        figures.received(7.0, 5, Some(2.0));
        figures.reset();
        assert!(figures.is_empty());
        assert_eq!(figures.traffic(), Traffic::default());
        assert_eq!(RoundTrips::of(figures.round_trips()), None);
        assert_eq!(figures.rates(8.0).1, Rate::default());
    }

    #[test]
    fn the_rate_lives_for_a_few_seconds_and_so_long_the_time_line_goes_on() {
        let mut figures = Figures::default();
        figures.sent(0.0, 5);
        assert!(figures.is_live(WINDOW_MS - 1.0) && !figures.is_live(WINDOW_MS));
        assert_eq!(figures.rates(WINDOW_MS).0, Rate::default());
        assert_eq!(figures.columns(WINDOW_MS), figures.columns(1e9));
    }

    #[test]
    fn odd_times_break_nothing() {
        let mut figures = Figures::default();
        for at_ms in [f64::NAN, 5.0, f64::INFINITY, -1e300, 1e300, f64::NEG_INFINITY, 0.0] {
            figures.sent(at_ms, 1);
            figures.received(at_ms, 1, Some(at_ms));
            assert!(figures.columns(at_ms).iter().all(|column| column.sent().is_finite()));
            assert!(figures.rates(at_ms).0.messages.is_finite());
        }
        assert_eq!(figures.traffic().sent.messages, 7);
        assert_eq!(figures.round_trips().count(), 4);
        assert_eq!(figures.round_trips().max(), Some(quantiles::LONGEST_US));
    }

    #[test]
    fn a_message_costs_next_to_nothing() {
        // The bound is for a debug build on a busy machine; it is some 20 ns in a release.
        let mut figures = Figures::default();
        let start = std::time::Instant::now();
        for number in 0..200_000_u32 {
            figures.sent(f64::from(number) / 20.0, 64);
            figures.received(f64::from(number) / 20.0, 64, Some(f64::from(number % 1_000) / 100.0));
        }
        assert!(start.elapsed().as_secs_f64() < 2.0, "{:?}", start.elapsed());
    }
}
