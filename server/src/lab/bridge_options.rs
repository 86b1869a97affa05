//! Requests of a handler about the transport of its connection, which the bridge carries out.

use std::{cell::Cell, time::Duration};

/// Options of one bridged connection. The bridge puts them among the extensions of the request, as an `Rc`.
#[derive(Debug, Default)]
pub(crate) struct BridgeOptions {
    /// The head of the answer is cut in front of this byte, with a pause. Read once the handler has answered.
    pub(crate) split_head: Cell<Option<(usize, Duration)>>,
    /// Size of the socket's buffer for received bytes. Read once the handler has answered.
    pub(crate) receive_buffer: Cell<Option<usize>>,
    /// True ends the connection with a reset instead of a FIN. Read at the end of the body.
    pub(crate) reset: Cell<bool>,
}
