//! What a server says of itself.

use serde::{Deserialize, Serialize};

use crate::{limits::Limits, paths};

/// The answer of [`paths::INFO`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerInfo {
    /// The program's name: `ws-echo`.
    pub name: String,
    /// The program's version, `MAJOR.MINOR.PATCH`.
    pub version: String,
    /// Where things are.
    pub paths: Paths,
    /// How much a client may ask for.
    pub limits: ServerLimits,
    /// How long a client may take for what.
    pub timeouts: ServerTimeouts,
    /// The subprotocols that the server chooses from; `null` when it takes whatever is offered first.
    pub subprotocols: Option<Vec<String>>,
}

/// How much a client may ask for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerLimits {
    /// What a message is held to.
    #[serde(flatten)]
    pub message: Limits,
    /// The most WebSocket connections at a time; `null` is no limit.
    pub connections: Option<usize>,
    /// The same of one client address.
    pub connections_per_address: Option<usize>,
    /// The most HTTP connections at a time that are no WebSockets yet; `null` is no limit.
    pub http_connections: Option<usize>,
    /// The same of one client address.
    pub http_connections_per_address: Option<usize>,
    /// The most memory that all clients together may hold, in bytes.
    pub held_bytes: usize,
    /// The longest head of a request, in bytes.
    pub head_bytes: usize,
}

/// How long a client may take for what, in milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerTimeouts {
    /// The head of a request.
    pub head_ms: u64,
    /// An HTTP connection without a request.
    pub keep_alive_ms: u64,
    /// A silent WebSocket connection, until it is sent a ping.
    pub ping_after_ms: u64,
    /// A silent WebSocket connection after the ping, until it is dropped.
    pub pong_ms: u64,
    /// A client that reads nothing of its answers.
    pub write_ms: u64,
    /// A closing handshake.
    pub close_ms: u64,
}

/// The paths of a server, as seen by its clients.
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
    /// The paths of a server that serves everything below `base`: empty, or such as `/tools/echo`.
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
            limits: ServerLimits {
                message: Limits { message_bytes: 5, frames_per_message: 7 },
                connections: Some(8),
                connections_per_address: None,
                http_connections: Some(9),
                http_connections_per_address: None,
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
            r#""limits":{"message_bytes":5,"frames_per_message":7,"connections":8,"connections_per_address":null,"#,
            r#""http_connections":9,"http_connections_per_address":null,"#,
            r#""held_bytes":9,"head_bytes":10},"#,
            r#""timeouts":{"head_ms":1,"keep_alive_ms":2,"ping_after_ms":3,"pong_ms":4,"write_ms":5,"close_ms":6},"#,
            r#""subprotocols":null}"#,
        );
        assert_eq!(serde_json::to_string(&info).unwrap(), json);
        assert_eq!(serde_json::from_str::<ServerInfo>(json).unwrap(), info);
    }
}
