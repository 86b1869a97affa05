//! Where a connection is in its life.

use ws_echo_shared::CloseCode;
use yew::AttrValue;

use super::format::duration;
use super::texts::{Texts, fill};

/// The phases of the page's connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// Nothing was tried yet.
    Idle,
    /// The handshake is under way.
    Connecting,
    /// Messages can be sent.
    Open(Opened),
    /// The page asked to close, and waits for the other side.
    Closing {
        /// What the connection was, if it was open before.
        opened: Option<Opened>,
    },
    /// The connection has ended.
    Closed(Closed),
}

/// What came of the handshake.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Opened {
    /// The subprotocol that the server chose; mostly empty.
    pub protocol: AttrValue,
    /// The extensions that were agreed on, as the header has them; mostly empty.
    pub extensions: AttrValue,
    /// When, in milliseconds since the page began to load.
    pub at_ms: u64,
}

/// How a connection ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    /// The code that the browser reports.
    pub code: CloseCode,
    /// The reason in the Close frame; mostly empty.
    pub reason: AttrValue,
    /// For how long it was open, in milliseconds; none if it never was.
    pub open_ms: Option<u64>,
    /// Whether the page asked for the end.
    pub asked: bool,
    /// Whether both sides sent a Close frame.
    pub clean: bool,
}

impl Phase {
    /// One word for style sheets and tests.
    pub const fn id(&self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Connecting => "connecting",
            Self::Open(_) => "open",
            Self::Closing { .. } => "closing",
            Self::Closed(_) => "closed",
        }
    }

    /// The phase as its reader is told.
    pub fn title(&self, texts: &Texts) -> AttrValue {
        let texts = &texts.connection;
        AttrValue::Static(match self {
            Self::Idle => texts.idle,
            Self::Connecting => texts.connecting,
            Self::Open(_) => texts.open,
            Self::Closing { .. } => texts.closing,
            Self::Closed(closed) => return fill(texts.closed, &[("code", &closed.code.to_string())]).into(),
        })
    }

    /// Whether the page can ask for the end: while connecting, or open.
    pub const fn can_disconnect(&self) -> bool {
        matches!(self, Self::Connecting | Self::Open(_))
    }

    /// Whether the page can try a new connection.
    pub const fn can_connect(&self) -> bool {
        matches!(self, Self::Idle | Self::Closed(_))
    }
}

impl Closed {
    /// Who closed and how long it was open, as a sentence; none if there was nothing to close.
    pub fn story(&self, texts: &Texts) -> Option<AttrValue> {
        let texts = &texts.connection;
        let time = duration(self.open_ms?, texts);
        let story = match (self.clean, self.asked) {
            (true, true) => texts.closed_by_page,
            (true, false) => texts.closed_by_server,
            // Of a Close frame that was not answered, the browser tells no more than of none.
            (false, true) => texts.closed_unanswered,
            (false, false) => texts.closed_by_neither,
        };
        Some(fill(story, &[("time", &time)]).into())
    }

    /// What the reader may do, where the code alone does not tell.
    pub const fn advice(&self, texts: &Texts) -> Option<&'static str> {
        match (self.code, self.open_ms.is_some(), self.asked) {
            (CloseCode::ABNORMAL, false, false) => Some(texts.connection.never_opened),
            (CloseCode::ABNORMAL, false, true) => Some(texts.connection.given_up),
            (CloseCode::ABNORMAL, true, false) => Some(texts.connection.dropped),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::texts::EN;

    fn closed(code: CloseCode, opened: bool, asked: bool) -> Closed {
        let clean = code != CloseCode::ABNORMAL;
        Closed { code, reason: AttrValue::Static(""), open_ms: opened.then_some(1_500), asked, clean }
    }

    #[test]
    fn a_closed_phase_names_its_code() {
        assert_eq!(
            Phase::Closed(closed(CloseCode::NORMAL, true, true)).title(&EN),
            "closed: 1000 Normal Closure"
        );
    }

    #[test]
    fn a_lost_connection_is_explained_by_when_it_was_lost() {
        let advice =
            |opened, asked| closed(CloseCode::ABNORMAL, opened, asked).advice(&EN).unwrap_or_default();
        assert!(advice(false, false).contains("never opened"));
        assert!(advice(false, true).contains("You disconnected"));
        assert!(advice(true, false).contains("dropped"));
        assert_eq!(advice(true, true), "");
        assert_eq!(closed(CloseCode::NORMAL, true, false).advice(&EN), None);
    }

    #[test]
    fn the_end_tells_who_closed_and_when() {
        let story = |code, opened, asked| closed(code, opened, asked).story(&EN).unwrap_or_default();
        assert_eq!(story(CloseCode::NORMAL, true, true), "Closed by this page, after 1.5 s; a clean close.");
        assert_eq!(
            story(CloseCode::GOING_AWAY, true, false),
            "Closed by the server, after 1.5 s; a clean close."
        );
        assert_eq!(
            story(CloseCode::ABNORMAL, true, true),
            "Closed by this page without an answer, after 1.5 s; not a clean close."
        );
        assert_eq!(
            story(CloseCode::ABNORMAL, true, false),
            "Closed by neither side, after 1.5 s; not a clean close."
        );
        assert_eq!(story(CloseCode::ABNORMAL, false, false), "");
    }

    #[test]
    fn a_phase_allows_to_connect_or_to_disconnect_or_to_wait() {
        let end = Phase::Closed(closed(CloseCode::NORMAL, true, false));
        for (phase, connect, disconnect) in [
            (Phase::Idle, true, false),
            (Phase::Connecting, false, true),
            (Phase::Open(Opened::default()), false, true),
            (Phase::Closing { opened: Some(Opened::default()) }, false, false),
            (end, true, false),
        ] {
            assert_eq!((phase.can_connect(), phase.can_disconnect()), (connect, disconnect), "{phase:?}");
        }
    }
}
