//! Counters of the server, as Prometheus collects them.
//!
//! Connections report their messages a few times a second and when they end, so that a message costs nothing here.

use std::time::Duration;

use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Registry, Unit},
};
use ws_echo_engine::{ProtocolError, Tally};
use ws_echo_shared::CloseCode;

/// Buckets for the duration of handshakes, in seconds.
const HANDSHAKES: [f64; 8] = [0.000_1, 0.000_5, 0.001, 0.005, 0.01, 0.05, 0.1, 1.0];

/// Buckets for the duration of connections, in seconds: up to a day.
const SESSIONS: [f64; 9] = [0.1, 1.0, 10.0, 60.0, 300.0, 1_800.0, 3_600.0, 21_600.0, 86_400.0];

/// The counters. Cloning gives another handle to the same ones.
#[derive(Debug, Clone)]
pub(crate) struct Metrics {
    opened: Counter,
    refused: Family<RefusedLabels, Counter>,
    messages: Family<TrafficLabels, Counter>,
    bytes: Family<TrafficLabels, Counter>,
    closed: Family<ClosedLabels, Counter>,
    protocol_errors: Family<ProtocolErrorLabels, Counter>,
    handshakes: Histogram,
    sessions: Histogram,
    bad_requests: Family<RefusedLabels, Counter>,
    http_evicted: Counter,
    tls_failed: Counter,
    certificate: Gauge,
}

/// Direction of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    /// From the client.
    Received,
    /// To the client: the system has taken all of the echo.
    Sent,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RefusedLabels {
    reason: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct TrafficLabels {
    direction: &'static str,
    kind: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ClosedLabels {
    code: String,
    by: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ProtocolErrorLabels {
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
            protocol_errors: Family::default(),
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
    /// Registers the counters with their names and help texts. Those of TLS only if it is spoken.
    pub(crate) fn register(&self, registry: &mut Registry, tls: bool) {
        let Self {
            opened,
            refused,
            messages,
            bytes,
            closed,
            protocol_errors,
            handshakes,
            sessions,
            bad_requests,
            http_evicted,
            tls_failed,
            certificate,
        } = self.clone();
        let help = "WebSocket connections, from their handshakes on";
        registry.register("connections_opened", help, opened);
        let help = "Ended connections by close code and who closed first";
        registry.register("connections_closed", help, closed);
        let help = "WebSocket handshakes that were not answered with 101";
        registry.register("handshakes_refused", help, refused);
        registry.register("bad_requests", "Requests that were refused because they broke HTTP", bad_requests);
        let help = "HTTP connections that were ended to make room for others";
        registry.register("http_connections_evicted", help, http_evicted);
        registry.register("messages", "Messages by direction and kind", messages);
        let help = "Payload, compressed or not, as it was on the wire";
        registry.register_with_unit("payload", help, Unit::Bytes, bytes);
        let help = "Rules of RFC 6455 and RFC 7692 that clients broke";
        registry.register("protocol_errors", help, protocol_errors);
        let help = "Time from the head of a handshake to its answer";
        registry.register_with_unit("handshake_duration", help, Unit::Seconds, handshakes);
        let help = "Time that connections were open";
        registry.register_with_unit("session_duration", help, Unit::Seconds, sessions);
        if tls {
            let help = "Clients that did not complete the TLS handshake";
            registry.register("tls_handshakes_failed", help, tls_failed);
            let help = "End of the certificate's validity, since the beginning of 1970";
            registry.register_with_unit("certificate_not_after", help, Unit::Seconds, certificate);
        }
    }

    /// Counts a handshake that is answered with 101.
    pub(crate) fn opened(&self) {
        self.opened.inc();
    }

    /// Counts a handshake that is refused, by its [`Refusal::reason`](crate::handshake::refusal::Refusal::reason).
    pub(crate) fn refused(&self, reason: &'static str) {
        self.refused.get_or_create(&RefusedLabels { reason }).inc();
    }

    /// Records the time of a handshake, from its head to the answer.
    pub(crate) fn handshake_took(&self, time: Duration) {
        self.handshakes.observe(time.as_secs_f64());
    }

    /// Counts a request that broke HTTP, by its [`BadRequest::reason`](crate::http1::bad_request::BadRequest::reason).
    pub(crate) fn bad_request(&self, reason: &'static str) {
        self.bad_requests.get_or_create(&RefusedLabels { reason }).inc();
    }

    /// Counts HTTP connections that were ended to make room for others.
    pub(crate) fn http_evicted(&self, connections: usize) {
        self.http_evicted.inc_by(connections as u64);
    }

    /// Counts a client that did not complete the TLS handshake.
    pub(crate) fn tls_failed(&self) {
        self.tls_failed.inc();
    }

    /// Sets the end of the certificate's validity, counted from the beginning of 1970.
    pub(crate) fn certificate(&self, not_after: Duration) {
        self.certificate.set(i64::try_from(not_after.as_secs()).unwrap_or(i64::MAX));
    }

    /// Adds the messages since the last report.
    fn traffic(&self, direction: Direction, now: Tally, before: Tally) {
        let direction = match direction {
            Direction::Received => "received",
            Direction::Sent => "sent",
        };
        for (kind, now, before) in [("text", now.text, before.text), ("binary", now.binary, before.binary)] {
            if now != before {
                let labels = TrafficLabels { direction, kind };
                self.messages.get_or_create(&labels).inc_by(now.messages - before.messages);
                self.bytes.get_or_create(&labels).inc_by(now.bytes - before.bytes);
            }
        }
    }

    /// Counts a rule of the protocol that a client broke.
    pub(crate) fn protocol_error(&self, error: ProtocolError) {
        self.protocol_errors.get_or_create(&ProtocolErrorLabels { kind: error.kind() }).inc();
    }

    /// Counts a connection that ended, by its close code and the side that sent the first Close frame, and records how long it was open.
    pub(crate) fn closed(&self, close: CloseCode, by: &'static str, open: Duration) {
        let labels = ClosedLabels { code: code(close), by };
        self.closed.get_or_create(&labels).inc();
        self.sessions.observe(open.as_secs_f64());
    }
}

/// Returns the label of a close code. Clients choose among 2,000 codes of their own, and for the lab among all others, which would be as
/// many time series.
fn code(code: CloseCode) -> String {
    match code.0 {
        3000..=3999 => "3000-3999".into(),
        4000..=4999 => "4000-4999".into(),
        known @ 1000..=1015 => known.to_string(),
        _ => "other".into(),
    }
}

/// Messages that a connection has reported so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Reported {
    received: Tally,
    sent: Tally,
}

impl Reported {
    /// True if nothing has changed.
    pub(crate) fn is(self, tally: Tally, all_sent: bool) -> bool {
        self.received == tally && (self.sent == tally || !all_sent)
    }

    /// Reports the messages that were received since the last report, and as sent too if `all_sent`.
    pub(crate) fn update(&mut self, metrics: &Metrics, tally: Tally, all_sent: bool) {
        metrics.traffic(Direction::Received, tally, self.received);
        self.received = tally;
        if all_sent {
            metrics.traffic(Direction::Sent, tally, self.sent);
            self.sent = tally;
        }
    }

    /// Reports the messages since the last report of a connection that does not only echo.
    pub(crate) fn update_both(&mut self, metrics: &Metrics, received: Tally, sent: Tally) {
        metrics.traffic(Direction::Received, received, self.received);
        metrics.traffic(Direction::Sent, sent, self.sent);
        *self = Self { received, sent };
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
        assert_eq!([0, 999, 1016, 2999, 5000, 65_535].map(|other| code(CloseCode(other))), ["other"; 6]);
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
