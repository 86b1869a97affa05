//! A socket that never blocks: an event tells when it can read or write again.

use std::{
    io::{self, ErrorKind, Read, Write},
    net::Shutdown,
};

use mio::{Interest, Registry, Token, event::Source as _, net::TcpStream};

use crate::{
    event_loop::transport::Transport,
    tls::session::{SHORT_READ_EMPTIES, Session},
};

/// A client's connection on its way from the HTTP server to an event loop. It does not block.
pub(crate) struct ClientSocket {
    pub(crate) tcp: std::net::TcpStream,
    /// The TLS session if the client speaks TLS, with bytes that were received and not read yet.
    pub(crate) tls: Option<Box<Session>>,
}

/// A client's connection: TCP, and TLS on it if the client speaks that.
#[derive(Debug)]
pub(crate) struct Socket {
    tcp: TcpStream,
    tls: Option<Box<Session>>,
}

impl Socket {
    /// Takes over a stream that does not block, and registers for its events. They are edge-triggered: each comes once.
    pub(crate) fn register(stream: ClientSocket, registry: &Registry, token: Token) -> io::Result<Self> {
        let mut tcp = TcpStream::from_std(stream.tcp);
        tcp.register(registry, token, Interest::READABLE | Interest::WRITABLE)?;
        Ok(Self { tcp, tls: stream.tls })
    }
}

impl Transport for Socket {
    fn receive(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.tls {
            None => system::receive(&self.tcp, buffer),
            Some(tls) => tls.receive(&mut System(&self.tcp), buffer),
        }
    }

    fn is_emptied(&self, received: usize, room: usize) -> bool {
        SHORT_READ_EMPTIES && received < room && !self.tls.as_ref().is_some_and(|tls| tls.has_more())
    }

    /// The kernel gives the window of TCP back as bytes are received.
    fn note_taken(&mut self) {}

    fn send(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.tls {
            None => send(&self.tcp, bytes),
            Some(tls) => tls.send(&mut System(&self.tcp), bytes),
        }
    }

    /// TLS encrypts several records at a time, of which the system may take some.
    fn has_sent_a_part(&mut self) -> bool {
        self.tls.as_mut().is_some_and(|tls| tls.has_sent())
    }

    fn half_close(&mut self) -> io::Result<()> {
        if let Some(tls) = &mut self.tls {
            tls.close_notify(&mut System(&self.tcp));
        }
        self.tcp.shutdown(Shutdown::Write)
    }

    fn held(&self) -> usize {
        self.tls.as_ref().map_or(0, |tls| tls.held())
    }
}

/// The system's calls, for TLS.
struct System<'a>(&'a TcpStream);

impl Read for System<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        system::receive(self.0, buffer)
    }
}

impl Write for System<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        system::send(self.0, bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
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

/// On Linux, the system calls go around the C library, which makes each of them a point where a thread may be cancelled. In a program with
/// threads that costs 1 to 2 % of the processor time of small messages, and no thread is cancelled here.
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
