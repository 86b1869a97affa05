//! Automatic reconnection: the decision to try again, and the delay before it.
//!
//! The delays double, as RFC 6455 section 7.2.3 asks for, and contain a random part, so that the clients of a restarted server do
//! not all return at once. Of the methods in Marc Brooker's "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015) this
//! is "equal jitter": half of the delay is fixed, the other half is random. "Full jitter" spreads a crowd better, but its delay
//! may be close to zero: too short to read a countdown, or to stop it.

use serde_json::Value;
use ws_echo_shared::CloseCode;

use super::phase::Closed;
use crate::common::stored::{Form, object};
use crate::common::within::within;
use crate::texts::{Texts, fill};

/// Delay before the first attempt, in milliseconds, before jitter shortens it.
const FIRST_MS: u32 = 500;

const LONGEST_MS: u32 = 30_000;

/// Time that a connection must stay open to count as a success, in milliseconds. Without it, a server that accepts and drops at
/// once would be asked again every half second.
const STEADY_MS: u64 = 5_000;

/// The next attempt and the delay before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// Number of the attempt since the last steady connection, from 1.
    pub attempt: u32,
    pub delay_ms: u32,
}

/// Close code after which another attempt is not worthwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Halt(CloseCode);

/// Counter of the attempts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Backoff {
    attempts: u32,
}

impl Backoff {
    /// Returns the stage that follows the end of a connection. `now_ms` is the time in milliseconds, `chance` a random number
    /// from 0 to 1.
    pub fn ended(&mut self, closed: &Closed, now_ms: f64, chance: f64) -> Stage {
        let stays = match Halt::of(closed.code) {
            // The user knows the reason.
            _ if closed.asked => Some(Stage::Resting),
            halt => halt.map(Stage::Halted),
        };
        if let Some(stage) = stays {
            self.stop();
            return stage;
        }
        if closed.open_ms.is_some_and(|ms| ms >= STEADY_MS) {
            self.stop();
        }
        self.attempts = self.attempts.saturating_add(1);
        let wait = Wait { attempt: self.attempts, delay_ms: delay_ms(self.attempts, chance) };
        Stage::Waiting(Waiting { wait, due_ms: now_ms + f64::from(wait.delay_ms), now_ms })
    }

    /// Resets the count: the user stopped the attempts, or connects by hand.
    pub fn stop(&mut self) {
        self.attempts = 0;
    }
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

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Waiting {
    pub wait: Wait,
    /// Time of the attempt, in milliseconds.
    pub due_ms: f64,
    /// Time of the last update, on the same clock.
    pub now_ms: f64,
}

impl Stage {
    pub const fn waiting(self) -> Option<Waiting> {
        if let Self::Waiting(waiting) = self { Some(waiting) } else { None }
    }
}

impl Waiting {
    /// Returns the milliseconds left until the attempt.
    fn left_ms(&self) -> u32 {
        // The cast saturates, which is harmless: every delay is far below the limit.
        (self.due_ms - self.now_ms).ceil().max(0.0) as u32
    }

    /// Returns the seconds left until the attempt, rounded up; 0 at the end.
    pub fn seconds(&self) -> u32 {
        self.left_ms().div_ceil(1_000)
    }

