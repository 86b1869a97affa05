//! What a worker's clock knows of a connection: a coarse tick looks at it, so that no connection needs a timer of its own and no
//! message asks for the time.

use std::{fmt, time::Duration};

use crate::config::timeouts::Timeouts;

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
    /// Within a frame that flows through there is no place for a ping.
    SilentWithinFrame,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotClosed => "the client did not close in time",
            Self::NotRead => "the client does not read its answers",
            Self::NoPong => "the client does not answer pings",
            Self::SilentWithinFrame => "the client is silent within a frame",
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
    /// Since when the client is to close: what was sent last has left.
    closing: Option<Tick>,
    /// When a ping was due, and nothing was read since.
    pinged: Option<Tick>,
    /// Since when the server wants the client to go.
    leaving: Option<Tick>,
    /// Whether the order to read on was given in this stall.
    reads_on: bool,
}

impl Watch {
    pub(crate) const fn new(now: Tick) -> Self {
        Self { read: now, stalled: None, closing: None, pinged: None, leaving: None, reads_on: false }
    }

    pub(crate) const fn has_read(&mut self, now: Tick) {
        self.read = now;
        self.pinged = None;
    }

    /// The socket takes no more of what is unsent.
    pub(crate) fn stalls(&mut self, now: Tick) {
        self.stalled.get_or_insert(now);
    }

    /// True if an unsent answer waits for the client.
    pub(crate) const fn is_stalled(&self) -> bool {
        self.stalled.is_some()
    }

    /// The socket took something of what is unsent.
    pub(crate) const fn has_sent(&mut self, now: Tick) {
        if self.stalled.take().is_some() {
            self.reads_on = false;
            // While it stalled, nothing was read: that was not the client's silence. Nor was it its turn to close.
            self.read = now;
            if self.closing.is_some() {
                self.closing = Some(now);
            }
        }
    }

    pub(crate) fn closes(&mut self, now: Tick) {
        self.closing.get_or_insert(now);
    }

    /// The server stops: who does nothing now is waited for no longer than for a closing handshake.
    pub(crate) fn leaves(&mut self, now: Tick) {
        self.leaving.get_or_insert(now);
    }

    /// What the connection is to do now. Says each thing once.
    pub(crate) fn due(&mut self, now: Tick, timeouts: Timeouts) -> Option<Order> {
        let past = |since: Tick, time: Duration| TICK * now.wrapping_sub(since) >= time;
        let Timeouts { idle, pong, write_stall, reads_first, close } = timeouts;
        if let Some(since) = self.leaving {
            let quiet = self.stalled.unwrap_or(self.read);
            if past(since, close) && past(quiet, close) {
                return Some(Order::Drop(Why::NotClosed));
            }
        }
        if let Some(since) = self.stalled {
            if past(since, write_stall) {
                return Some(Order::Drop(Why::NotRead));
            }
            let reads_on = past(since, reads_first) && !self.reads_on;
            self.reads_on |= reads_on;
            return reads_on.then_some(Order::ReadOn);
        }
        if let Some(since) = self.closing {
            return past(since, close).then_some(Order::Drop(Why::NotClosed));
        }
        if let Some(since) = self.pinged {
            return past(since, pong).then_some(Order::Drop(Why::NoPong));
        }
        let ping = past(self.read, idle);
        if ping {
            self.pinged = Some(now);
        }
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
        watch.has_sent(ticks(29));
        watch.stalls(ticks(29));
        assert_eq!(watch.due(ticks(30), TIMEOUTS), Some(Order::ReadOn));
        watch.has_sent(ticks(58));
        assert_eq!(watch.due(ticks(77), TIMEOUTS), None);
        assert_eq!(watch.due(ticks(78), TIMEOUTS), Some(Order::Ping));
    }

    #[test]
    fn the_ping_that_leaves_is_no_sign_of_the_client() {
        let mut watch = Watch::new(0);
        assert_eq!(watch.due(ticks(20), TIMEOUTS), Some(Order::Ping));
        watch.has_sent(ticks(20));
        assert_eq!(watch.due(ticks(30), TIMEOUTS), Some(Order::Drop(Why::NoPong)));
    }

    #[test]
    fn a_closing_handshake_has_its_own_time() {
        let mut watch = Watch::new(0);
        watch.closes(4);
        watch.closes(8);
        assert_eq!(watch.due(3 + ticks(5), TIMEOUTS), None);
        assert_eq!(watch.due(4 + ticks(5), TIMEOUTS), Some(Order::Drop(Why::NotClosed)));
    }

    #[test]
    fn the_time_to_close_begins_when_all_has_left() {
        let mut watch = Watch::new(0);
        watch.closes(0);
        watch.stalls(0);
        assert_eq!(watch.due(1, TIMEOUTS), None);
        assert_eq!(watch.due(ticks(6), TIMEOUTS), Some(Order::ReadOn));
        watch.has_sent(ticks(7));
        assert_eq!(watch.due(ticks(12) - 1, TIMEOUTS), None);
        assert_eq!(watch.due(ticks(12), TIMEOUTS), Some(Order::Drop(Why::NotClosed)));
    }

    #[test]
    fn when_the_server_stops_nobody_is_waited_for_longer_than_for_a_closing_handshake() {
        let mut silent = Watch::new(0);
        silent.leaves(ticks(10));
        assert_eq!(silent.due(ticks(15) - 1, TIMEOUTS), None);
        assert_eq!(silent.due(ticks(15), TIMEOUTS), Some(Order::Drop(Why::NotClosed)));

        let mut unread = Watch::new(0);
        unread.stalls(0);
        unread.leaves(ticks(1));
        assert_eq!(unread.due(ticks(6) - 1, TIMEOUTS), Some(Order::ReadOn));
        assert_eq!(unread.due(ticks(6), TIMEOUTS), Some(Order::Drop(Why::NotClosed)));

        let mut busy = Watch::new(0);
        busy.leaves(0);
        busy.has_read(ticks(4));
        assert_eq!(busy.due(ticks(5), TIMEOUTS), None);
    }

    #[test]
    fn the_clock_may_wrap_around() {
        let mut watch = Watch::new(Tick::MAX - 1);
        assert_eq!(watch.due(3, TIMEOUTS), None);
        assert_eq!(watch.due(ticks(20) - 2, TIMEOUTS), Some(Order::Ping));
    }
}
