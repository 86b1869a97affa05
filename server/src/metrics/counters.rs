//! What the server counts, as Prometheus reads it.
//!
//! Connections report what has gone through them a few times a second and when they end, so that a message costs nothing here.

use std::time::Duration;

use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
};
use ws_echo_engine::{Fault, Tally};
use ws_echo_shared::CloseCode;

use crate::ending::Ended;

/// How long handshakes take, in seconds.
const HANDSHAKES: [f64; 8] = [0.000_1, 0.000_5, 0.001, 0.005, 0.01, 0.05, 0.1, 1.0];

/// How long connections are open, in seconds: up to a day.
const SESSIONS: [f64; 9] = [0.1, 1.0, 10.0, 60.0, 300.0, 1_800.0, 3_600.0, 21_600.0, 86_400.0];

/// What is counted. Cloning gives another handle to the same counters.
#[derive(Debug, Clone)]
pub(crate) struct Metrics {
    pub(super) opened: Counter,
    pub(super) refused: Family<RefusedLabels, Counter>,
    pub(super) messages: Family<TrafficLabels, Counter>,
    pub(super) bytes: Family<TrafficLabels, Counter>,
    pub(super) closed: Family<ClosedLabels, Counter>,
    pub(super) faults: Family<FaultLabels, Counter>,
    pub(super) handshakes: Histogram,
    pub(super) sessions: Histogram,
    pub(super) bad_requests: Family<RefusedLabels, Counter>,
    pub(super) http_evicted: Counter,
    pub(super) tls_failed: Counter,
    pub(super) certificate: Gauge,
}

/// Which way messages went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// From the client.
    Received,
    /// To the client: the system has taken all of the echo.
    Sent,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct RefusedLabels {
    reason: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct TrafficLabels {
    direction: &'static str,
    kind: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct ClosedLabels {
    code: String,
    by: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct FaultLabels {
    kind: &'static str,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            opened: Counter::default(),
            refused: Family::default(),
            messages: Family::default(),
            bytes: Family::default(),
            closed: Family::default(),
            faults: Family::default(),
            handshakes: Histogram::new(HANDSHAKES),
            sessions: Histogram::new(SESSIONS),
            bad_requests: Family::default(),
            http_evicted: Counter::default(),
            tls_failed: Counter::default(),
            certificate: Gauge::default(),
        }
    }
}

impl Metrics {
    /// A handshake was answered with 101.
    pub(crate) fn opened(&self) {
        self.opened.inc();
    }

    /// A handshake was answered with something else; see [`Refusal::reason`](crate::handshake::request::Refusal::reason).
    pub(crate) fn refused(&self, reason: &'static str) {
        self.refused.get_or_create(&RefusedLabels { reason }).inc();
    }

    /// A handshake took so long, from its head to the answer.
    pub(crate) fn shook_hands(&self, time: Duration) {
        self.handshakes.observe(time.as_secs_f64());
    }

    /// A request broke HTTP itself; see [`BadRequest::reason`](crate::http1::BadRequest::reason).
    pub(crate) fn bad_request(&self, reason: &'static str) {
        self.bad_requests.get_or_create(&RefusedLabels { reason }).inc();
    }

    /// So many HTTP connections were ended to make room for others.
    pub(crate) fn http_evicted(&self, connections: usize) {
        self.http_evicted.inc_by(connections as u64);
    }

    /// A client did not get through the handshake of TLS.
    pub(crate) fn tls_failed(&self) {
        self.tls_failed.inc();
    }

    /// A certificate is in use that is valid for so long, from the beginning of 1970 on.
    pub(crate) fn certificate(&self, not_after: Duration) {
        self.certificate.set(i64::try_from(not_after.as_secs()).unwrap_or(i64::MAX));
    }

    /// So much has gone through since the last report.
    pub(crate) fn went(&self, way: Way, now: Tally, before: Tally) {
        let direction = match way {
            Way::Received => "received",
            Way::Sent => "sent",
        };
        for (kind, now, before) in [("text", now.text, before.text), ("binary", now.binary, before.binary)] {
            if now != before {
                let labels = TrafficLabels { direction, kind };
                self.messages.get_or_create(&labels).inc_by(now.messages - before.messages);
                self.bytes.get_or_create(&labels).inc_by(now.bytes - before.bytes);
            }
        }
    }

    /// A client broke a rule of the protocol.
    pub(crate) fn fault(&self, fault: Fault) {
        self.faults.get_or_create(&FaultLabels { kind: fault.kind() }).inc();
    }

    /// A connection ended after so long.
    pub(crate) fn closed(&self, ended: Ended, open: Duration) {
        let labels = ClosedLabels { code: code(ended.code), by: ended.by.name() };
        self.closed.get_or_create(&labels).inc();
        self.sessions.observe(open.as_secs_f64());
    }
}

/// A close code as a label. Clients choose among 2,000 codes of their own, which would be as many time series.
fn code(code: CloseCode) -> String {
    match code.0 {
        3000..=3999 => "3000-3999".into(),
        4000..=4999 => "4000-4999".into(),
        code => code.to_string(),
    }
}

/// What a connection has reported of itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Reported {
    received: Tally,
    sent: Tally,
}

impl Reported {
    /// Whether nothing has changed.
    pub(crate) fn is(self, tally: Tally, all_sent: bool) -> bool {
        self.received == tally && (self.sent == tally || !all_sent)
    }

    /// Reports what has changed: what was received, and that all of it was sent if so.
    pub(crate) fn update(&mut self, metrics: &Metrics, tally: Tally, all_sent: bool) {
        metrics.went(Way::Received, tally, self.received);
        self.received = tally;
        if all_sent {
            metrics.went(Way::Sent, tally, self.sent);
            self.sent = tally;
        }
    }
}

#[cfg(test)]
mod tests {
    use ws_echo_engine::Count;

    use super::*;

    #[test]
    fn the_codes_of_applications_are_two_series() {
        assert_eq!(code(CloseCode::NORMAL), "1000");
        assert_eq!(code(CloseCode(3999)), "3000-3999");
        assert_eq!(code(CloseCode(4000)), "4000-4999");
    }

    #[test]
    fn what_was_reported_is_not_reported_again() {
        let (metrics, mut reported) = (Metrics::default(), Reported::default());
        let tally = |messages| Tally { text: Count { messages, bytes: 10 * messages }, ..Tally::default() };
        reported.update(&metrics, tally(2), false);
        assert!(reported.is(tally(2), false) && !reported.is(tally(2), true));
        reported.update(&metrics, tally(5), true);
        assert!(reported.is(tally(5), true));
        for direction in ["received", "sent"] {
            let labels = TrafficLabels { direction, kind: "text" };
            assert_eq!(metrics.messages.get_or_create(&labels).get(), 5);
            assert_eq!(metrics.bytes.get_or_create(&labels).get(), 50);
        }
    }
}
