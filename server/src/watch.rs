//! What a worker's clock knows of a connection: a coarse tick looks at it, so that no connection needs a timer of its own and the
//! hot path never asks for the time.

use std::{fmt, time::Duration};

use crate::timeouts::Timeouts;

/// How often a worker looks at its connections.
pub(crate) const TICK: Duration = Duration::from_millis(250);

/// A moment, counted in [`TICK`]s since the worker's start.
pub(crate) type Tick = u32;

/// What a connection is to do because of the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// Send a ping: the client has been silent.
    Ping,
    /// Read on to the end of the message, though the client does not take its answer.
    ReadOn,
    /// End at once.
    Drop(Why),
}

/// Why a connection is to end at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    NotClosed,
    NotRead,
    NoPong,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotClosed => "the client did not close in time",
            Self::NotRead => "the client does not read its answers",
            Self::NoPong => "the client does not answer pings",
        })
    }
}

/// Since when a connection has been as it is.
#[derive(Debug)]
pub(crate) struct Watch {
    /// When something was read last.
    read: Tick,
    /// When an unsent answer began to wait.
    stalled: Option<Tick>,
    /// When it began to close.
    closing: Option<Tick>,
    pinged: bool,
    reads_on: bool,
}

impl Watch {
    pub(crate) const fn new(now: Tick) -> Self {
        Self { read: now, stalled: None, closing: None, pinged: false, reads_on: false }
    }

    pub(crate) const fn has_read(&mut self, now: Tick) {
        self.read = now;
        self.pinged = false;
    }

    /// The socket takes no more of what is unsent.
    pub(crate) fn stalls(&mut self, now: Tick) {
        self.stalled.get_or_insert(now);
    }

    /// The socket took a part of what is unsent.
    pub(crate) const fn has_sent(&mut self) {
        self.stalled = None;
    }

    /// Nothing is unsent any more.
    pub(crate) const fn flows(&mut self, now: Tick) {
        self.stalled = None;
        self.reads_on = false;
        // While it stalled, nothing was read: that was not the client's silence.
        self.read = now;
    }

    pub(crate) fn closes(&mut self, now: Tick) {
        self.closing.get_or_insert(now);
    }

    /// Whether to read on to the message's end though something is unsent.
    pub(crate) const fn reads_on(&self) -> bool {
        self.reads_on
    }

    /// What the connection is to do now. Says each thing once.
    pub(crate) fn due(&mut self, now: Tick, timeouts: Timeouts) -> Option<Order> {
        let past = |since: Tick, time: Duration| TICK * now.wrapping_sub(since) >= time;
        let Timeouts { idle, pong, write_stall, reads_first, close } = timeouts;
        if let Some(since) = self.closing {
            return past(since, close).then_some(Order::Drop(Why::NotClosed));
        }
        if let Some(since) = self.stalled {
            if past(since, write_stall) {
                return Some(Order::Drop(Why::NotRead));
            }
            let reads_on = past(since, reads_first) && !self.reads_on;
            self.reads_on |= reads_on;
            return reads_on.then_some(Order::ReadOn);
        }
        if past(self.read, idle + pong) {
            return Some(Order::Drop(Why::NoPong));
        }
        let ping = past(self.read, idle) && !self.pinged;
        self.pinged |= ping;
        ping.then_some(Order::Ping)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMEOUTS: Timeouts = Timeouts {
        idle: Duration::from_secs(20),
        pong: Duration::from_secs(10),
        write_stall: Duration::from_secs(30),
        reads_first: Duration::from_millis(500),
        close: Duration::from_secs(5),
    };

    fn ticks(seconds: u32) -> Tick {
        4 * seconds
    }

    #[test]
    fn a_silent_client_is_pinged_once_and_then_dropped() {
        let mut watch = Watch::new(0);
        assert_eq!(watch.due(ticks(20) - 1, TIMEOUTS), None);
        assert_eq!(watch.due(ticks(20), TIMEOUTS), Some(Order::Ping));
        assert_eq!(watch.due(ticks(21), TIMEOUTS), None);
        assert_eq!(watch.due(ticks(30), TIMEOUTS), Some(Order::Drop(Why::NoPong)));
    }

    #[test]
    fn whatever_is_read_shows_that_the_client_is_there() {
        let mut watch = Watch::new(0);
        for round in 1..10 {
            assert_eq!(watch.due(ticks(20 * round), TIMEOUTS), Some(Order::Ping));
            watch.has_read(ticks(20 * round));
        }
    }

    #[test]
    fn a_stalled_connection_reads_on_and_is_dropped_later() {
        let mut watch = Watch::new(0);
        watch.stalls(2);
        assert_eq!(watch.due(3, TIMEOUTS), None);
        assert_eq!(watch.due(4, TIMEOUTS), Some(Order::ReadOn));
        assert_eq!(watch.due(5, TIMEOUTS), None);
        assert_eq!(watch.due(2 + ticks(30), TIMEOUTS), Some(Order::Drop(Why::NotRead)));
    }

    #[test]
    fn a_stall_ends_with_each_byte_that_is_taken() {
        let mut watch = Watch::new(0);
        watch.stalls(0);
        watch.has_sent();
        watch.stalls(ticks(29));
        assert_eq!(watch.due(ticks(30), TIMEOUTS), Some(Order::ReadOn));
        watch.flows(ticks(58));
        assert!(!watch.reads_on());
        assert_eq!(watch.due(ticks(77), TIMEOUTS), None);
    }

    #[test]
    fn a_closing_handshake_has_its_own_time() {
        let mut watch = Watch::new(0);
        watch.stalls(0);
        watch.closes(4);
        watch.closes(8);
        assert_eq!(watch.due(3 + ticks(5), TIMEOUTS), None);
        assert_eq!(watch.due(4 + ticks(5), TIMEOUTS), Some(Order::Drop(Why::NotClosed)));
    }

    #[test]
    fn the_clock_may_wrap_around() {
        let mut watch = Watch::new(Tick::MAX - 1);
        assert_eq!(watch.due(3, TIMEOUTS), None);
        assert_eq!(watch.due(ticks(20) - 2, TIMEOUTS), Some(Order::Ping));
    }
}
