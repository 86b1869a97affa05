//! `recv` and `send` of the operating system.
//!
//! On Linux they go around the C library, which makes each of these calls a point where a thread may be cancelled. In a program with
//! threads that costs 1 to 2 % of the processor time of small messages, and no thread is cancelled here.

/// True if a read that did not fill the buffer has emptied the socket, so that an event tells of later bytes. On Windows mio
/// promises an event only after `WouldBlock`.
pub(crate) const SHORT_READ_EMPTIES: bool = cfg!(not(windows));

#[cfg(target_os = "linux")]
mod calls {
    use std::io;

    use mio::net::TcpStream;
    use rustix::net::{RecvFlags, SendFlags, recv, send as send_to};

    pub(crate) fn receive(stream: &TcpStream, buffer: &mut [u8]) -> io::Result<usize> {
        Ok(recv(stream, buffer, RecvFlags::empty())?.0)
    }

    pub(crate) fn send(stream: &TcpStream, bytes: &[u8]) -> io::Result<usize> {
        Ok(send_to(stream, bytes, SendFlags::NOSIGNAL)?)
    }
}

#[cfg(not(target_os = "linux"))]
mod calls {
    use std::io::{self, Read as _, Write as _};

    use mio::net::TcpStream;

    pub(crate) fn receive(mut stream: &TcpStream, buffer: &mut [u8]) -> io::Result<usize> {
        stream.read(buffer)
    }

    pub(crate) fn send(mut stream: &TcpStream, bytes: &[u8]) -> io::Result<usize> {
        stream.write(bytes)
    }
}

pub(crate) use calls::{receive, send};
