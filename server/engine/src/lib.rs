//! The WebSocket protocol of an echo server: RFC 6455 and RFC 7692, bytes in, bytes out. It does no I/O and has no clock.
//!
//! [`Echo`] turns the bytes of a client into the answer, in the buffer that they were read into. [`Inspector`] only checks them,
//! for the echo on actix-ws. Both stop at the first frame that breaks a rule; [`Fault`] is the rule that was
//! broken, and knows its close code.
#![warn(missing_docs)]

mod close_frame;
mod cursor;
mod echo;
#[cfg(test)]
mod frames;
mod header;
mod inflate;
mod inflate_budget;
mod mask;
mod messages;
pub mod permessage_deflate;
mod protocol_error;
mod small;
mod tally;
mod utf8;
mod validator;

pub use close_frame::encode as encode_close;
pub use echo::{Echo, End, Output, RESERVE};
pub use inflate_budget::{Pace, SLICE};
pub use mask::Mask;
pub use protocol_error::Fault;
pub use tally::{Count, Tally};
pub use validator::{Inspector, Violation};
