//! The rules of RFC 6455 for what a client may send: bytes in, verdict out. No sockets, no actix, no clock.
//!
//! [`Inspector`] reads a connection's bytes in whatever pieces they come and stops at the first frame that breaks a rule;
//! [`Fault`] is the rule that was broken, and knows its close code.

mod close_frame;
mod fault;
mod header;
mod inspector;
mod utf8;

pub use fault::Fault;
pub use inspector::{Inspector, Violation};
