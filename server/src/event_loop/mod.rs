//! The event loops that serve `/echo`: threads on mio beside the HTTP server.

mod appetite;
mod clock;
mod connection;
mod deadlines;
pub(crate) mod pool;
mod queue;
mod read_ahead;
mod scheduler;
pub(crate) mod socket;
pub(crate) mod thread;
mod tls_stream;
mod write_buffer;
