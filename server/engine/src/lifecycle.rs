//! The life cycle of a connection (RFC 6455 section 7).

use ws_echo_shared::CloseCode;

use crate::{ProtocolError, close_frame};

/// The state of one connection between its opening handshake and the end of the TCP connection: who begins to close it, the frame that
/// is still to be sent, the frame or the end that is waited for, and how it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifecycle {
    phase: Phase,
    end: End,
}

/// The phases, in their order; some are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Messages are echoed.
    Open,
    /// The server is to close. Its Close frame follows the echo of all bytes that were read before.
    ClosePending(CloseCause),
    /// The server is to close. Its Close frame follows the frame that is being streamed.
    CloseAfterFrame(CloseCause),
    /// The server has sent a Close frame and waits for the peer's (section 7.1.2). Data that still comes is ignored (section 5.5.1).
    CloseSent,
    /// No frame is read or made any more. The server closes its half of the TCP connection when all output has left (section 7.1.1).
    Flushing,
    /// The server has closed its half, and waits for the peer to close the other one.
    HalfClosed,
}

/// Reasons for which the server closes a connection whose peer did nothing wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloseCause {
    /// The server shuts down.
    Shutdown,
    /// The memory for unfinished messages and unread answers is used up.
    OutOfMemory,
}

/// The end of a connection: who closed it, and with which code (sections 7.1.4 to 7.1.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The TCP connection ended without a Close frame. Also the value while no Close frame was sent or received yet.
    Lost,
    /// The peer sent the first Close frame. None if it had no code.
    ClosedByPeer(Option<CloseCode>),
    /// The server sent the first Close frame.
    ClosedByServer(CloseCause),
    /// The peer broke a rule, and the server failed the connection.
    Failed(ProtocolError),
}

impl CloseCause {
    /// Returns the code of the Close frame (section 7.4.1).
    pub const fn code(self) -> CloseCode {
        match self {
            Self::Shutdown => CloseCode::GOING_AWAY,
            Self::OutOfMemory => CloseCode::TRY_AGAIN_LATER,
        }
    }

    /// Returns the reason in the Close frame.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Shutdown => "the server is shutting down",
            Self::OutOfMemory => {
                "the server's memory for unfinished messages and unread answers is used up; try again later"
            }
        }
    }
}

impl End {
    /// Returns the close code of the connection (section 7.1.5): 1005 for a Close frame without a code, 1006 for none.
    pub const fn code(self) -> CloseCode {
        match self {
            Self::Lost => CloseCode::ABNORMAL,
            Self::ClosedByPeer(Some(code)) => code,
            Self::ClosedByPeer(None) => CloseCode::NO_STATUS,
            Self::ClosedByServer(cause) => cause.code(),
            Self::Failed(error) => error.close_code(),
        }
    }

    /// Returns the side that sent the first Close frame, `nobody` if there was none: a label for logs and metrics.
    pub const fn initiator(self) -> &'static str {
        match self {
            Self::Lost => "nobody",
            Self::ClosedByPeer(_) => "peer",
            Self::ClosedByServer(_) | Self::Failed(_) => "server",
        }
    }
}

impl Lifecycle {
    /// A connection behind its opening handshake.
    pub(crate) const fn new() -> Self {
        Self { phase: Phase::Open, end: End::Lost }
    }

    /// Returns the phase.
    pub const fn phase(&self) -> Phase {
        self.phase
    }

    /// Returns the end, as far as it is known: [`End::Lost`] until a Close frame was sent or received.
    pub const fn end(&self) -> End {
        self.end
    }

    /// True until a Close frame was sent or received, or the peer has closed its half of the TCP connection.
    pub const fn is_open(&self) -> bool {
        matches!(self.phase, Phase::Open | Phase::ClosePending(_) | Phase::CloseAfterFrame(_))
    }

    /// True as long as frames of the peer are looked at.
    pub const fn is_reading(&self) -> bool {
        !matches!(self.phase, Phase::Flushing | Phase::HalfClosed)
    }

