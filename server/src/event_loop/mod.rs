//! The native engine: threads on mio beside the HTTP server, with an event loop each, that serve the WebSocket connections of `/echo`.
//!
//! [`pool`] starts the threads and chooses one for each connection. An [`EventLoop`](thread::EventLoop) takes the events of its
//! connections, and the [`scheduler`] decides which of them goes on. A connection reads from its [`socket`], lets
//! [`Echo`](ws_echo_engine::Echo) turn the bytes into the answer, and writes that.

mod clock;
mod connection;
mod deadlines;
pub(crate) mod pool;
mod read_ahead;
mod scheduler;
pub(crate) mod socket;
pub(crate) mod thread;
mod tls_stream;
mod write_buffer;
