//! What the composer can do with the connection.

use yew::prelude::*;

use crate::state::message::Body;

/// The connection, as far as a message needs it.
#[derive(Debug, Clone, PartialEq)]
pub struct Outgoing {
    /// Sends a message. True if the browser took it; if not, a notice has said why.
    pub send: Callback<Body, bool>,
    /// How many bytes the browser has taken and not yet handed to the network.
    pub buffered: Callback<(), f64>,
    /// Whether the connection is open.
    pub is_open: bool,
    /// Ends it.
    pub disconnect: Callback<()>,
}
