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
    /// What the server holds its peers to.
    pub limits: Limits,
    /// The subprotocols that the server chooses from; `null` when it takes whatever is offered first.
    pub subprotocols: Option<Vec<String>>,
}

/// The paths of a server, as seen by its clients.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paths {
    /// The WebSocket endpoint.
    pub echo: String,
    /// The liveness probe.
    pub health: String,
    /// This description.
    pub info: String,
}

impl Default for Paths {
    fn default() -> Self {
        Self { echo: paths::ECHO.into(), health: paths::HEALTH.into(), info: paths::INFO.into() }
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
            limits: Limits { message_bytes: 5, frames_per_message: 7 },
            subprotocols: None,
        };
        let json = r#"{"name":"ws-echo","version":"1.2.3","paths":{"echo":"/echo","health":"/healthz","info":"/api/info"},"limits":{"message_bytes":5,"frames_per_message":7},"subprotocols":null}"#;
        assert_eq!(serde_json::to_string(&info).unwrap(), json);
        assert_eq!(serde_json::from_str::<ServerInfo>(json).unwrap(), info);
    }
}
