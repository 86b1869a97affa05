//! The paths that the server answers itself; every other path is a file of `dist`.

/// The WebSocket endpoint that echoes.
pub const ECHO: &str = "/echo";

/// Alive: 200 as long as the process answers at all.
pub const HEALTH: &str = "/healthz";

/// Ready for new connections: 200, and 503 from the moment on at which the server is told to stop.
pub const READY: &str = "/readyz";

/// What the server counts, for Prometheus.
pub const METRICS: &str = "/metrics";

/// [`ServerInfo`](crate::ServerInfo) as JSON.
pub const INFO: &str = "/api/info";
