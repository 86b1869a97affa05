//! The WebSocket protocol of an echo server: RFC 6455 and RFC 7692, bytes in, bytes out. It does no I/O and has no clock.
//!
//! [`Echo`] turns the bytes of a client into the answer, in the buffer that they were read into. Its [`Lifecycle`] is the state of the
//! closing handshake. [`Decoder`] gives whole messages, for the lab. [`Validator`] only checks the bytes, for an echo that another library makes. Both stop at the first frame
//! that breaks a rule; [`ProtocolError`] is the rule, and has a close code.
#![warn(missing_docs)]

mod close_frame;
mod decoder;
mod echo;
mod header;
mod inflate;
mod inflate_budget;
mod lifecycle;
mod mask;
mod messages;
pub mod permessage_deflate;
mod protocol_error;
mod server_frame;
mod tally;
mod utf8;
mod validator;

pub use close_frame::encode as close_frame;
pub use decoder::{Decoder, Message, Received};
pub use echo::{Echo, Output, RESERVE};
pub use inflate_budget::{InflateBudget, SLICE};
pub use lifecycle::{CloseCause, End, Lifecycle, Phase};
pub use mask::Mask;
pub use protocol_error::ProtocolError;
pub use server_frame::{server_frame, server_header};
pub use tally::{Count, Tally};
pub use validator::{Validator, Violation};
