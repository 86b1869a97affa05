//! Repeated sending of a message: schedule and progress.

use yew::AttrValue;

use crate::common::within::within;
use crate::texts::Texts;

/// Maximum number of messages per turn.
pub const BURST: u32 = 100;

/// Limit of the socket's buffered bytes, above which no message is sent.
pub const BUFFERED: f64 = 1_048_576.0;

/// Maximum interval between two messages, in milliseconds: an hour.
pub const EVERY_MOST: u32 = 3_600_000;

/// Shortest interval between turns, in milliseconds. Used when messages are due more often, or wait for the socket.
const TURN: f64 = 4.0;

/// Time by which messages are handed over before they are due, in milliseconds, so that a page that renders for so long delays none.
const AHEAD: f64 = 50.0;

/// Minimum period over which the rate is measured, in milliseconds.
const WINDOW: f64 = 1_000.0;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Number of messages; `None` means until stopped.
    pub times: Option<u32>,
    /// Interval between messages, in milliseconds; 0 means as fast as the socket accepts them.
    pub every_ms: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RepeatProblem {
    /// The number of messages is invalid.
    Times,
    /// The interval is invalid or too long.
    Every,
}

impl Plan {
    /// Reads the two fields, or returns the one that is invalid. An empty or zero number means until stopped; an empty or zero
    /// interval means as fast as possible.
    pub fn parse(times: &str, every_ms: &str) -> Result<Self, RepeatProblem> {
        let number = |typed: &str| match typed.trim() {
            "" => Some(0),
            digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().ok(),
            _ => None,
        };
        let times: u32 = number(times).ok_or(RepeatProblem::Times)?;
        let every_ms = number(every_ms).filter(|ms| *ms <= EVERY_MOST).ok_or(RepeatProblem::Every)?;
        Ok(Self { times: (times > 0).then_some(times), every_ms })
    }
}

impl RepeatProblem {
    pub fn text(self, texts: &Texts) -> AttrValue {
        AttrValue::Static(match self {
            Self::Times => texts.composer.times_problem,
            Self::Every => texts.composer.every_problem,
        })
    }
}

/// A repetition in progress. All times are in milliseconds on one clock. Messages count as sent once they are handed over.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    pub plan: Plan,
    started: f64,
    pub sent: u32,
    /// Time of the last rate measurement, and the number of messages sent by then.
    mark: (f64, u32),
    rate: Option<f64>,
}

impl Run {
    pub fn new(plan: Plan, now: f64) -> Self {
        Self { plan, started: now, sent: 0, mark: (now, 0), rate: None }
    }

    /// Returns the number of messages to hand over now. `buffered` is the number of bytes in the socket's buffer.
    pub fn due(&self, now: f64, buffered: f64) -> u32 {
        if buffered > BUFFERED {
            return 0;
        }
        let left = self.plan.times.map_or(u32::MAX, |times| times.saturating_sub(self.sent));
        self.owed(now).min(left).min(BURST)
    }

    /// Returns the number of messages that should have been handed over by now, but were not.
    fn owed(&self, now: f64) -> u32 {
        if self.plan.every_ms == 0 {
            return u32::MAX;
        }
        // The first message is due at once. The others are scheduled from the start, so that delays do not accumulate.
        let by_now = ((now + AHEAD - self.started) / f64::from(self.plan.every_ms)).floor() + 1.0;
        within(by_now - f64::from(self.sent), 0.0, f64::from(u32::MAX)) as u32
    }

    pub fn sent_one(&mut self, now: f64) {
        let at = self.next_due().max(now);
        self.sent = self.sent.saturating_add(1);
        let (since, sent) = self.mark;
        if at - since >= WINDOW {
            self.rate = Some(f64::from(self.sent - sent) * 1_000.0 / (at - since));
            self.mark = (at, self.sent);
        }
    }

    /// Returns the time until more messages may be due.
    pub fn wait(&self, now: f64, buffered: f64) -> f64 {
        if self.plan.every_ms == 0 || buffered > BUFFERED || self.owed(now) > 0 {
            return TURN;
        }
        (self.next_due() - AHEAD / 2.0 - now).max(TURN)
    }

    /// Returns the time at which the next message is due.
    pub fn next_due(&self) -> f64 {
        self.started + f64::from(self.sent) * f64::from(self.plan.every_ms)
    }

    pub fn is_done(&self) -> bool {
        self.plan.times.is_some_and(|times| self.sent >= times)
    }

