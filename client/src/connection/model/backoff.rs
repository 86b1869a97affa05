//! Automatic reconnection: the decision to try again, and the delay before it.
//!
//! The delays double, as RFC 6455 section 7.2.3 asks for, and contain a random part, so that the clients of a restarted server do
//! not all return at once. Of the methods in Marc Brooker's "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015) this
//! is "equal jitter": half of the delay is fixed, the other half is random. "Full jitter" spreads a crowd better, but its delay
//! may be close to zero: too short to read a countdown, or to stop it.

use serde_json::Value;
use ws_echo_shared::CloseCode;

use crate::common::stored::{Form, object};
use crate::common::within::within;
use crate::texts::{Texts, fill};

/// Delay before the first attempt, in milliseconds, before jitter shortens it.
const FIRST_MS: u32 = 500;

/// Upper limit of the delay, in milliseconds.
const LONGEST_MS: u32 = 30_000;

/// Time that a connection must stay open to count as a success, in milliseconds. Without it, a server that accepts and drops at
/// once would be asked again every half second.
const STEADY_MS: u64 = 5_000;

/// The end of a connection: the facts that decide about reconnecting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct End {
    /// The close code that the browser reports.
    pub code: CloseCode,
    /// Time that the connection was open, in milliseconds; `None` if it never opened.
    pub open_ms: Option<u64>,
    /// True if the page asked for the close.
    pub asked: bool,
}

/// The next attempt and the delay before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// Number of the attempt since the last steady connection, from 1.
    pub attempt: u32,
    /// Delay in milliseconds.
    pub delay_ms: u32,
}

/// Reason not to reconnect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Halt {
    /// The user disconnected.
    Asked,
    /// The peer finished normally (1000), or closed without a code (1005), which gives no reason to try again.
    Done(CloseCode),
    /// A code that would occur again, because the cause is the data that was sent or the parameters that were agreed on.
    SameAgain(CloseCode),
    /// A code whose meaning is private to the application (3000 to 4999), or unknown.
    Private(CloseCode),
}

/// Counter of the attempts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Backoff {
    attempts: u32,
}

impl Backoff {
    /// Takes the end of a connection and a random number from 0 to 1, and returns the next attempt.
    ///
    /// # Errors
    ///
    /// Returns the reason if there is no next attempt. The count is reset then.
    pub fn ended(&mut self, end: &End, chance: f64) -> Result<Wait, Halt> {
        if let Some(halt) = halt(end) {
            self.stop();
            return Err(halt);
        }
        if end.open_ms.is_some_and(|ms| ms >= STEADY_MS) {
            self.stop();
        }
        self.attempts = self.attempts.saturating_add(1);
        Ok(Wait { attempt: self.attempts, delay_ms: delay_ms(self.attempts, chance) })
    }

    /// Resets the count: the user stopped the attempts, or connects by hand.
    pub fn stop(&mut self) {
        self.attempts = 0;
    }
}

/// Returns the reason not to reconnect after this end, or `None` if another attempt is worthwhile.
///
/// Worthwhile are the codes that may not occur again: 1001 (going away), 1006 (lost, or never opened), 1011 (internal error),
/// 1012 (restart), 1013 (overload) and 1014 (bad gateway).
fn halt(end: &End) -> Option<Halt> {
    if end.asked { Some(Halt::Asked) } else { Halt::of(end.code) }
}

/// Returns the delay before an attempt in milliseconds. Attempts count from 1.
fn delay_ms(attempt: u32, chance: f64) -> u32 {
    let doubled =
        1_u32.checked_shl(attempt.saturating_sub(1)).and_then(|factor| FIRST_MS.checked_mul(factor));
    let whole = doubled.map_or(LONGEST_MS, |ms| ms.min(LONGEST_MS));
    let half = whole / 2;
    // The cast is lossless: the value lies between 0 and `half`. NaN becomes 0.
    half + (f64::from(half) * within(chance, 0.0, 1.0)) as u32
}

/// Stage of the reconnection.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum Stage {
    /// No attempt is planned.
    #[default]
    Resting,
    /// An attempt is planned.
    Waiting(Waiting),
    /// The attempt with this number is in progress.
    Trying(u32),
    /// No attempt is planned, and the reason is shown.
    Halted(Halt),
}

/// A planned attempt.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Waiting {
    /// The attempt's number and its whole delay.
    pub wait: Wait,
    /// Time of the attempt, in milliseconds.
    pub due_ms: f64,
    /// Time of the last update, on the same clock.
    pub now_ms: f64,
}

