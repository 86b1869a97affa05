//! Numbers of messages and bytes, and their current rates.

/// Length of a step of the window, in milliseconds.
const STEP_MS: f64 = 250.0;
const STEPS: usize = 12;

/// Length of the window, in milliseconds. The rate is zero if it contains no message.
pub const WINDOW_MS: f64 = STEP_MS * STEPS as f64;

/// Number and size of messages in one direction.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub messages: u64,
    /// Sum of the payloads, in bytes.
    pub bytes: u64,
}

impl Tally {
    /// Counts a message. `bytes` is the length of its payload.
    pub fn count(&mut self, bytes: usize) {
        self.messages += 1;
        self.bytes = self.bytes.saturating_add(bytes as u64);
    }
}

/// Number and size of messages in both directions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traffic {
    pub sent: Tally,
    pub received: Tally,
}

impl Traffic {
    pub fn add(&mut self, other: &Self) {
        for (sum, part) in [(&mut self.sent, other.sent), (&mut self.received, other.received)] {
            sum.messages += part.messages;
            sum.bytes = sum.bytes.saturating_add(part.bytes);
        }
    }
}

/// Messages and bytes per second in one direction.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Rate {
    pub messages: f64,
    /// Payload bytes per second.
    pub bytes: f64,
}

impl Rate {
    pub(super) fn of(tally: Tally, seconds: f64) -> Self {
        Self { messages: tally.messages as f64 / seconds, bytes: tally.bytes as f64 / seconds }
    }
}

/// Counts of the last few seconds, in steps.
#[derive(Debug, Clone, Default)]
pub struct Window {
    steps: [(u64, Traffic); STEPS],
}

impl Window {
    /// Returns the step of a time, in milliseconds since the first message.
    pub fn at(&mut self, elapsed_ms: f64) -> Option<&mut Traffic> {
        let number = number(elapsed_ms);
        let (held, traffic) = self.steps.get_mut(place(number))?;
        if *held != number {
            (*held, *traffic) = (number, Traffic::default());
        }
        Some(traffic)
    }

    /// Returns the counts within the window, and the window's length in seconds.
    ///
    /// The length is at least one second, so that the very first message does not count as a rate of thousands.
    pub fn sum(&self, elapsed_ms: f64) -> (Traffic, f64) {
        let newest = number(elapsed_ms);
        let mut sum = Traffic::default();
        for (number, traffic) in &self.steps {
            if *number <= newest && *number + STEPS as u64 > newest {
                sum.add(traffic);
            }
        }
        let begun = elapsed_ms - newest as f64 * STEP_MS;
        let covered = (WINDOW_MS - STEP_MS + begun).min(elapsed_ms);
        (sum, covered.max(1_000.0) / 1_000.0)
    }
}

/// Returns the number of the step. The cast saturates.
fn number(elapsed_ms: f64) -> u64 {
    (elapsed_ms / STEP_MS) as u64
}

fn place(number: u64) -> usize {
    // The cast is lossless: the remainder is small.
    (number % STEPS as u64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(window: &Window, elapsed_ms: f64) -> f64 {
        let (sum, seconds) = window.sum(elapsed_ms);
        sum.sent.messages as f64 / seconds
    }

    #[test]
    fn a_steady_stream_has_its_rate_from_the_first_second_on() {
        let mut window = Window::default();
        for number in 0..1_000 {
            let elapsed_ms = f64::from(number) * 10.0;
            window.at(elapsed_ms).unwrap().sent.count(5);
            if number >= 100 {
                let rate = rate(&window, elapsed_ms);
                assert!((rate - 100.0).abs() <= 1.0, "{rate} after {elapsed_ms} ms");
            }
        }
    }

    #[test]
    fn it_falls_to_zero_when_nothing_comes() {
        let mut window = Window::default();
        window.at(0.0).unwrap().sent.count(5);
        assert_eq!(rate(&window, 0.0), 1.0);
        assert!(rate(&window, 2_000.0) == 0.5);
        assert_eq!(rate(&window, WINDOW_MS), 0.0);
        assert_eq!(rate(&window, 1e300), 0.0);
        window.at(1e9).unwrap().sent.count(5);
        assert_eq!(window.sum(1e9).0.sent.messages, 1, "what lies behind is forgotten");
    }
}
