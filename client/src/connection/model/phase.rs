//! Phase of a connection.

use ws_echo_shared::CloseCode;
use yew::AttrValue;

use crate::texts::{ConnectionTexts, Texts, fill};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// No connection was tried yet.
    Idle,
    /// The handshake is in progress.
    Connecting,
    Open(Opened),
    /// The page has sent a Close frame and waits for the peer's.
    Closing {
        /// Parameters of the connection if it was open before.
        opened: Option<Opened>,
    },
    Closed(Closed),
}

/// Results of the handshake.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Opened {
    /// Subprotocol that the server chose; mostly empty.
    pub protocol: AttrValue,
    /// Extensions that were agreed on, as in the header; mostly empty.
    pub extensions: AttrValue,
    /// Time, in milliseconds since 1970.
    pub at_ms: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    /// The close code that the browser reports.
    pub code: CloseCode,
    /// The reason in the Close frame; mostly empty.
    pub reason: AttrValue,
    /// Time that the connection was open, in milliseconds; `None` if it never opened.
    pub open_ms: Option<u64>,
    /// True if the page asked for the close.
    pub asked: bool,
    /// True if both sides sent a Close frame.
    pub clean: bool,
}

impl Phase {
    /// Returns a keyword for style sheets and tests.
    pub const fn id(&self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Connecting => "connecting",
            Self::Open(_) => "open",
            Self::Closing { .. } => "closing",
            Self::Closed(_) => "closed",
        }
    }

    /// Returns the phase's name for display.
    pub fn title(&self, all_texts: &Texts) -> AttrValue {
        let texts = &all_texts.connection;
        AttrValue::Static(match self {
            Self::Idle => texts.idle,
            Self::Connecting => texts.connecting,
            Self::Open(_) => texts.open,
            Self::Closing { .. } => texts.closing,
            Self::Closed(closed) => return closed.title(all_texts),
        })
    }

    /// Returns the colour of the phase on the tab's icon, as six hexadecimal digits; empty for one that needs no attention.
    pub const fn colour(&self) -> &'static str {
        match self {
            Self::Connecting | Self::Closing { .. } => "f0a000",
            Self::Open(_) => "22c55e",
            Self::Closed(closed) if closed.is_failure() => "dc2626",
            Self::Idle | Self::Closed(_) => "",
        }
    }

    /// True if the page can disconnect: while connecting or open.
    pub const fn can_disconnect(&self) -> bool {
        matches!(self, Self::Connecting | Self::Open(_))
    }

    /// True if the page can start a new connection.
    pub const fn can_connect(&self) -> bool {
        matches!(self, Self::Idle | Self::Closed(_))
    }
}

impl Closed {
    /// Returns the end in a few words, with the close code and its name unless there was no connection.
    pub fn title(&self, texts: &Texts) -> AttrValue {
        let text = match (self.code, self.open_ms, self.asked) {
            (CloseCode::ABNORMAL, None, false) => return AttrValue::Static(texts.connection.failed),
            (CloseCode::ABNORMAL, Some(_), false) => texts.log.event_dropped,
            _ => texts.connection.closed,
        };
        fill(text, &[("code", &self.code.to_string())]).into()
    }

    /// True if the connection failed: it did not open, was lost, or was closed for an error (RFC 6455 section 7.4.1).
    pub const fn is_failure(&self) -> bool {
        !self.asked && matches!(self.code.0, 1002..=1003 | 1006..=1011 | 1014..=1015)
    }

    /// True if the page closed the connection and the peer answered.
    pub const fn is_as_asked(&self) -> bool {
        self.asked && self.clean
    }

    /// Describes, in a sentence, the side that closed and the time that the connection was open. `None` if it never opened.
    pub fn story(&self, texts: &Texts) -> Option<AttrValue> {
        let texts = &texts.connection;
        let time = duration(self.open_ms?, texts);
        let story = match (self.clean, self.asked) {
            (true, true) => texts.closed_by_page,
            (true, false) => texts.closed_by_server,
            // The browser reports an unanswered Close frame like a lost connection.
            (false, true) => texts.closed_unanswered,
            (false, false) => texts.closed_by_neither,
        };
        Some(fill(story, &[("time", &time)]).into())
    }

