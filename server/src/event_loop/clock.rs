//! The clock of an event loop, which its deadlines are measured by.
//!
//! It counts the time in which the loop waited for its clients or worked for them. Time in which the system did not let the thread run
//! is not counted: the clients were not silent then, the server did not listen.

use std::time::{Duration, Instant};

use crate::event_loop::deadlines::{TICK, Tick};

/// Counts [`TICK`]s.
#[derive(Debug)]
pub(crate) struct Clock {
    now: Tick,
    /// The moment of the last tick.
    ticked: Instant,
    /// The processor time of this thread at that moment.
    worked: Duration,
}

impl Clock {
    /// A clock for this thread.
    pub(crate) fn new() -> Self {
        Self { now: Tick::START, ticked: Instant::now(), worked: processor_time() }
    }

    pub(crate) const fn now(&self) -> Tick {
        self.now
    }

    /// Returns the time until the next tick, for a loop that waits.
    pub(crate) fn next_tick(&self) -> Duration {
        TICK.saturating_sub(self.ticked.elapsed())
    }

    /// Sets the clock to the present. True if it has moved.
    pub(crate) fn advance(&mut self) -> bool {
        let elapsed = self.ticked.elapsed();
        if elapsed < TICK {
            return false;
        }
        let worked = processor_time();
        let (ticks, rest) = split(elapsed, worked.saturating_sub(self.worked));
        self.now = self.now.plus(ticks);
        let present = Instant::now();
        self.ticked = present.checked_sub(rest).unwrap_or(present);
        self.worked = worked;
        true
    }
}

/// Returns the number of ticks that an interval counts for, and the part of a tick that is left. `elapsed` is at least a tick, and `worked`
/// the processor time in it. The loop waits for a tick at most before it advances the clock; in the rest of the interval, the system did not run it.
fn split(elapsed: Duration, worked: Duration) -> (u32, Duration) {
    let counted = elapsed.min(worked + TICK).as_millis();
    let tick = TICK.as_millis();
    let rest = Duration::from_millis((counted % tick) as u64);
    (u32::try_from(counted / tick).unwrap_or(u32::MAX), rest)
}

/// Returns the processor time that this thread has used. Zero where the system does not tell: then each interval counts for one tick.
fn processor_time() -> Duration {
    #[cfg(unix)]
    {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        Duration::new(time.tv_sec.try_into().unwrap_or(0), time.tv_nsec.try_into().unwrap_or(0))
    }
    #[cfg(not(unix))]
    Duration::ZERO
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_of_work_and_of_waiting_counts_and_no_other() {
        let ms = Duration::from_millis;
        for (what, elapsed, worked, expected) in [
            ("an idle loop", 250, 0, (1, 0)),
            ("an idle loop that was called late", 260, 1, (1, 1)),
            ("a turn of 1.6 s", 1600, 1600, (6, 100)),
            ("the same on a core that another program has half of", 3200, 1600, (7, 100)),
            ("a machine that was asleep", 40_000, 0, (1, 0)),
        ] {
            assert_eq!(split(ms(elapsed), ms(worked)), (expected.0, ms(expected.1)), "{what}");
        }
    }

    /// Regression: a turn that took long counted for one tick, and a time limit of 5 s became 37 s.
    #[test]
    fn a_thread_that_works_all_the_time_sees_it_pass() {
        let (mut clock, began) = (Clock::new(), Instant::now());
        while processor_time().saturating_sub(clock.worked) < 3 * TICK {
            std::hint::black_box(began.elapsed());
        }
        assert!(clock.advance());
        let ticks = [3, 4].map(|ticks| Tick::START.plus(ticks));
        assert!(ticks.contains(&clock.now()), "{:?}", clock.now());
        assert!(!clock.advance());
    }
}
