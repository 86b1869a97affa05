//! Errors of streams as those of sockets.

use std::io;

/// Returns the error of a stream or its connection as one of a socket. A stream that was reset is a connection that was reset.
pub(super) fn io_error(error: h2::Error) -> io::Error {
    if error.is_io() {
        return error.into_io().unwrap_or_else(|| io::ErrorKind::BrokenPipe.into());
    }
    io::Error::new(io::ErrorKind::ConnectionReset, error)
}
