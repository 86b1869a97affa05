//! What a reader may set before connecting and disconnecting, and mostly does not.

use yew::AttrValue;

use super::close_form::CloseForm;

/// The fields, as they were typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// The subprotocols to offer.
    pub protocols: AttrValue,
    /// The Close frame to send.
    pub close: CloseForm,
}
