//! The echo itself: one connection's messages, from the handshake to the last frame.

mod body;
mod payload;
mod session;
mod tally;

pub(crate) use body::HeldBody;
pub(crate) use payload::Inbound;
pub(crate) use session::EchoSession;
