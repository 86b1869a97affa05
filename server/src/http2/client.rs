//! The accounts of one client's connection: its memory, and its place among the HTTP connections.

use std::{cell::Cell, rc::Rc};

use super::piece::Unwritten;
use crate::admission::http_connections::HttpPermit;

/// The accounts of a connection.
pub(super) struct ClientConnection {
    permit: HttpPermit,
    /// The memory that the connection always needs, in bytes.
    memory: usize,
    pub(super) unwritten: Unwritten,
    /// The number of open WebSockets.
    websockets: Cell<usize>,
}

/// An open WebSocket on a connection. Dropping it notes its end.
pub(super) struct OpenWebSocket(Rc<ClientConnection>);

impl ClientConnection {
    /// The accounts of a connection without streams, which always needs `memory` bytes.
    pub(super) fn new(permit: HttpPermit, memory: usize) -> Rc<Self> {
        let client = Self { permit, memory, unwritten: Unwritten::default(), websockets: Cell::new(0) };
        client.account(0);
        Rc::new(client)
    }

    /// Counts the memory of the connection, with that of its buffers in bytes. The limit does not apply to it: the unwritten bytes of a
    /// stream are few, and the streams of the echo have accounts of their own.
    pub(super) fn account(&self, buffers: usize) {
        let _ = self.permit.hold(self.memory + buffers + self.unwritten.get());
    }

    /// Notes a WebSocket that is open until the value is dropped. Meanwhile the connection is no idle HTTP connection that can be evicted.
    pub(super) fn open_websocket(self: &Rc<Self>) -> OpenWebSocket {
        let open = self.websockets.get();
        self.websockets.set(open + 1);
        if open == 0 {
            self.permit.leave();
        }
        OpenWebSocket(Rc::clone(self))
    }
}

impl Drop for OpenWebSocket {
    fn drop(&mut self) {
        let open = self.0.websockets.get() - 1;
        self.0.websockets.set(open);
        if open == 0 {
            self.0.permit.enter();
        }
    }
}
