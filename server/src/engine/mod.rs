//! RFC 6455 and RFC 7692 as a server has to keep them: bytes in, bytes out. No sockets, no actix, no clock.
//!
//! [`Echo`] turns what a client sends into what it gets back, in the buffer in which it came. [`Inspector`] says only whether
//! it is legal, for the echo on actix-ws. Both stop at the first frame that breaks a rule; [`Fault`] is the rule that was
//! broken, and knows its close code.

mod close_frame;
mod cursor;
mod echo;
mod fault;
#[cfg(test)]
mod frames;
mod header;
mod inflate;
mod inspector;
mod mask;
mod messages;
mod pace;
pub mod permessage_deflate;
mod small;
mod tally;
mod utf8;

pub use close_frame::encode as encode_close;
pub use echo::{Echo, End, Output, RESERVE};
pub use fault::Fault;
pub use inspector::{Inspector, Violation};
pub use mask::Mask;
pub use pace::{Pace, SLICE};
pub use tally::{Count, Tally};