impl Stage {
    /// Returns the stage that follows the end of a connection. `now_ms` is the time in milliseconds.
    pub fn after(next: Result<Wait, Halt>, now_ms: f64) -> Self {
        match next {
            Ok(wait) => Self::Waiting(Waiting { wait, due_ms: now_ms + f64::from(wait.delay_ms), now_ms }),
            // The user knows the reason.
            Err(Halt::Asked) => Self::Resting,
            Err(halt) => Self::Halted(halt),
        }
    }

    pub const fn waiting(self) -> Option<Waiting> {
        if let Self::Waiting(waiting) = self { Some(waiting) } else { None }
    }
}

impl Waiting {
    /// Returns the time left until the attempt.
    pub fn countdown(&self) -> Countdown {
        countdown(self.due_ms, self.now_ms)
    }
}

impl Wait {
    /// Describes the attempt, which begins in `seconds`.
    pub fn text(&self, seconds: u32, texts: &Texts) -> String {
        let (seconds, attempt) = (seconds.to_string(), self.attempt.to_string());
        fill(texts.links.reconnecting_in, &[("seconds", &seconds), ("attempt", &attempt)])
    }
}

impl Halt {
    /// Returns the reason not to reconnect after the peer's code, or `None` if another attempt is worthwhile.
    pub const fn of(code: CloseCode) -> Option<Self> {
        match code.0 {
            1001 | 1006 | 1011..=1014 => None,
            1000 | 1005 => Some(Self::Done(code)),
            1002 | 1003 | 1007..=1010 | 1015 => Some(Self::SameAgain(code)),
            _ => Some(Self::Private(code)),
        }
    }

    /// Returns the code that is the reason, if there is one.
    pub const fn code(self) -> Option<CloseCode> {
        match self {
            Self::Asked => None,
            Self::Done(code) | Self::SameAgain(code) | Self::Private(code) => Some(code),
        }
    }

    /// Returns the reason as a sentence, or `None` if the user knows it.
    pub fn text(self, texts: &Texts) -> Option<String> {
        let links = &texts.links;
        let (text, code) = match self {
            Self::Asked => return None,
            Self::Done(code) => (links.halt_done, code),
            Self::SameAgain(code) => (links.halt_same, code),
            Self::Private(code) => (links.halt_private, code),
        };
        Some(fill(text, &[("code", &code.to_string())]))
    }
}

/// The setting "reconnect", which the browser stores.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reconnect {
    pub on: bool,
}

impl Form for Reconnect {
    fn read(fields: &Value) -> Self {
        Self { on: fields["on"].as_bool().unwrap_or_default() }
    }

    fn write(&self) -> Value {
        object([("on", self.on.into())])
    }
}

/// The text of a countdown and its validity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Countdown {
    /// Seconds left, rounded up; 0 at the end.
    pub seconds: u32,
    /// Time until the number changes or the countdown ends, in milliseconds.
    pub next_ms: u32,
}

