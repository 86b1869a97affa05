//! What the server counts, as Prometheus reads it.
//!
//! Connections report what has gone through them a few times a second and when they end, so that a message costs nothing here.

use std::{fmt, time::Duration};

use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric as _, text::encode},
    metrics::{
        MetricType,
        counter::{ConstCounter, Counter},
        family::Family,
        gauge::{ConstGauge, Gauge},
        histogram::Histogram,
        info::Info,
    },
    registry::{Registry, Unit},
};
use ws_echo_shared::CloseCode;

use crate::{
    connections::Connections,
    ending::Ended,
    engine::{Fault, Tally},
    http_connections::HttpConnections,
    logging,
};

/// The type of [`Exposition::text`].
pub(crate) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// How long handshakes take, in seconds.
const HANDSHAKES: [f64; 8] = [0.000_1, 0.000_5, 0.001, 0.005, 0.01, 0.05, 0.1, 1.0];

/// How long connections are open, in seconds: up to a day.
const SESSIONS: [f64; 9] = [0.1, 1.0, 10.0, 60.0, 300.0, 1_800.0, 3_600.0, 21_600.0, 86_400.0];

/// What is counted. Cloning gives another handle to the same counters.
#[derive(Debug, Clone)]
pub(crate) struct Metrics {
    opened: Counter,
    refused: Family<RefusedLabels, Counter>,
    messages: Family<TrafficLabels, Counter>,
    bytes: Family<TrafficLabels, Counter>,
    closed: Family<ClosedLabels, Counter>,
    faults: Family<FaultLabels, Counter>,
    handshakes: Histogram,
    sessions: Histogram,
    bad_requests: Family<RefusedLabels, Counter>,
    http_evicted: Counter,
    tls_failed: Counter,
    certificate: Gauge,
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
struct FaultLabels {
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

    /// A handshake was answered with something else; see [`Refusal::reason`](crate::handshake::Refusal::reason).
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

/// All that is told at `/metrics`.
#[derive(Debug)]
pub(crate) struct Exposition(Registry);

impl Exposition {
    pub(crate) fn new(
        connections: &Connections,
        http_connections: HttpConnections,
        engine: &'static str,
        tls: bool,
    ) -> Self {
        let mut registry = Registry::with_prefix("ws_echo");
        let Metrics {
            opened,
            refused,
            messages,
            bytes,
            closed,
            faults,
            handshakes,
            sessions,
            bad_requests,
            http_evicted,
            tls_failed,
            certificate,
        } = connections.metrics().clone();
        let build = [("version", env!("CARGO_PKG_VERSION")), ("engine", engine)];
        registry.register("build", "The program, its version and its engine", Info::new(build.to_vec()));
        registry.register("connections_opened", "WebSocket connections, from their handshakes on", opened);
        registry.register(
            "connections_closed",
            "Ended connections by close code and who closed first",
            closed,
        );
        registry.register(
            "handshakes_refused",
            "WebSocket handshakes that were not answered with 101",
            refused,
        );
        registry.register("bad_requests", "Requests that were refused because they broke HTTP", bad_requests);
        registry.register(
            "http_connections_evicted",
            "HTTP connections that were ended to make room for others",
            http_evicted,
        );
        registry.register("messages", "Messages by direction and kind", messages);
        registry.register_with_unit("payload", "Payload as it was on the wire", Unit::Bytes, bytes);
        registry.register("protocol_errors", "Rules of RFC 6455 and RFC 7692 that clients broke", faults);
        let time = "Time from a handshake's head to its answer";
        registry.register_with_unit("handshake_duration", time, Unit::Seconds, handshakes);
        registry.register_with_unit(
            "session_duration",
            "Time that connections were open",
            Unit::Seconds,
            sessions,
        );
        if tls {
            registry.register(
                "tls_handshakes_failed",
                "Clients that did not get through the handshake of TLS",
                tls_failed,
            );
            let until = "Until when the certificate is valid, since the beginning of 1970";
            registry.register_with_unit("certificate_not_after", until, Unit::Seconds, certificate);
        }
        registry.register_collector(Box::new(Now(connections.clone(), http_connections)));
        Self(registry)
    }

    /// In the text format of OpenMetrics 1.0, which Prometheus reads.
    ///
    /// # Errors
    /// Never: a string has room for it.
    pub(crate) fn text(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        encode(&mut text, &self.0)?;
        Ok(text)
    }
}

/// What is looked at when it is asked for.
#[derive(Debug)]
struct Now(Connections, HttpConnections);

impl Collector for Now {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let values = [
            ("connections_open", "WebSocket connections that are open", None, self.0.count()),
            (
                "http_connections_open",
                "HTTP connections that are open and no WebSockets yet",
                None,
                self.1.count(),
            ),
            ("held", "Memory that clients hold", Some(&Unit::Bytes), self.0.held()),
            ("ready", "1 until the server is told to stop", None, usize::from(self.0.is_ready())),
        ];
        for (name, help, unit, value) in values {
            let gauge = ConstGauge::new(i64::try_from(value).unwrap_or(i64::MAX));
            gauge.encode(encoder.encode_descriptor(name, help, unit, MetricType::Gauge)?)?;
        }
        let help = "Lines of the log that nobody took in time";
        let dropped = ConstCounter::new(logging::dropped_lines() as u64);
        dropped.encode(encoder.encode_descriptor("log_lines_dropped", help, None, MetricType::Counter)?)
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
    use super::*;
    use crate::engine::Count;

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
