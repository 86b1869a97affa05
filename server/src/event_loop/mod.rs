//! The native engine: threads on mio beside the HTTP server, with an event loop each, that serve the WebSocket connections of `/echo`.
//!
//! [`pool`] starts the threads and chooses one for each connection. An [`EventLoop`](thread::EventLoop) takes the events of its
//! connections, and [`turns`] decides, by the rules of the [`scheduler`], which of them goes on. A [`connection`] reads from its
//! [`transport`], lets [`Echo`](ws_echo_engine::Echo) turn the bytes into the answer, and writes that. The transport is a [`socket`] here;
//! the streams of HTTP/2 have an event loop of their own in [`http2`](crate::http2).

mod clock;
pub(crate) mod connection;
mod deadlines;
pub(crate) mod pool;
mod read_ahead;
pub(crate) mod scheduler;
pub(crate) mod socket;
pub(crate) mod thread;
pub(crate) mod transport;
pub(crate) mod turns;
mod write_buffer;
