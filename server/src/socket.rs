//! A socket that never blocks: an event tells when it can do again what it could not do now.

use std::{
    io::{self, ErrorKind},
    net::Shutdown,
};

use mio::{Interest, Registry, Token, event::Source as _, net::TcpStream};

/// A client's TCP connection.
#[derive(Debug)]
pub(crate) struct Socket(TcpStream);

impl Socket {
    /// Takes over a stream that is not blocking, and asks for its events. They are edges: each comes once.
    pub(crate) fn register(
        stream: std::net::TcpStream,
        registry: &Registry,
        token: Token,
    ) -> io::Result<Self> {
        let mut stream = TcpStream::from_std(stream);
        stream.register(registry, token, Interest::READABLE | Interest::WRITABLE)?;
        Ok(Self(stream))
    }

    /// Receives what is there: nothing if the client has ended its side, `WouldBlock` if it just has not sent more.
    pub(crate) fn receive(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        system::receive(&self.0, buffer)
    }

    /// Sends as much as the system takes now; zero if that is nothing.
    pub(crate) fn send(&mut self, bytes: &[u8]) -> io::Result<usize> {
        loop {
            match system::send(&self.0, bytes) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(0),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                result => return result,
            }
        }
    }

    /// Tells the client that nothing more will come.
    pub(crate) fn end(&mut self) -> io::Result<()> {
        self.0.shutdown(Shutdown::Write)
    }
}

/// The C library makes each of these calls a point where a thread may be cancelled. In a program with threads that costs 1 to 2 % of
/// the processor time of small messages, and nobody cancels threads here.
#[cfg(target_os = "linux")]
mod system {
    use std::io;

    use mio::net::TcpStream;
    use rustix::net::{RecvFlags, SendFlags, recv, send as send_to};

    pub(super) fn receive(stream: &TcpStream, buffer: &mut [u8]) -> io::Result<usize> {
        Ok(recv(stream, buffer, RecvFlags::empty())?.0)
    }

    pub(super) fn send(stream: &TcpStream, bytes: &[u8]) -> io::Result<usize> {
        Ok(send_to(stream, bytes, SendFlags::NOSIGNAL)?)
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use std::io::{self, Read as _, Write as _};

    use mio::net::TcpStream;

    pub(super) fn receive(mut stream: &TcpStream, buffer: &mut [u8]) -> io::Result<usize> {
        stream.read(buffer)
    }

    pub(super) fn send(mut stream: &TcpStream, bytes: &[u8]) -> io::Result<usize> {
        stream.write(bytes)
    }
}
