//! TLS on a socket that never blocks.
//!
//! The handshake is over when this begins. What it gives and takes is the same as of a socket without TLS, and so is what its events
//! mean: after a read that did not fill the buffer, or a send of nothing, an event tells when there is more to do.

use std::{
    cell::RefCell,
    io::{self, ErrorKind, Read as _, Write as _},
};

use mio::net::TcpStream;
use rustls::ServerConnection;

use crate::event_loop::socket::{SHORT_READ_EMPTIES, system};

/// How much is received at a time.
const RECEIVE: usize = 64 * 1024;

/// As much as rustls takes of what was received, at least.
const LEAST: usize = 4 * 1024;

/// How much may come without data in it: the part of a record, and what a client says of its keys.
const WITHOUT_DATA: usize = 32 * 1024;

/// How much is encrypted at a time: four records of the largest size.
const SEND: usize = 64 * 1024;

/// Memory of a session that has nothing to do, in bytes, as measured.
const IDLE: usize = 6 * 1024 + 512;

thread_local! {
    /// Where this thread receives into.
    static CIPHERTEXT: RefCell<Box<[u8]>> = RefCell::new(vec![0; RECEIVE].into_boxed_slice());
}

/// A client's TLS connection, without its socket.
#[derive(Debug)]
pub(crate) struct Session {
    rustls: ServerConnection,
    /// What was received and is not decrypted yet. Seldom anything.
    received: Vec<u8>,
    /// How many bytes are encrypted and not sent. They are not said to be sent until then.
    owed: usize,
    /// Whether some of that was sent since somebody asked.
    has_sent: bool,
    /// How many bytes were received since data came out of them.
    without_data: usize,
    /// Whether more may be there than was received last.
    has_more: bool,
    end: Option<End>,
}

/// What comes after all that was decrypted.
#[derive(Debug)]
enum End {
    /// The client has ended its side, whether or not it has said so before (RFC 8446 section 6.1): Close frames tell a good end.
    Ended,
    Failed(io::Error),
}

impl Session {
    pub(crate) const fn new(rustls: ServerConnection) -> Self {
        Self {
            rustls,
            received: Vec::new(),
            owed: 0,
            has_sent: false,
            without_data: 0,
            has_more: true,
            end: None,
        }
    }

    /// Receives what is there: nothing if the client has ended its side, `WouldBlock` if it just has not sent more.
    pub(crate) fn receive(&mut self, tcp: &TcpStream, buffer: &mut [u8]) -> io::Result<usize> {
        let len = CIPHERTEXT.with_borrow_mut(|scratch| self.decrypt(tcp, scratch, buffer));
        // An answer of TLS itself: to an update of keys, or to what is wrong. Who does not read it has other worries.
        let _ = self.flush(tcp);
        match &mut self.end {
            _ if len > 0 => Ok(len),
            None => Err(ErrorKind::WouldBlock.into()),
            Some(End::Ended) => Ok(0),
            Some(End::Failed(error)) => Err(std::mem::replace(error, ErrorKind::BrokenPipe.into())),
        }
    }

    /// Whether more may be there, though the last read has not filled its buffer: no event tells of it.
    pub(crate) const fn has_more(&self) -> bool {
        self.has_more || self.end.is_some()
    }

    /// Whether the system took some of what is encrypted since this was asked last.
    pub(crate) const fn has_sent(&mut self) -> bool {
        std::mem::replace(&mut self.has_sent, false)
    }

    /// Decrypts what is there, or as much as is received at a time, into the buffer; says how much came out. Nothing comes out only
    /// if nothing more is there.
    fn decrypt(&mut self, tcp: &TcpStream, scratch: &mut [u8], buffer: &mut [u8]) -> usize {
        let kept = std::mem::take(&mut self.received);
        scratch[..kept.len()].copy_from_slice(&kept);
        // What of it is not decrypted yet.
        let mut rest = 0..kept.len();
        let mut len = 0;
        self.has_more = true;
        while len < buffer.len() && self.end.is_none() {
            match self.rustls.reader().read(&mut buffer[len..]) {
                Ok(0) => self.end = Some(End::Ended),
                Ok(more) => {
                    len += more;
                    self.without_data = 0;
                }
                Err(error) if error.kind() == ErrorKind::UnexpectedEof => self.end = Some(End::Ended),
                Err(error) if error.kind() != ErrorKind::WouldBlock => self.end = Some(End::Failed(error)),
                Err(_) if !rest.is_empty() => rest.start += self.take(&scratch[rest.clone()]),
                // Others wait meanwhile.
                Err(_) if len > 0 => break,
                Err(_) => {
                    // Nearly as much comes out of it, and that should find room.
                    let room = RECEIVE.min(LEAST.max(buffer.len()));
                    match system::receive(tcp, &mut scratch[..room]) {
                        // rustls knows whether the client has said so before.
                        Ok(0) => {
                            self.take(&[]);
                        }
                        Ok(received) => {
                            self.has_more = !SHORT_READ_EMPTIES || received == room;
                            rest = 0..received;
                        }
                        Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                        Err(error) if error.kind() == ErrorKind::Interrupted => {}
                        Err(error) => self.end = Some(End::Failed(error)),
                    }
                }
            }
        }
        self.received = scratch[rest].to_vec();
        len
    }

    /// Gives rustls what was received, and says how much of it was taken. Nothing is the end of the connection.
    fn take(&mut self, mut ciphertext: &[u8]) -> usize {
        let taken = self.rustls.read_tls(&mut ciphertext).and_then(|len| {
            let wrong = |error| io::Error::new(ErrorKind::InvalidData, error);
            self.without_data += len;
            if self.without_data > WITHOUT_DATA {
                return Err(io::Error::new(ErrorKind::InvalidData, "much that is no data"));
            }
            self.rustls.process_new_packets().map_err(wrong).map(|_| len)
        });
        taken.unwrap_or_else(|error| {
            self.end = Some(End::Failed(error));
            0
        })
    }

    /// Sends as much as the system takes now; zero if that is nothing. Then the same bytes are to be sent again, and may have others
    /// behind them.
    pub(crate) fn send(&mut self, tcp: &TcpStream, bytes: &[u8]) -> io::Result<usize> {
        if self.owed == 0 {
            if !self.flush(tcp)? {
                return Ok(0);
            }
            self.owed = self.rustls.writer().write(&bytes[..bytes.len().min(SEND)])?;
            // It throws away what it has no more numbers for, which is after 16 million records in TLS 1.2.
            if !self.rustls.wants_write() {
                return Err(io::Error::other("this connection has had all the records that TLS 1.2 allows"));
            }
        }
        Ok(if self.flush(tcp)? { std::mem::take(&mut self.owed) } else { 0 })
    }

    /// Tells the client that nothing more will come.
    pub(crate) fn end(&mut self, tcp: &TcpStream) {
        self.rustls.send_close_notify();
        // It is the last, and nobody waits for it.
        let _ = self.flush(tcp);
    }

    /// Memory that it takes, in bytes: in any case, for the part of a record, and because the client does not read.
    pub(crate) const fn held(&self) -> usize {
        IDLE + self.received.capacity() + self.owed
    }

    /// Sends what is encrypted; says whether all is sent.
    fn flush(&mut self, mut tcp: &TcpStream) -> io::Result<bool> {
        while self.rustls.wants_write() {
            match self.rustls.write_tls(&mut tcp) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(_) => self.has_sent = true,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(true)
    }
}
