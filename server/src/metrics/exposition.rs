//! The text at `/metrics`, in the format that Prometheus reads.

use std::fmt;

use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric as _, text::encode},
    metrics::{MetricType, counter::ConstCounter, gauge::ConstGauge, info::Info},
    registry::{Registry, Unit},
};

use super::counters::Metrics;
use crate::{
    admission::{connections::Connections, http_connections::HttpConnections},
    logging,
};

/// The type of [`Exposition::text`].
pub(crate) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

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
