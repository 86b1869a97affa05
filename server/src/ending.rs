//! How a connection ends.

use ws_echo_shared::CloseCode;

/// Why the server closes a connection that did nothing wrong.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Goodbye {
    Stopping,
    NoMemory,
}

/// How a connection ended, for the log.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ended {
    pub(crate) code: CloseCode,
    pub(crate) by: By,
}

/// Who sent the first Close frame.
#[derive(Debug, Clone, Copy)]
pub(crate) enum By {
    Nobody,
    Peer,
    Server,
}

impl Goodbye {
    pub(crate) const fn code(self) -> CloseCode {
        match self {
            Self::Stopping => CloseCode::GOING_AWAY,
            Self::NoMemory => CloseCode::TRY_AGAIN_LATER,
        }
    }

    /// What the client is told beside the code.
    pub(crate) const fn reason(self) -> &'static str {
        match self {
            Self::Stopping => "the server is shutting down",
            Self::NoMemory => {
                "the server's memory for unfinished messages and unread answers is used up; try again later"
            }
        }
    }
}

impl Ended {
    /// As it is until somebody closes.
    pub(crate) const LOST: Self = Self { code: CloseCode::ABNORMAL, by: By::Nobody };
}

impl By {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::Peer => "peer",
            Self::Server => "server",
        }
    }
}
