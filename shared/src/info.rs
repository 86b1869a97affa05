//! The server's description of itself.

use serde::{Deserialize, Serialize};

use crate::{limits::Limits, paths};

/// The answer of [`paths::INFO`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerInfo {
    /// The program's name: `ws-echo`.
    pub name: String,
    /// The program's version, `MAJOR.MINOR.PATCH`.
    pub version: String,
    /// Paths of the endpoints.
    pub paths: Paths,
    /// Versions of HTTP that are spoken, as in ALPN: `http/1.1`, and `h2` unless HTTP/2 is switched off.
    pub http: Vec<String>,
    /// Limits for clients.
    pub limits: ServerLimits,
    /// Timeouts for clients.
    pub timeouts: ServerTimeouts,
    /// Subprotocols that the server chooses from; `null` if it accepts the first one offered.
    pub subprotocols: Option<Vec<String>>,
}

/// Limits for clients.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerLimits {
    /// Limits of a message.
    #[serde(flatten)]
    pub message: Limits,
    /// Maximum number of simultaneous WebSocket connections; `null` means no limit.
    pub connections: Option<usize>,
    /// Maximum number of simultaneous WebSocket connections per client address; `null` means no limit.
    pub connections_per_address: Option<usize>,
    /// Maximum number of simultaneous HTTP connections that are not WebSockets yet; `null` means no limit.
    pub http_connections: Option<usize>,
    /// Maximum number of such HTTP connections per client address; `null` means no limit.
    pub http_connections_per_address: Option<usize>,
    /// Maximum number of open streams of an HTTP/2 connection; `null` if HTTP/2 is switched off.
    pub http2_streams: Option<u32>,
    /// Maximum memory held for all clients together, in bytes.
    pub held_bytes: usize,
    /// Maximum length of a request's head, in bytes.
    pub head_bytes: usize,
}

/// Timeouts for clients, in milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerTimeouts {
    /// Time for a client to send the head of a request.
    pub head_ms: u64,
    /// Time that an HTTP connection may stay open without a request.
    pub keep_alive_ms: u64,
    /// Time after which a silent WebSocket connection is sent a ping.
    pub ping_after_ms: u64,
    /// Time after the ping until a WebSocket connection that stays silent is dropped.
    pub pong_ms: u64,
    /// Time that a client may read nothing of its answers.
    pub write_ms: u64,
    /// Time for a closing handshake.
    pub close_ms: u64,
}

/// Paths of a server, as its clients see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paths {
    /// The WebSocket endpoint.
    pub echo: String,
    /// The liveness probe.
    pub health: String,
    /// The readiness probe.
    pub ready: String,
    /// This description.
    pub info: String,
}

impl Paths {
    /// Returns the paths of a server that serves everything below `base`: empty, or for example `/tools/echo`.
    pub fn below(base: &str) -> Self {
        let path = |path| format!("{base}{path}");
        Self {
            echo: path(paths::ECHO),
            health: path(paths::HEALTH),
            ready: path(paths::READY),
            info: path(paths::INFO),
        }
    }
}

impl Default for Paths {
    fn default() -> Self {
        Self::below("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_json_is_what_clients_were_promised() {
        let info = ServerInfo {
            name: "ws-echo".into(),
            version: "1.2.3".into(),
            paths: Paths::default(),
            http: vec!["h2".into(), "http/1.1".into()],
            limits: ServerLimits {
                message: Limits { message_bytes: 5, frames_per_message: 7 },
                connections: Some(8),
                connections_per_address: None,
                http_connections: Some(9),
                http_connections_per_address: None,
                http2_streams: Some(3),
                held_bytes: 9,
                head_bytes: 10,
            },
            timeouts: ServerTimeouts {
                head_ms: 1,
                keep_alive_ms: 2,
                ping_after_ms: 3,
                pong_ms: 4,
                write_ms: 5,
                close_ms: 6,
            },
            subprotocols: None,
        };
        let json = concat!(
            r#"{"name":"ws-echo","version":"1.2.3","#,
            r#""paths":{"echo":"/echo","health":"/healthz","ready":"/readyz","info":"/api/info"},"#,
            r#""http":["h2","http/1.1"],"#,
            r#""limits":{"message_bytes":5,"frames_per_message":7,"connections":8,"connections_per_address":null,"#,
            r#""http_connections":9,"http_connections_per_address":null,"http2_streams":3,"#,
            r#""held_bytes":9,"head_bytes":10},"#,
            r#""timeouts":{"head_ms":1,"keep_alive_ms":2,"ping_after_ms":3,"pong_ms":4,"write_ms":5,"close_ms":6},"#,
            r#""subprotocols":null}"#,
        );
        assert_eq!(serde_json::to_string(&info).unwrap(), json);
        assert_eq!(serde_json::from_str::<ServerInfo>(json).unwrap(), info);
    }
}
