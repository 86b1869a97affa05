//! Bytes on their way to a client, which are counted until they were written to its socket.

use std::{cell::Cell, rc::Rc};

use actix_web::web::{Buf, Bytes};

/// The number of bytes that wait to be written to the socket of one connection. Cloning gives another handle to the same number.
#[derive(Debug, Clone, Default)]
pub(super) struct Unwritten(Rc<Cell<usize>>);

/// Bytes of one stream.
#[derive(Debug)]
pub(super) struct Piece {
    bytes: Bytes,
    /// The length when it was made.
    len: usize,
    unwritten: Unwritten,
}

impl Unwritten {
    /// Returns the number of bytes.
    pub(super) fn get(&self) -> usize {
        self.0.get()
    }

    /// Makes a piece, which is counted until it is dropped.
    pub(super) fn piece(&self, bytes: Bytes) -> Piece {
        self.0.set(self.0.get() + bytes.len());
        Piece { len: bytes.len(), bytes, unwritten: self.clone() }
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        let unwritten = &self.unwritten.0;
        unwritten.set(unwritten.get() - self.len);
    }
}

impl Buf for Piece {
    fn remaining(&self) -> usize {
        self.bytes.remaining()
    }

    fn chunk(&self) -> &[u8] {
        self.bytes.chunk()
    }

    fn advance(&mut self, count: usize) {
        self.bytes.advance(count);
    }
}
