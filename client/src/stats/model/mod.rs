//! Counts, rates and round trips of a session, in constant memory.

pub mod axis;
pub mod chart;
pub mod quantiles;
pub mod timeline;
pub mod traffic;
pub mod units;

use quantiles::Histogram;
use timeline::{Column, Timeline};
use traffic::{Rate, Traffic, WINDOW_MS, Window};

use crate::common::versioned::Versioned;
use crate::common::within::within;

/// The stats of a session, shared by its successive states.
pub type VersionedStats = Versioned<Stats>;

/// Stats of a session. All times are in milliseconds of one clock, which the caller chooses.
#[derive(Debug, Clone, Default)]
pub struct Stats {
    /// Times of the first and the newest message.
    span_ms: Option<(f64, f64)>,
    pub traffic: Traffic,
    pub round_trips: Histogram,
    window: Window,
    timeline: Timeline,
}

impl Stats {
    /// Counts a sent message: its time and the length of its payload.
    pub fn sent(&mut self, at_ms: f64, bytes: usize) {
        let elapsed_ms = self.tell(at_ms);
        self.traffic.sent.count(bytes);
        self.window.at(elapsed_ms).into_iter().for_each(|now| now.sent.count(bytes));
        self.timeline.at(elapsed_ms).into_iter().for_each(|slot| slot.traffic.sent.count(bytes));
    }

    /// Counts a received message: its time, the length of its payload and, for an echo, the round trip in milliseconds.
    pub fn received(&mut self, at_ms: f64, bytes: usize, round_trip_ms: Option<f64>) {
        let elapsed_ms = self.tell(at_ms);
        let us = round_trip_ms.filter(|ms| ms.is_finite()).map(|ms| {
            // The cast saturates: a negative time, after the clock was set back, becomes 0.
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

    /// Resets all stats. The next message counts as the first.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    /// True if the display changes with time alone: the rate has not yet fallen to zero.
    pub fn is_live(&self, now_ms: f64) -> bool {
        self.span_ms.is_some_and(|(_, last)| now_ms < last + WINDOW_MS)
    }

    /// Returns the rates of sent and of received messages over the last few seconds.
    pub fn rates(&self, now_ms: f64) -> (Rate, Rate) {
        let (sum, seconds) = self.window.sum(self.elapsed_ms(now_ms));
        (Rate::of(sum.sent, seconds), Rate::of(sum.received, seconds))
    }

    /// Returns the columns of the time line, up to the moment when the rate fell to zero; empty if nothing was counted.
    pub fn columns(&self, now_ms: f64) -> Vec<Column> {
        let Some((first, last)) = self.span_ms else { return Vec::new() };
        self.timeline.columns(self.elapsed_ms(now_ms).min(last - first + WINDOW_MS))
    }

    /// Returns the milliseconds from the first message to `now_ms`, or to the newest message if that is later.
    fn elapsed_ms(&self, now_ms: f64) -> f64 {
        self.span_ms.map_or(0.0, |(first, last)| within(now_ms, last, last.max(1e13)) - first)
    }

    /// Records the time of a message. Returns the milliseconds from the first message to the newest.
    fn tell(&mut self, at_ms: f64) -> f64 {
        // Differences between times in this range are exact to a microsecond, and never infinite.
        let at_ms = if at_ms.is_nan() { 0.0 } else { within(at_ms, -1e12, 1e13) };
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
        let mut stats = Stats::default();
        assert!(!stats.is_live(0.0));
        assert_eq!(stats.columns(5.0), []);
        stats.sent(1_000.0, 5);
        stats.received(1_002.0, 5, Some(2.0));
        stats.received(1_003.0, 100, None);
        let Traffic { sent, received } = stats.traffic;
        assert_eq!((sent.messages, sent.bytes, received.messages, received.bytes), (1, 5, 2, 105));
        let round_trips = stats.round_trips.summary().unwrap();
        assert_eq!(
            (round_trips.count, round_trips.min, round_trips.p99, round_trips.max),
            (1, 2_000, 2_000, 2_000)
        );
        let (out, back) = stats.rates(1_010.0);
        assert_eq!((out.messages, out.bytes, back.messages, back.bytes), (1.0, 5.0, 2.0, 105.0));
        assert_eq!(stats.columns(1_010.0).len(), 1);
    }

    #[test]
    fn a_reset_begins_anew() {
        let mut stats = Stats::default();
        stats.received(7.0, 5, Some(2.0));
        stats.reset();
        assert_eq!(stats.columns(8.0), []);
        assert_eq!(stats.traffic, Traffic::default());
        assert_eq!(stats.round_trips.summary(), None);
        assert_eq!(stats.rates(8.0).1, Rate::default());
    }

    #[test]
    fn the_rate_lives_for_a_few_seconds_and_so_long_the_time_line_goes_on() {
        let mut stats = Stats::default();
        stats.sent(0.0, 5);
        assert!(stats.is_live(WINDOW_MS - 1.0) && !stats.is_live(WINDOW_MS));
        assert_eq!(stats.rates(WINDOW_MS).0, Rate::default());
        assert_eq!(stats.columns(WINDOW_MS), stats.columns(1e9));
    }

    #[test]
    fn odd_times_break_nothing() {
        let mut stats = Stats::default();
        for at_ms in [f64::NAN, 5.0, f64::INFINITY, -1e300, 1e300, f64::NEG_INFINITY, 0.0] {
            stats.sent(at_ms, 1);
            stats.received(at_ms, 1, Some(at_ms));
            assert!(stats.columns(at_ms).iter().all(|column| column.sent().is_finite()));
            assert!(stats.rates(at_ms).0.messages.is_finite());
        }
        assert_eq!(stats.traffic.sent.messages, 7);
        let round_trips = stats.round_trips.summary().unwrap();
        assert_eq!((round_trips.count, round_trips.max), (4, quantiles::LONGEST_US));
    }

    #[test]
    fn a_message_costs_next_to_nothing() {
        // The bound allows for a debug build on a busy machine. A release build takes about 20 ns per message.
        let mut stats = Stats::default();
        let start = std::time::Instant::now();
        for number in 0..200_000_u32 {
            stats.sent(f64::from(number) / 20.0, 64);
            stats.received(f64::from(number) / 20.0, 64, Some(f64::from(number % 1_000) / 100.0));
        }
        assert!(start.elapsed().as_secs_f64() < 2.0, "{:?}", start.elapsed());
    }
}
