//! Paths that the server answers itself. Every other path is a file of `dist`.

/// WebSocket endpoint that echoes messages.
pub const ECHO: &str = "/echo";

/// Liveness probe: 200 as long as the process answers.
pub const HEALTH: &str = "/healthz";

/// Readiness probe: 200, and 503 from the beginning of a shutdown.
pub const READY: &str = "/readyz";

/// Metrics for Prometheus.
pub const METRICS: &str = "/metrics";

/// [`ServerInfo`](crate::ServerInfo) as JSON.
pub const INFO: &str = "/api/info";

/// Folder of the lab's scenarios; the path itself lists them.
pub const LAB: &str = "/lab";

/// Folder of the taps, as WebSocket endpoints.
pub const TAP: &str = "/tap";

/// The catalogue of the lab as JSON.
pub const SCENARIOS: &str = "/api/scenarios";

/// Folder of the taps, as JSON.
pub const TAPS: &str = "/api/taps";