    /// Returns the time until the number of seconds changes or the countdown ends, in milliseconds.
    pub fn next_ms(&self) -> u32 {
        self.left_ms() - self.seconds().saturating_sub(1) * 1_000
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
    ///
    /// Worthwhile are the codes that may not occur again: 1001 (going away), 1006 (lost, or never opened), 1011 (internal error),
    /// 1012 (restart), 1013 (overload) and 1014 (bad gateway).
    pub fn of(code: CloseCode) -> Option<Self> {
        (!matches!(code.0, 1001 | 1006 | 1011..=1014)).then_some(Self(code))
    }

    pub const fn code(self) -> CloseCode {
        self.0
    }

    pub fn text(self, texts: &Texts) -> String {
        let text = match self.0.0 {
            // The peer finished normally, or closed without a code, which gives no reason to try again.
            1000 | 1005 => texts.links.halt_done,
            // The cause is the data that was sent or the parameters that were agreed on.
            1002 | 1003 | 1007..=1010 | 1015 => texts.links.halt_same,
            // The meaning is private to the application (3000 to 4999), or unknown.
            _ => texts.links.halt_private,
        };
        fill(text, &[("code", &self.0.to_string())])
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::common::stored;
    use crate::texts::EN;

    fn closed(code: u16, open_ms: Option<u64>, asked: bool) -> Closed {
        Closed { code: CloseCode(code), reason: "".into(), open_ms, asked, clean: false }
    }

    /// Returns the attempt after a lost connection.
    fn wait(backoff: &mut Backoff, open_ms: Option<u64>, chance: f64) -> Wait {
        backoff.ended(&closed(1006, open_ms, false), 0.0, chance).waiting().unwrap().wait
    }

    #[test]
    fn the_delays_double_up_to_half_a_minute() {
        for (chance, delays) in [
            (1.0, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]),
            (0.0, [250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]),
            (0.5, [375, 750, 1_500, 3_000, 6_000, 12_000, 22_500, 22_500]),
        ] {
            let mut backoff = Backoff::default();
            assert_eq!([(); 8].map(|()| wait(&mut backoff, None, chance).delay_ms), delays, "{chance}");
        }
        assert_eq!(delay_ms(u32::MAX, 1.0), 30_000);
        for (none, ms) in [(f64::NAN, 250), (-7.0, 250), (f64::INFINITY, 500)] {
            assert_eq!(delay_ms(1, none), ms, "{none} is no chance and does no harm");
        }
    }

    #[test]
    fn the_attempts_are_counted_until_a_connection_was_steady() {
        let mut backoff = Backoff::default();
        // The second connection is accepted and dropped at once.
        let opened = [None, Some(0), Some(4_999), Some(5_000), None];
        assert_eq!(opened.map(|open_ms| wait(&mut backoff, open_ms, 0.0).attempt), [1, 2, 3, 1, 2]);
        backoff.stop();
        assert_eq!(wait(&mut backoff, None, 0.0).attempt, 1);
    }

    #[test]
    fn an_end_leads_to_an_attempt_or_to_a_reason() {
        for (codes, reason) in [
            (&[1001, 1006, 1011, 1012, 1013, 1014][..], None),
            (&[1000, 1005], Some("the other side was done")),
            (&[1002, 1003, 1007, 1008, 1009, 1010, 1015], Some("would happen again")),
            (&[0, 999, 1004, 1016, 2999, 3000, 4001, 4999, 65535], Some("only the application knows")),
        ] {
            for &code in codes {
                let mut backoff = Backoff { attempts: 1 };
                let stage = backoff.ended(&closed(code, None, false), 10_000.0, 0.5);
                match (reason, stage) {
                    (None, stage) => {
                        let wait = Wait { attempt: 2, delay_ms: 750 };
                        let waiting = Waiting { wait, due_ms: 10_750.0, now_ms: 10_000.0 };
                        assert_eq!(stage, Stage::Waiting(waiting), "{code}");
                        assert_eq!((waiting.seconds(), waiting.next_ms()), (1, 750));
                    }
                    (Some(reason), Stage::Halted(halt)) => {
                        assert_eq!(backoff, Backoff::default(), "{code}");
                        let text = halt.text(&EN);
                        assert!(text.contains(reason) && text.contains(&code.to_string()), "{code}: {text}");
                    }
                    _ => panic!("{code}: {stage:?}"),
                }
            }
        }
    }

    #[test]
    fn what_the_reader_ended_stays_ended() {
        let mut backoff = Backoff { attempts: 3 };
        assert_eq!(backoff.ended(&closed(1006, None, true), 0.0, 0.0), Stage::Resting);
        assert_eq!(backoff, Backoff::default());
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
        let at = |due_ms, now_ms| Waiting { wait: Wait { attempt: 1, delay_ms: 0 }, due_ms, now_ms };
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
            let waiting = at(1_000_000.0 + left, 1_000_000.0);
            assert_eq!((waiting.seconds(), waiting.next_ms()), (seconds, next_ms), "{left}");
        }
        let mut waiting = at(3_300.0, 0.0);
        let mut seen = vec![waiting.seconds()];
        while waiting.seconds() > 0 {
            waiting.now_ms += f64::from(waiting.next_ms());
            seen.push(waiting.seconds());
        }
        assert_eq!((seen, waiting.now_ms), (vec![4, 3, 2, 1, 0], 3_300.0));
    }
}
