//! Where a connection is in its life.

use ws_echo_shared::CloseCode;
use yew::AttrValue;

/// The phases of the page's connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// Nothing was tried yet.
    Idle,
    /// The handshake is under way.
    Connecting,
    /// Messages can be sent.
    Open,
    /// The page asked to close, and waits for the other side.
    Closing {
        /// Whether the connection was open before.
        opened: bool,
    },
    /// The connection has ended.
    Closed(Closed),
}

/// How a connection ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    /// The code that the browser reports.
    pub code: CloseCode,
    /// The reason in the Close frame; mostly empty.
    pub reason: AttrValue,
    /// Whether the connection was ever open.
    pub opened: bool,
    /// Whether the page asked for the end.
    pub asked: bool,
}

impl Phase {
    /// One word for style sheets and tests.
    pub const fn id(&self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Connecting => "connecting",
            Self::Open => "open",
            Self::Closing { .. } => "closing",
            Self::Closed(_) => "closed",
        }
    }

    /// The phase as its reader is told.
    pub fn title(&self) -> AttrValue {
        match self {
            Self::Idle => AttrValue::Static("not connected yet"),
            Self::Connecting => AttrValue::Static("connecting …"),
            Self::Open => AttrValue::Static("open"),
            Self::Closing { .. } => AttrValue::Static("closing …"),
            Self::Closed(closed) => format!("closed: {}", closed.code).into(),
        }
    }

    /// Whether the page can ask for the end: while connecting, or open.
    pub const fn can_disconnect(&self) -> bool {
        matches!(self, Self::Connecting | Self::Open)
    }

    /// Whether the page can try a new connection.
    pub const fn can_connect(&self) -> bool {
        matches!(self, Self::Idle | Self::Closed(_))
    }
}

impl Closed {
    /// What the reader may do, where the code alone does not tell.
    pub const fn advice(&self) -> Option<&'static str> {
        match (self.code, self.opened, self.asked) {
            (CloseCode::ABNORMAL, false, false) => Some(
                "It never opened: nothing listens there, or what listens is not a WebSocket endpoint. Check host, \
                 port and path, and that the server runs.",
            ),
            (CloseCode::ABNORMAL, false, true) => Some("You disconnected before it opened."),
            (CloseCode::ABNORMAL, true, false) => Some(
                "It was open and then dropped: by the network, a proxy, or the server's end. Connect again.",
            ),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn closed(code: CloseCode, opened: bool, asked: bool) -> Closed {
        Closed { code, reason: AttrValue::Static(""), opened, asked }
    }

    #[test]
    fn a_closed_phase_names_its_code() {
        assert_eq!(
            Phase::Closed(closed(CloseCode::NORMAL, true, true)).title(),
            "closed: 1000 Normal Closure"
        );
    }

    #[test]
    fn a_lost_connection_is_explained_by_when_it_was_lost() {
        let advice = |opened, asked| closed(CloseCode::ABNORMAL, opened, asked).advice().unwrap_or_default();
        assert!(advice(false, false).contains("never opened"));
        assert!(advice(false, true).contains("You disconnected"));
        assert!(advice(true, false).contains("dropped"));
        assert_eq!(advice(true, true), "");
        assert_eq!(closed(CloseCode::NORMAL, true, false).advice(), None);
    }

    #[test]
    fn a_phase_allows_to_connect_or_to_disconnect_or_to_wait() {
        let end = Phase::Closed(closed(CloseCode::NORMAL, true, false));
        for (phase, connect, disconnect) in [
            (Phase::Idle, true, false),
            (Phase::Connecting, false, true),
            (Phase::Open, false, true),
            (Phase::Closing { opened: true }, false, false),
            (end, true, false),
        ] {
            assert_eq!((phase.can_connect(), phase.can_disconnect()), (connect, disconnect), "{phase:?}");
        }
    }
}