    /// True if the server's Close frame was sent, and the peer's is waited for.
    pub(crate) const fn awaits_peer_close(&self) -> bool {
        matches!(self.phase, Phase::CloseSent)
    }

    /// Notes that the server will close, in the phase `pending` until there is a place for its Close frame. An earlier cause stays.
    pub(crate) fn request_close(&mut self, cause: CloseCause, pending: fn(CloseCause) -> Phase) {
        if self.is_open() {
            self.phase = pending(self.cause().unwrap_or(cause));
        }
    }

    /// Returns the cause of a close by the server that has yet to find its place.
    pub(crate) const fn cause(&self) -> Option<CloseCause> {
        match self.phase {
            Phase::ClosePending(cause) | Phase::CloseAfterFrame(cause) => Some(cause),
            Phase::Open | Phase::CloseSent | Phase::Flushing | Phase::HalfClosed => None,
        }
    }

    /// Begins the closing handshake from this side (section 7.1.2). Returns the Close frame, which is the last frame to be sent.
    pub(crate) fn send_close(&mut self, cause: CloseCause) -> Vec<u8> {
        let cause = self.cause().unwrap_or(cause);
        self.phase = Phase::CloseSent;
        self.end = End::ClosedByServer(cause);
        close_frame::encode(cause.code(), cause.reason())
    }

    /// Notes the peer's Close frame. If the server has sent none before, the echo sends it back as the answer (section 5.5.1).
    pub(crate) const fn receive_close(&mut self, code: Option<CloseCode>) {
        if self.is_open() {
            self.end = End::ClosedByPeer(code);
        }
        self.phase = Phase::Flushing;
    }

    /// Fails the connection (section 7.1.7). Returns the Close frame; it is empty if the server has sent one before.
    pub(crate) fn fail(&mut self, error: ProtocolError) -> Vec<u8> {
        let frame = if self.is_open() {
            self.end = End::Failed(error);
            close_frame::encode(error.close_code(), &error.to_string())
        } else {
            Vec::new()
        };
        self.phase = Phase::Flushing;
        frame
    }

    /// Notes that the peer has closed its half of the TCP connection, and so sends no Close frame any more.
    pub(crate) const fn peer_half_closed(&mut self) {
        if self.is_reading() {
            self.phase = Phase::Flushing;
        }
    }

    /// Notes that all output has left, and that the server has closed its half of the TCP connection.
    pub(crate) const fn half_closed(&mut self) {
        self.phase = Phase::HalfClosed;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_close_frame_decides_how_the_connection_ended() {
        let mut by_peer = Lifecycle::new();
        by_peer.receive_close(None);
        assert!(by_peer.fail(ProtocolError::NotUtf8).is_empty());
        assert_eq!((by_peer.phase(), by_peer.end()), (Phase::Flushing, End::ClosedByPeer(None)));
        assert_eq!((by_peer.end().code(), by_peer.end().initiator()), (CloseCode::NO_STATUS, "peer"));

        let mut by_server = Lifecycle::new();
        by_server.request_close(CloseCause::Shutdown, Phase::CloseAfterFrame);
        assert!(by_server.is_open());
        let frame = by_server.send_close(CloseCause::OutOfMemory);
        assert_eq!(frame, close_frame::encode(CloseCode::GOING_AWAY, CloseCause::Shutdown.reason()));
        by_server.receive_close(Some(CloseCode::NORMAL));
        assert_eq!((by_server.end().code(), by_server.end().initiator()), (CloseCode::GOING_AWAY, "server"));
    }

    #[test]
    fn an_end_without_a_close_frame_is_abnormal() {
        let mut lost = Lifecycle::new();
        lost.peer_half_closed();
        assert_eq!((lost.phase(), lost.end().code()), (Phase::Flushing, CloseCode::ABNORMAL));
        lost.half_closed();
        lost.peer_half_closed();
        assert_eq!((lost.phase(), lost.end().initiator()), (Phase::HalfClosed, "nobody"));
    }
}
