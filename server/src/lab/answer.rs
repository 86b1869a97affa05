//! The answer to an admitted handshake, which a scenario may change.

use std::time::Duration;

/// The parts of a 101 that a scenario chooses.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    /// Further header lines.
    pub(crate) headers: Vec<(String, String)>,
    /// `Sec-WebSocket-Accept`.
    pub(crate) accept: Accept,
    /// `Sec-WebSocket-Protocol`. At first the one that was chosen by the rules of the echo.
    pub(crate) subprotocol: Option<String>,
    /// `Sec-WebSocket-Extensions`.
    pub(crate) extensions: Option<String>,
    /// Texts that leave together with the head.
    pub(crate) early: Vec<String>,
    /// Byte of the head in front of which there is a pause.
    pub(crate) split: Option<(usize, Duration)>,
    /// Size of the socket's buffer for received bytes.
    pub(crate) receive_buffer: Option<usize>,
}

/// The value of `Sec-WebSocket-Accept`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Accept {
    #[default]
    Right,
    Wrong,
    Missing,
}
