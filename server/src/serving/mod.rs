//! The parts of a client's connection that both versions of HTTP share: its stream and its end, the service that it reaches, and the
//! [`bridge`] between a WebSocket and a handler of the App.

pub(crate) mod bridge;
pub(crate) mod client_stream;
pub(crate) mod framing;
pub(crate) mod http;
pub(crate) mod lingering;
pub(crate) mod shared_stream;
