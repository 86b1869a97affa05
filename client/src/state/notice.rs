//! What the page tells in passing.

use yew::AttrValue;

/// Said when a connection opens. These three texts are those of the page that this one replaces.
pub const OPENED: &str = "connection is successful";
/// Said when a connection is closed, or was never opened.
pub const CLOSED: &str = "Connection is closed...";
/// Said when a message is sent and no connection is open.
pub const CONNECT_FIRST: &str = "connect first!!!";

/// A notice and what the reader may do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Counts the notices of a session, so that the same text said twice is two notices.
    pub number: usize,
    /// What happened.
    pub text: AttrValue,
    /// What to do about it.
    pub hint: Option<AttrValue>,
}

/// Why a message was not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unsent {
    /// No connection is open.
    NotOpen,
    /// The browser refused, in its own words.
    Refused(String),
}
