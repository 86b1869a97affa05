//! TLS on a socket that never blocks.
//!
//! It begins behind the handshake. Bytes and events are the same as on a socket without TLS: after a read that did not fill the
//! buffer, or a send that returned 0, an event tells when there is more to do.

use std::{
    cell::RefCell,
    io::{self, ErrorKind, Read as _, Write as _},
};

use mio::net::TcpStream;
use rustls::ServerConnection;

/// True if a read that did not fill the buffer has emptied the socket, so that an event tells of later bytes. On Windows mio
/// promises an event only after `WouldBlock`.
pub(crate) const SHORT_READ_EMPTIES: bool = cfg!(not(windows));

/// The function that receives from the TCP connection beneath.
type Receive = fn(&TcpStream, &mut [u8]) -> io::Result<usize>;

/// Length of a read from the system, in bytes.
const RECEIVE: usize = 64 * 1024;

/// Bytes that rustls takes at a time at least.
const LEAST: usize = 4 * 1024;

/// The most bytes without data in them: the part of a record, and updates of keys.
const WITHOUT_DATA: usize = 32 * 1024;

/// Length of the data that is encrypted at a time, in bytes: four records of the largest size.
const SEND: usize = 64 * 1024;

/// Memory of an idle session, in bytes, as measured.
const IDLE: usize = 6 * 1024 + 512;

thread_local! {
    /// The buffer that this thread receives into.
    static CIPHERTEXT: RefCell<Box<[u8]>> = RefCell::new(vec![0; RECEIVE].into_boxed_slice());
}

/// A client's TLS connection, without its socket.
#[derive(Debug)]
pub(crate) struct TlsStream {
    session: ServerConnection,
    /// Bytes that were received and are not decrypted yet; mostly none.
    received: Vec<u8>,
    /// Length of the data that is encrypted and not sent as a whole. [`send`](Self::send) returns it when it is.
    unsent: usize,
    /// True if some of that was sent since the last [`has_sent`](Self::has_sent).
    has_sent: bool,
    /// Bytes that were received since data came out of them.
    without_data: usize,
    /// True if the system may have more bytes than the last read took.
    has_more: bool,
    end: Option<End>,
}

/// The end behind all data that was decrypted.
#[derive(Debug)]
enum End {
    /// The client has closed its half. A missing close_notify (RFC 8446 section 6.1) is no error: a Close frame shows a good end.
    HalfClosed,
    Failed(io::Error),
}

impl TlsStream {
    pub(crate) const fn new(session: ServerConnection) -> Self {
        Self {
            session,
            received: Vec::new(),
            unsent: 0,
            has_sent: false,
            without_data: 0,
            has_more: true,
            end: None,
        }
    }

    /// Receives the data that is there. Returns 0 if the client has closed its half, and `WouldBlock` if it has sent no more yet.
    pub(crate) fn receive(
        &mut self,
        tcp: &TcpStream,
        receive: Receive,
        buffer: &mut [u8],
    ) -> io::Result<usize> {
        let len = CIPHERTEXT.with_borrow_mut(|scratch| self.decrypt(tcp, receive, scratch, buffer));
        // An answer of TLS itself: to an update of keys, or an alert. Its failure shows in the next send.
        let _ = self.flush(tcp);
        match &mut self.end {
            _ if len > 0 => Ok(len),
            None => Err(ErrorKind::WouldBlock.into()),
            Some(End::HalfClosed) => Ok(0),
            Some(End::Failed(error)) => Err(std::mem::replace(error, ErrorKind::BrokenPipe.into())),
        }
    }

    /// True if more data may be there though the last read has not filled its buffer: no event tells of it.
    pub(crate) const fn has_more(&self) -> bool {
        self.has_more || self.end.is_some()
    }

    /// True if the system took some of the encrypted bytes since the last call.
    pub(crate) const fn has_sent(&mut self) -> bool {
        std::mem::replace(&mut self.has_sent, false)
    }

    /// Decrypts the bytes that are there, or one read of them, into the buffer; returns the length of the data. It is 0 only if no more
    /// is there.
    fn decrypt(&mut self, tcp: &TcpStream, receive: Receive, scratch: &mut [u8], buffer: &mut [u8]) -> usize {
        let kept = std::mem::take(&mut self.received);
        scratch[..kept.len()].copy_from_slice(&kept);
        // The part of the scratch buffer that is not decrypted yet.
        let mut rest = 0..kept.len();
        let mut len = 0;
        self.has_more = true;
        while len < buffer.len() && self.end.is_none() {
            match self.session.reader().read(&mut buffer[len..]) {
                Ok(0) => self.end = Some(End::HalfClosed),
                Ok(more) => {
                    len += more;
                    self.without_data = 0;
                }
                Err(error) if error.kind() == ErrorKind::UnexpectedEof => self.end = Some(End::HalfClosed),
                Err(error) if error.kind() != ErrorKind::WouldBlock => self.end = Some(End::Failed(error)),
                Err(_) if !rest.is_empty() => rest.start += self.take(&scratch[rest.clone()]),
                // Other connections wait meanwhile.
                Err(_) if len > 0 => break,
                Err(_) => {
                    // Decrypted, it is nearly as long, and should fit into the buffer.
                    let room = RECEIVE.min(LEAST.max(buffer.len()));
                    match receive(tcp, &mut scratch[..room]) {
                        // rustls knows if a close_notify came before.
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

    /// Gives received bytes to rustls; returns how many it took. No bytes are the end of the connection.
    fn take(&mut self, mut ciphertext: &[u8]) -> usize {
        let taken = self.session.read_tls(&mut ciphertext).and_then(|len| {
            let wrong = |error| io::Error::new(ErrorKind::InvalidData, error);
            self.without_data += len;
            if self.without_data > WITHOUT_DATA {
                return Err(io::Error::new(ErrorKind::InvalidData, "much that is no data"));
            }
            self.session.process_new_packets().map_err(wrong).map(|_| len)
        });
        taken.unwrap_or_else(|error| {
            self.end = Some(End::Failed(error));
            0
        })
    }

    /// Sends as many bytes as the system takes now. After a return of 0, the next call must begin with the same bytes.
    pub(crate) fn send(&mut self, tcp: &TcpStream, bytes: &[u8]) -> io::Result<usize> {
        if self.unsent == 0 {
            if !self.flush(tcp)? {
                return Ok(0);
            }
            self.unsent = self.session.writer().write(&bytes[..bytes.len().min(SEND)])?;
            // rustls discards data when the sequence numbers are used up: after 16 million records in TLS 1.2.
            if !self.session.wants_write() {
                return Err(io::Error::other("this connection has had all the records that TLS 1.2 allows"));
            }
        }
        Ok(if self.flush(tcp)? { std::mem::take(&mut self.unsent) } else { 0 })
    }

    /// Sends a close_notify (RFC 8446 section 6.1): no data follows.
    pub(crate) fn close_notify(&mut self, tcp: &TcpStream) {
        self.session.send_close_notify();
        // It is the last record, and is not waited for.
        let _ = self.flush(tcp);
    }

    /// Returns its memory, in bytes: its own, the part of a record, and data that the client does not read.
    pub(crate) const fn held(&self) -> usize {
        IDLE + self.received.capacity() + self.unsent
    }

    /// Sends the encrypted bytes. True if all are sent.
    fn flush(&mut self, mut tcp: &TcpStream) -> io::Result<bool> {
        while self.session.wants_write() {
            match self.session.write_tls(&mut tcp) {
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