/// Returns the countdown to `due_ms`. Both times are in milliseconds of the same clock.
pub fn countdown(due_ms: f64, now_ms: f64) -> Countdown {
    // The cast saturates, which is harmless: every delay is far below the limit.
    let left = (due_ms - now_ms).ceil().max(0.0) as u32;
    let seconds = left.div_ceil(1_000);
    Countdown { seconds, next_ms: left - seconds.saturating_sub(1) * 1_000 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::common::stored;
    use crate::texts::EN;

    fn lost() -> End {
        End { code: CloseCode::ABNORMAL, open_ms: None, asked: false }
    }

    fn delays(chance: f64, count: usize) -> Vec<u32> {
        let mut backoff = Backoff::default();
        (0..count).map(|_| backoff.ended(&lost(), chance).unwrap().delay_ms).collect()
    }

    #[test]
    fn the_delays_double_up_to_half_a_minute() {
        assert_eq!(delays(1.0, 8), [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
        assert_eq!(delays(0.0, 8), [250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
        assert_eq!(delays(0.5, 3), [375, 750, 1_500]);
        assert_eq!(delay_ms(u32::MAX, 1.0), 30_000);
    }

    #[test]
    fn a_number_that_is_none_makes_no_harm() {
        assert_eq!(delay_ms(1, f64::NAN), 250);
        assert_eq!(delay_ms(1, -7.0), 250);
        assert_eq!(delay_ms(1, f64::INFINITY), 500);
    }

    #[test]
    fn the_attempts_are_counted_until_a_connection_was_steady() {
        let mut backoff = Backoff::default();
        let attempt =
            |backoff: &mut Backoff, open_ms| backoff.ended(&End { open_ms, ..lost() }, 0.0).unwrap().attempt;
        assert_eq!(attempt(&mut backoff, None), 1);
        assert_eq!(attempt(&mut backoff, Some(0)), 2, "accepted and dropped at once");
        assert_eq!(attempt(&mut backoff, Some(4_999)), 3);
        assert_eq!(attempt(&mut backoff, Some(5_000)), 1);
        assert_eq!(attempt(&mut backoff, None), 2);
        backoff.stop();
        assert_eq!(attempt(&mut backoff, None), 1);
    }

    #[test]
    fn an_end_is_tried_again_if_it_may_come_out_otherwise() {
        let ended =
            |code| Backoff::default().ended(&End { code: CloseCode(code), ..lost() }, 0.0).map(|w| w.attempt);
        for code in [1001, 1006, 1011, 1012, 1013, 1014] {
            assert_eq!(ended(code), Ok(1), "{code}");
        }
        for code in [1000, 1005] {
            assert_eq!(ended(code), Err(Halt::Done(CloseCode(code))));
        }
        for code in [1002, 1003, 1007, 1008, 1009, 1010, 1015] {
            assert_eq!(ended(code), Err(Halt::SameAgain(CloseCode(code))));
        }
        for code in [0, 999, 1004, 1016, 2999, 3000, 4001, 4999, 65535] {
            assert_eq!(ended(code), Err(Halt::Private(CloseCode(code))));
        }
    }

    #[test]
    fn what_the_reader_ended_stays_ended() {
        let mut backoff = Backoff { attempts: 3 };
        assert_eq!(backoff.ended(&End { asked: true, ..lost() }, 0.0), Err(Halt::Asked));
        assert_eq!(backoff, Backoff::default());
    }

    #[test]
    fn an_end_leads_to_an_attempt_or_to_a_reason() {
        let wait = Wait { attempt: 2, delay_ms: 750 };
        let waiting = Waiting { wait, due_ms: 10_750.0, now_ms: 10_000.0 };
        assert_eq!(Stage::after(Ok(wait), 10_000.0), Stage::Waiting(waiting));
        assert_eq!(waiting.countdown(), Countdown { seconds: 1, next_ms: 750 });
        assert_eq!(Stage::after(Err(Halt::Asked), 0.0), Stage::Resting);
        let halt = Halt::SameAgain(CloseCode::MESSAGE_TOO_BIG);
        assert_eq!(Stage::after(Err(halt), 0.0), Stage::Halted(halt));
        assert!(halt.text(&EN).is_some_and(|text| text.contains("1009 Message Too Big")));
        assert_eq!(Halt::Asked.text(&EN), None);
    }

    #[test]
    fn the_setting_survives_and_damage_turns_it_off() {
        assert_eq!(Reconnect { on: true }.write().to_string(), r#"{"on":true}"#);
        assert!(stored::read::<Reconnect>(r#"{"version":2,"on":true,"after":"1s"}"#).on);
        for damaged in ["", "{", "true", r#"{"version":1,"on":"true"}"#] {
            assert!(!stored::read::<Reconnect>(damaged).on, "{damaged}");
        }
    }

    #[test]
    fn a_countdown_changes_once_a_second_and_ends_in_time() {
        let shown = |left: f64| countdown(1_000_000.0 + left, 1_000_000.0);
        for (left, seconds, next_ms) in [
            (30_000.0, 30, 1_000),
            (2_001.0, 3, 1),
            (2_000.0, 2, 1_000),
            (999.5, 1, 1_000),
            (0.2, 1, 1),
            (0.0, 0, 0),
            (-5.0, 0, 0),
            (f64::NAN, 0, 0),
        ] {
            assert_eq!(shown(left), Countdown { seconds, next_ms }, "{left}");
        }
        let mut now = 0.0;
        let mut seen = Vec::new();
        loop {
            let Countdown { seconds, next_ms } = countdown(3_300.0, now);
            seen.push(seconds);
            if seconds == 0 {
                break;
            }
            now += f64::from(next_ms);
        }
        assert_eq!((seen, now), (vec![4, 3, 2, 1, 0], 3_300.0));
    }
}
