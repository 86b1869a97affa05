//! Taps: the frames of one connection as the server sees them, for its client. A client that names a tap in the query of its handshake
//! reads there which frames came and went, without their payloads.

pub(crate) mod event;
mod frame_headers;
pub(crate) mod recorder;
pub(crate) mod taps;
