//! Limits that the protocol fixes, and the server's defaults for configurable limits.

use serde::{Deserialize, Serialize};

/// Maximum payload of a control frame, in bytes (RFC 6455 section 5.5).
pub const CONTROL_PAYLOAD: usize = 125;

/// Maximum length of a Close frame's reason, in bytes of UTF-8: the payload of a control frame without the two bytes of the code.
pub const CLOSE_REASON: usize = CONTROL_PAYLOAD - 2;

/// Default maximum length of a message, in bytes.
pub const DEFAULT_MESSAGE_BYTES: u64 = 64 * 1024 * 1024;

/// Default maximum number of frames per message, including empty frames. Autobahn's case 9.3.1 sends 65,536.
pub const DEFAULT_FRAMES_PER_MESSAGE: u32 = 131_072;

/// Default maximum memory that all connections together may hold for unfinished messages and unread answers, in bytes. A
/// connection that exceeds it is closed with 1013.
pub const HELD_BYTES: usize = 256 * 1024 * 1024;

/// Default maximum number of simultaneous WebSocket connections. Further ones are answered with 503.
pub const CONNECTIONS: usize = 10_000;

/// Default maximum number of simultaneous HTTP connections that are not WebSockets yet.
pub const HTTP_CONNECTIONS: usize = 10_000;

/// Default maximum number of open streams of an HTTP/2 connection. RFC 9113 section 6.5.2 asks for no fewer.
pub const HTTP2_STREAMS: u32 = 100;

/// Maximum length of a request's head, in bytes. A longer one is answered with 431.
pub const HEAD_BYTES: usize = 64 * 1024;

/// Limits of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Maximum length of a message, in bytes. A longer one closes the connection with 1009.
    pub message_bytes: u64,
    /// Maximum number of frames per message. Exceeding it closes the connection with 1008.
    pub frames_per_message: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { message_bytes: DEFAULT_MESSAGE_BYTES, frames_per_message: DEFAULT_FRAMES_PER_MESSAGE }
    }
}
