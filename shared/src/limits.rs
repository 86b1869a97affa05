//! Limits that the protocol fixes, and the server's defaults for those that it leaves open.

use serde::{Deserialize, Serialize};

/// The longest payload of a control frame, in bytes (RFC 6455 section 5.5).
pub const CONTROL_PAYLOAD: usize = 125;

/// The longest reason of a Close frame, in bytes of UTF-8: a control frame's payload less the two bytes of the code.
pub const CLOSE_REASON: usize = CONTROL_PAYLOAD - 2;

/// The longest message that the server echoes unless told otherwise, in bytes.
pub const DEFAULT_MESSAGE_BYTES: u64 = 64 * 1024 * 1024;

/// The most frames that one message may come in, empty ones counted. Autobahn's case 9.3.1 sends 65,536.
pub const DEFAULT_FRAMES_PER_MESSAGE: u32 = 131_072;

/// The most memory that all connections together may hold for unfinished messages and unread answers, in bytes. The one that
/// asks for more is closed with 1013.
pub const HELD_BYTES: usize = 256 * 1024 * 1024;

/// How many WebSocket connections may be open at a time; one more is answered with 503.
pub const CONNECTIONS: usize = 10_000;

/// The number of HTTP connections that a server has at a time and that are no WebSockets yet, if nothing else is asked for.
pub const HTTP_CONNECTIONS: usize = 10_000;

/// The longest head of a request, in bytes; a longer one is answered with 431.
pub const HEAD_BYTES: usize = 64 * 1024;

/// The limits that a server holds its peers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// The longest message echoed, in bytes; a longer one closes the connection with 1009.
    pub message_bytes: u64,
    /// The most frames in one message; one more closes the connection with 1008.
    pub frames_per_message: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { message_bytes: DEFAULT_MESSAGE_BYTES, frames_per_message: DEFAULT_FRAMES_PER_MESSAGE }
    }
}
