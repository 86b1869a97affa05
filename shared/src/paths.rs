//! The paths that the server answers itself; every other path is a file of `dist`.

/// The WebSocket endpoint that echoes.
pub const ECHO: &str = "/echo";

/// Alive: 200 as long as the process answers at all.
pub const HEALTH: &str = "/healthz";

/// [`ServerInfo`](crate::ServerInfo) as JSON.
pub const INFO: &str = "/api/info";
