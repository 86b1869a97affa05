//! Notices: short messages about events.

use yew::AttrValue;

use crate::connection::model::options::{CloseProblem, ProtocolProblem};
use crate::links::model::LinkNotice;
use crate::texts::{Texts, fill};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Number of the notice in the session. It distinguishes two notices with the same text.
    pub number: usize,
    pub said: Said,
}

/// An event, or an action that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    Opened,
    /// A connection was closed, or never opened.
    Ended,
    /// A message could not be sent because no connection is open.
    ConnectFirst(NotOpen),
    /// The user asked for a connection while there already is one.
    AlreadyConnected,
    /// The user asked for a connection, but the subprotocols are invalid.
    NotConnected(ProtocolProblem),
    /// The user asked for a disconnection, but the code or the reason is invalid.
    NotDisconnected(CloseProblem),
    /// The browser refused to send, with this reason.
    NotSent(String),
    Link(LinkNotice),
    /// The browser does not keep the log over a reload.
    LogNotKept,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotOpen {
    NotConnected,
    Connecting,
    Closing,
}

impl Said {
    /// Describes the event. Three of the English texts are those of the page that this one replaced.
    pub fn text(&self, texts: &Texts) -> AttrValue {
        let connection = &texts.connection;
        AttrValue::Static(match self {
            Self::Opened => connection.opened,
            Self::Ended => connection.ended,
            Self::ConnectFirst(_) => connection.connect_first,
            Self::AlreadyConnected => connection.already_connected,
            Self::NotConnected(_) => connection.not_connected,
            Self::NotDisconnected(_) => connection.not_disconnected,
            Self::NotSent(_) => connection.not_sent,
            Self::Link(notice) => notice.text(texts),
            Self::LogNotKept => texts.settings.log_not_kept,
        })
    }

    /// Describes the remedy, or further details.
    pub fn hint(&self, texts: &Texts) -> Option<AttrValue> {
        let connection = &texts.connection;
        Some(AttrValue::Static(match self {
            Self::Opened | Self::Ended => return None,
            Self::ConnectFirst(NotOpen::NotConnected) => connection.kept,
            Self::ConnectFirst(NotOpen::Connecting) => connection.still_connecting,
            Self::ConnectFirst(NotOpen::Closing) => connection.already_closing,
            Self::AlreadyConnected => connection.disconnect_first,
            Self::NotConnected(problem) => return Some(problem.text(texts)),
            Self::NotDisconnected(problem) => return Some(problem.text(texts)),
            Self::NotSent(reason) => {
                return Some(fill(connection.send_refused, &[("reason", reason)]).into());
            }
            Self::Link(notice) => return notice.hint(texts),
            Self::LogNotKept => texts.settings.log_not_kept_hint,
        }))
    }
}

#[derive(Debug, Clone, PartialEq)]
pub enum Unsent {
    NotOpen,
    /// The browser refused, with this reason, at a time in milliseconds since 1970.
    Refused {
        reason: String,
        at_ms: f64,
    },
}
