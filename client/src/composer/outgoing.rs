//! The composer's access to the connection.

use yew::prelude::*;

use crate::connection::model::message::Body;

/// The connection, as far as sending needs it.
#[derive(Debug, Clone, PartialEq)]
pub struct Outgoing {
    /// Sends a message. Returns true if the browser accepted it; otherwise a notice has given the reason.
    pub send: Callback<Body, bool>,
    /// Returns the number of bytes in the socket's buffer.
    pub buffered: Callback<(), f64>,
    /// True if the connection is open.
    pub is_open: bool,
    /// Ends the connection.
    pub disconnect: Callback<()>,
}
