//! `GET /metrics`: the counters, in the text format of OpenMetrics 1.0, which Prometheus reads.

use std::fmt;

use actix_web::{
    HttpResponse,
    error::{Error, ErrorInternalServerError},
    web,
};
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric as _, text::encode},
    metrics::{MetricType, counter::ConstCounter, gauge::ConstGauge, info::Info},
    registry::{Registry, Unit},
};

use crate::{
    admission::{connections::Connections, http_connections::HttpConnections},
    logging,
};

const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

pub(crate) async fn metrics(exposition: web::Data<Exposition>) -> Result<HttpResponse, Error> {
    let text = exposition.text().map_err(ErrorInternalServerError)?;
    Ok(HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).content_type(CONTENT_TYPE).body(text))
}

/// The metrics of a server.
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
        let build = [("version", env!("CARGO_PKG_VERSION")), ("engine", engine)];
        registry.register("build", "The program, its version and its engine", Info::new(build.to_vec()));
        connections.metrics().register(&mut registry, tls);
        registry.register_collector(Box::new(Gauges(connections.clone(), http_connections)));
        Self(registry)
    }

    fn text(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        encode(&mut text, &self.0)?;
        Ok(text)
    }
}

/// Values that are read at each request.
#[derive(Debug)]
struct Gauges(Connections, HttpConnections);

impl Collector for Gauges {
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
        let help = "Log lines that were dropped because stderr did not take them in time";
        let dropped = ConstCounter::new(logging::dropped_lines() as u64);
        dropped.encode(encoder.encode_descriptor("log_lines_dropped", help, None, MetricType::Counter)?)
    }
}