    /// Returns advice where the close code alone is not enough.
    pub const fn advice(&self, texts: &Texts) -> Option<&'static str> {
        match (self.code, self.open_ms.is_some(), self.asked) {
            (CloseCode::ABNORMAL, false, false) => Some(texts.connection.never_opened),
            (CloseCode::ABNORMAL, false, true) => Some(texts.connection.given_up),
            (CloseCode::ABNORMAL, true, false) => Some(texts.connection.dropped),
            _ => None,
        }
    }
}

/// Formats a length of time with a precision that suits it: `0.4 s`, `12 s`, `3 min 5 s`, `2 h 0 min`.
fn duration(ms: u64, texts: &ConnectionTexts) -> String {
    let seconds = ms / 1_000;
    match seconds {
        0..10 => fill(texts.seconds, &[("s", &format!("{seconds}.{}", ms % 1_000 / 100))]),
        10..60 => fill(texts.seconds, &[("s", &seconds.to_string())]),
        60..3_600 => {
            fill(texts.minutes, &[("min", &(seconds / 60).to_string()), ("s", &(seconds % 60).to_string())])
        }
        _ => {
            let (hours, minutes) = (seconds / 3_600, seconds % 3_600 / 60);
            fill(texts.hours, &[("h", &hours.to_string()), ("min", &minutes.to_string())])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::{EN, ZH};

    fn closed(code: CloseCode, opened: bool, asked: bool) -> Closed {
        let clean = code != CloseCode::ABNORMAL;
        Closed { code, reason: AttrValue::Static(""), open_ms: opened.then_some(1_500), asked, clean }
    }

    #[test]
    fn the_end_tells_who_closed_and_when_and_why() {
        let (normal, away, abnormal) = (CloseCode::NORMAL, CloseCode::GOING_AWAY, CloseCode::ABNORMAL);
        let not_clean = "after 1.5 s; not a clean close.";
        for (code, opened, asked, story, advice) in [
            (normal, true, true, "Closed by this page, after 1.5 s; a clean close.", ""),
            (normal, true, false, "Closed by the server, after 1.5 s; a clean close.", ""),
            (away, true, false, "Closed by the server, after 1.5 s; a clean close.", ""),
            (abnormal, true, true, &format!("Closed by this page without an answer, {not_clean}"), ""),
            (abnormal, true, false, &format!("Closed by neither side, {not_clean}"), "dropped"),
            (abnormal, false, false, "", "No server there"),
            (abnormal, false, true, "", "You disconnected"),
        ] {
            let closed = closed(code, opened, asked);
            assert_eq!(closed.story(&EN).unwrap_or_default(), story, "{closed:?}");
            let given = closed.advice(&EN).unwrap_or_default();
            assert_eq!(
                (given.contains(advice), given.is_empty()),
                (true, advice.is_empty()),
                "{closed:?}: {given}"
            );
        }
        for (code, opened, asked, title, is_failure) in [
            (normal, true, true, "closed: 1000 Normal Closure", false),
            (away, true, false, "closed: 1001 Going Away", false),
            (CloseCode(4_001), true, false, "closed: 4001 Private Code", false),
            (CloseCode(1_011), true, false, "closed: 1011 Internal Error", true),
            (abnormal, true, false, "dropped: 1006 Abnormal Closure", true),
            (abnormal, false, false, "could not connect", true),
            (abnormal, false, true, "closed: 1006 Abnormal Closure", false),
        ] {
            let closed = closed(code, opened, asked);
            assert_eq!((&*closed.title(&EN), closed.is_failure()), (title, is_failure), "{closed:?}");
        }
    }

    #[test]
    fn a_duration_has_the_units_that_matter() {
        for (ms, text) in [
            (0, "0.0 s"),
            (449, "0.4 s"),
            (9_999, "9.9 s"),
            (10_000, "10 s"),
            (185_000, "3 min 5 s"),
            (7_259_000, "2 h 0 min"),
        ] {
            assert_eq!(duration(ms, &EN.connection), text);
        }
        assert_eq!(duration(185_000, &ZH.connection), "3 分 5 秒");
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
