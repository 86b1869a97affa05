//! Errors of streams as those of sockets.

use std::io;

/// Returns the error of a stream or its connection as one of a socket. A stream that was reset is a connection that was reset.
pub(super) fn io_error(error: h2::Error) -> io::Error {
    if error.is_io() {
        return error.into_io().unwrap_or_else(|| io::ErrorKind::BrokenPipe.into());
    }
    let text = match error.reason() {
        Some(reason) if error.is_remote() && error.is_reset() => {
            format!("the client reset the stream ({reason:?})")
        }
        Some(reason) if error.is_remote() => format!("the client ended the connection ({reason:?})"),
        Some(reason) => format!("the server ended the stream or its connection ({reason:?})"),
        None => error.to_string(),
    };
    io::Error::new(io::ErrorKind::ConnectionReset, text)
}
