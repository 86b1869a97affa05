//! What the page tells in passing.

use yew::AttrValue;

use super::close_form::CloseProblem;
use super::link::LinkNotice;
use super::protocols::ProtocolProblem;
use super::texts::{Texts, fill};

/// A notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Counts the notices of a session, so that the same text said twice is two notices.
    pub number: usize,
    /// What is said.
    pub said: Said,
}

/// What happened, or was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// A connection opened.
    Opened,
    /// A connection was closed, or was never opened.
    Ended,
    /// A message was sent, and no connection is open.
    ConnectFirst(NotOpen),
    /// A connection was asked for while there is one.
    AlreadyConnected,
    /// A connection was asked for, and the subprotocols do not do.
    NotConnected(ProtocolProblem),
    /// The end was asked for, and the code or the reason does not do.
    NotDisconnected(CloseProblem),
    /// The browser refused to send, in its own words.
    NotSent(String),
    /// Something about a link to the page.
    Link(LinkNotice),
}

/// Why no connection is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotOpen {
    /// There is none.
    NotConnected,
    /// Not yet.
    Connecting,
    /// Not anymore.
    Closing,
}

impl Said {
    /// What happened. In English three of these texts are those of the page that this one replaces.
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
        })
    }

    /// What to do about it.
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
        }))
    }
}

/// Why a message was not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unsent {
    /// No connection is open.
    NotOpen,
    /// The browser refused, in its own words.
    Refused(String),
}
