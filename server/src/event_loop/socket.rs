//! A socket that never blocks: an event tells when it can do again what it could not do now.

use std::{
    io::{self, ErrorKind},
    net::Shutdown,
};

use mio::{Interest, Registry, Token, event::Source as _, net::TcpStream};
use rustls::ServerConnection;

use crate::event_loop::tls_stream::Session;

/// Whether a read that did not fill the buffer has emptied the socket, so that an event tells of what comes later. On Windows mio
/// promises an event only after `WouldBlock`.
pub(crate) const SHORT_READ_EMPTIES: bool = cfg!(not(windows));

/// A client's connection on its way from the HTTP server to the engine. It does not block.
pub(crate) struct ClientSocket {
    pub(crate) tcp: std::net::TcpStream,
    /// The session if it speaks TLS, with what was received and not read yet.
    pub(crate) tls: Option<ServerConnection>,
}

/// A client's connection: TCP, and TLS on it if the client speaks that.
#[derive(Debug)]
pub(crate) struct Socket {
    tcp: TcpStream,
    tls: Option<Box<Session>>,
}

impl Socket {
    /// Takes over a stream that is not blocking, and asks for its events. They are edges: each comes once.
    pub(crate) fn register(stream: ClientSocket, registry: &Registry, token: Token) -> io::Result<Self> {
        let mut tcp = TcpStream::from_std(stream.tcp);
        tcp.register(registry, token, Interest::READABLE | Interest::WRITABLE)?;
        Ok(Self { tcp, tls: stream.tls.map(|tls| Box::new(Session::new(tls))) })
    }

    /// Receives what is there: nothing if the client has ended its side, `WouldBlock` if it just has not sent more.
    pub(crate) fn receive(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.tls {
            None => system::receive(&self.tcp, buffer),
            Some(tls) => tls.receive(&self.tcp, buffer),
        }
    }

    /// Whether nothing more is there after so much was received into so much room, so that an event tells of what comes later.
    pub(crate) fn is_emptied(&self, received: usize, room: usize) -> bool {
        SHORT_READ_EMPTIES && received < room && !self.tls.as_ref().is_some_and(|tls| tls.has_more())
    }

    /// Sends as much as the system takes now; zero if that is nothing. Then what is sent next begins with the same bytes.
    pub(crate) fn send(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.tls {
            None => send(&self.tcp, bytes),
            Some(tls) => tls.send(&self.tcp, bytes),
        }
    }

    /// Whether the system took something though nothing was sent as a whole: a part of what TLS encrypts at a time.
    pub(crate) fn has_sent_a_part(&mut self) -> bool {
        self.tls.as_mut().is_some_and(|tls| tls.has_sent())
    }

    /// Tells the client that nothing more will come.
    pub(crate) fn end(&mut self) -> io::Result<()> {
        if let Some(tls) = &mut self.tls {
            tls.end(&self.tcp);
        }
        self.tcp.shutdown(Shutdown::Write)
    }

    /// Memory that TLS holds, in bytes.
    pub(crate) fn held(&self) -> usize {
        self.tls.as_ref().map_or(0, |tls| tls.held())
    }
}

fn send(tcp: &TcpStream, bytes: &[u8]) -> io::Result<usize> {
    loop {
        match system::send(tcp, bytes) {
            Ok(0) => return Err(ErrorKind::WriteZero.into()),
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(0),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

/// The C library makes each of these calls a point where a thread may be cancelled. In a program with threads that costs 1 to 2 % of
/// the processor time of small messages, and nobody cancels threads here.
#[cfg(target_os = "linux")]
pub(crate) mod system {
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
pub(crate) mod system {
    use std::io::{self, Read as _, Write as _};

    use mio::net::TcpStream;

    pub(crate) fn receive(mut stream: &TcpStream, buffer: &mut [u8]) -> io::Result<usize> {
        stream.read(buffer)
    }

    pub(crate) fn send(mut stream: &TcpStream, bytes: &[u8]) -> io::Result<usize> {
        stream.write(bytes)
    }
}