    /// Returns the recent rate in messages per second, or `None` before the second message.
    pub fn rate(&self, now: f64) -> Option<f64> {
        let passed = now - self.started;
        self.rate
            .or_else(|| (self.sent > 1 && passed > 0.0).then(|| f64::from(self.sent - 1) * 1_000.0 / passed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(times: u32, every_ms: u32) -> Run {
        Run::new(Plan { times: (times > 0).then_some(times), every_ms }, 1_000.0)
    }

    fn send(run: &mut Run, now: f64) -> u32 {
        let due = run.due(now, 0.0);
        for _ in 0..due {
            run.sent_one(now);
        }
        due
    }

    #[test]
    fn the_fields_are_read() {
        let plan = |times, every_ms| Ok(Plan { times, every_ms });
        assert_eq!(Plan::parse("10", " 250 "), plan(Some(10), 250));
        assert_eq!(Plan::parse("", ""), plan(None, 0));
        assert_eq!(Plan::parse("0", "0"), plan(None, 0));
        assert_eq!(Plan::parse("4294967295", "3600000"), plan(Some(u32::MAX), EVERY_MOST));
        for times in ["-1", "+1", "1.5", "ten", "4294967296", "1e3"] {
            assert_eq!(Plan::parse(times, "1"), Err(RepeatProblem::Times), "{times}");
        }
        for every in ["-1", "0.5", "3600001", "1 s"] {
            assert_eq!(Plan::parse("1", every), Err(RepeatProblem::Every), "{every}");
        }
    }

    #[test]
    fn the_first_is_due_at_once_and_each_other_is_handed_over_before_its_time() {
        let mut run = run(3, 100);
        assert_eq!(send(&mut run, 1_000.0), 1);
        assert_eq!((run.next_due(), run.due(1_049.0, 0.0), run.wait(1_040.0, 0.0)), (1_100.0, 0, 35.0));
        assert_eq!(send(&mut run, 1_050.0), 1);
        assert!(!run.is_done());
        assert_eq!(send(&mut run, 1_250.0), 1);
        assert!(run.is_done());
        assert_eq!(run.due(9_999.0, 0.0), 0);
    }

    #[test]
    fn delays_are_caught_up_with_and_do_not_add_up() {
        let mut run = run(0, 10);
        for turn in 0..100 {
            send(&mut run, 1_000.0 + f64::from(turn) * 13.7);
        }
        assert_eq!(run.sent, 141, "99 turns of 13.7 ms are 1,356 ms, and 50 ms are ahead");
    }

    #[test]
    fn a_turn_has_a_limit() {
        let mut run = run(250, 1);
        assert_eq!(send(&mut run, 60_000.0), BURST);
        assert_eq!(run.wait(60_000.0, 0.0), TURN);
        assert_eq!((send(&mut run, 60_004.0), send(&mut run, 60_008.0)), (BURST, 50));
    }

    #[test]
    fn as_fast_as_possible_is_in_turns() {
        let mut run = run(150, 0);
        assert_eq!((send(&mut run, 1_000.0), run.wait(1_000.0, 0.0)), (BURST, TURN));
        assert_eq!((send(&mut run, 1_000.0), run.is_done()), (50, true));
    }

    #[test]
    fn a_full_socket_holds_it_back() {
        let run = run(0, 10);
        assert_eq!(run.due(2_000.0, BUFFERED + 1.0), 0);
        assert_eq!(run.wait(2_000.0, BUFFERED + 1.0), TURN);
        assert_eq!(run.due(2_000.0, BUFFERED), BURST);
    }

    #[test]
    fn a_clock_that_goes_back_does_no_harm() {
        let mut run = run(2, 10);
        send(&mut run, 1_000.0);
        assert_eq!(run.due(0.0, 0.0), 0);
        assert!(run.wait(0.0, 0.0).is_finite() && run.rate(0.0).is_none());
    }

    #[test]
    fn the_rate_is_what_was_sent_lately() {
        let mut run = run(0, 10);
        assert_eq!(run.rate(1_000.0), None);
        for turn in 0..=100 {
            send(&mut run, 1_000.0 + f64::from(turn) * 10.0);
        }
        assert!((run.rate(2_000.0).unwrap() - 100.0).abs() < 2.0);
        let mut young = Run::new(Plan { times: None, every_ms: 100 }, 0.0);
        young.sent_one(0.0);
        young.sent_one(100.0);
        assert_eq!(young.rate(100.0), Some(10.0));
    }
}
