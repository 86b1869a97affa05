//! A TLS session on a socket that never blocks, from the handshake on.
//!
//! It uses rustls's unbuffered API: records are encrypted and decrypted in a buffer of the thread, so a session whose client keeps up
//! has no buffer. rustls's own connection keeps 4 KiB for the next record.
//!
//! Bytes and events are the same as on a socket without TLS: after a read that did not fill the buffer, or a send that returned 0, an
//! event tells when there is more to do.

use std::{
    cell::RefCell,
    fmt,
    io::{self, ErrorKind, Read, Write},
    mem,
    sync::Arc,
};

use rustls::{
    ProtocolVersion, ServerConfig, SupportedCipherSuite,
    server::{ServerConnectionData, UnbufferedServerConnection},
    unbuffered::{ConnectionState, EncodeError, EncodeTlsData, EncryptError, WriteTraffic},
};

/// True if a read that did not fill the buffer has emptied the socket, so that an event tells of later bytes. On Windows mio
/// promises an event only after `WouldBlock`.
pub(crate) const SHORT_READ_EMPTIES: bool = cfg!(not(windows));

/// Length of the largest read from the system, in bytes.
const RECEIVE: usize = 64 * 1024;

/// Least room for a read from the system, in bytes.
const LEAST: usize = 4 * 1024;

/// The most bytes without data in them: the handshake, the part of a record, and updates of keys.
const WITHOUT_DATA: usize = 32 * 1024;

/// The most bytes that are encrypted at a time: four records of the largest size.
const SEND: usize = 64 * 1024;

/// Room for headers and tags of [`SEND`] bytes, and for answers of TLS itself: an update of keys, or an alert.
const OVERHEAD: usize = 1024;

/// Memory of an idle session, in bytes: its own size, and keys and the state of rustls, as measured.
pub(crate) const MEMORY: usize = size_of::<Session>() + 2400;

thread_local! {
    /// The buffer for encrypted bytes of this thread: of a read, and then of a send.
    static CIPHERTEXT: RefCell<Box<[u8]>> = RefCell::new(vec![0; SEND + OVERHEAD].into_boxed_slice());
}

/// A client's TLS session, without its socket.
pub(crate) struct Session {
    connection: UnbufferedServerConnection,
    /// Bytes that were received and are not decrypted, or are a part of a handshake's message; mostly none.
    received: Vec<u8>,
    /// True if whole records are among them.
    has_records: bool,
    /// Decrypted data for which the reader had no room; mostly none.
    decrypted: Vec<u8>,
    /// Encrypted bytes that the system did not take; mostly none.
    encrypted: Vec<u8>,
    /// Length of the data that is encrypted and not sent as a whole. [`send`](Self::send) returns it when it is.
    unsent: usize,
    /// True if some of that was sent since the last [`has_sent`](Self::has_sent).
    has_sent: bool,
    /// Bytes that were received since data came out of them.
    without_data: usize,
    /// True if the system may have more bytes than the last read took.
    has_more: bool,
    end: Option<End>,
    /// The server's name that the client asked for.
    pub(crate) server_name: Option<Box<str>>,
}

/// The end behind all data that was decrypted.
#[derive(Debug)]
enum End {
    /// The client has closed its half. A missing close_notify (RFC 8446 section 6.1) is no error: a Close frame shows a good end.
    HalfClosed,
    Failed(io::Error),
}

impl Session {
    pub(crate) fn new(config: Arc<ServerConfig>) -> Result<Self, rustls::Error> {
        Ok(Self {
            connection: UnbufferedServerConnection::new(config)?,
            received: Vec::new(),
            has_records: false,
            decrypted: Vec::new(),
            encrypted: Vec::new(),
            unsent: 0,
            has_sent: false,
            without_data: 0,
            has_more: true,
            end: None,
            server_name: None,
        })
    }

    /// Returns the protocol that was agreed by ALPN (RFC 7301).
    pub(crate) fn alpn_protocol(&self) -> Option<&[u8]> {
        self.connection.alpn_protocol()
    }

    pub(crate) fn protocol_version(&self) -> Option<ProtocolVersion> {
        self.connection.protocol_version()
    }

    pub(crate) fn cipher_suite(&self) -> Option<SupportedCipherSuite> {
        self.connection.negotiated_cipher_suite()
    }

    /// Goes on with the handshake. Fails with `WouldBlock` until it is complete and all of it is sent.
    pub(crate) fn shake_hands(&mut self, tcp: &mut (impl Read + Write)) -> io::Result<()> {
        if self.connection.is_handshaking() {
            // Data that came with the end of the handshake waits in the session.
            self.decrypt(tcp, &mut []);
            match self.end.take() {
                Some(End::HalfClosed) if self.connection.is_handshaking() => {
                    return Err(io::Error::new(ErrorKind::UnexpectedEof, "the handshake was not completed"));
                }
                Some(End::Failed(error)) => {
                    // The reason, for the client.
                    let _ = self.flush(tcp);
                    return Err(error);
                }
                end => self.end = end,
            }
        }
        if !self.flush(tcp)? || self.connection.is_handshaking() {
            return Err(ErrorKind::WouldBlock.into());
        }
        self.without_data = 0;
        Ok(())
    }

    /// Receives the data that is there. Returns 0 if the client has closed its half, and `WouldBlock` if it has sent no more yet.
    pub(crate) fn receive(&mut self, tcp: &mut (impl Read + Write), buffer: &mut [u8]) -> io::Result<usize> {
        let len = self.decrypt(tcp, buffer);
        // An alert. Its failure shows in the next send. Nothing else is sent here: on tokio, a task that sends takes the place of the
        // one that waits for room.
        if self.connection.wants_write() {
            let _ = self.flush(tcp);
        }
        match &mut self.end {
            _ if len > 0 => Ok(len),
            None => Err(ErrorKind::WouldBlock.into()),
            Some(End::HalfClosed) => Ok(0),
            Some(End::Failed(error)) => Err(mem::replace(error, ErrorKind::BrokenPipe.into())),
        }
    }

    /// True if more data may be there though the last read has not filled its buffer: no event tells of it.
    pub(crate) const fn has_more(&self) -> bool {
        self.has_more || self.end.is_some()
    }

    /// True if the system took some of the encrypted bytes since the last call.
    pub(crate) const fn has_sent(&mut self) -> bool {
        mem::replace(&mut self.has_sent, false)
    }

    /// Decrypts the bytes that are there, or one read of them, into the buffer; returns the length of the data. It is 0 only if no more
    /// is there.
    fn decrypt(&mut self, tcp: &mut impl Read, buffer: &mut [u8]) -> usize {
        if !self.decrypted.is_empty() {
            let len = buffer.len().min(self.decrypted.len());
            buffer[..len].copy_from_slice(&self.decrypted[..len]);
            self.decrypted = self.decrypted[len..].to_vec();
            self.has_more = true;
            return len;
        }
        CIPHERTEXT.with_borrow_mut(|scratch| {
            let received = mem::take(&mut self.received);
            scratch[..received.len()].copy_from_slice(&received);
            // The part of the scratch buffer that is not decrypted yet.
            let mut rest = 0..received.len();
            let mut len = 0;
            self.has_more = true;
            while self.end.is_none() && (len < buffer.len() || self.connection.is_handshaking()) {
                if self.has_records {
                    let (used, more) = self.process(&mut scratch[rest.clone()], &mut buffer[len..]);
                    rest.start += used;
                    len += more;
                    continue;
                }
                // Other connections wait meanwhile.
                if len > 0 {
                    break;
                }
                scratch.copy_within(rest.clone(), 0);
                rest = 0..rest.len();
                // Decrypted, it is nearly as long, and should fit into the buffer.
                let room = (RECEIVE - rest.len()).min(LEAST.max(buffer.len()));
                match tcp.read(&mut scratch[rest.end..rest.end + room]) {
                    Ok(0) => self.end = Some(End::HalfClosed),
                    Ok(received) => {
                        self.has_more = !SHORT_READ_EMPTIES || received == room;
                        self.has_records = true;
                        self.without_data += received;
                        rest.end += received;
                    }
                    Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                    Err(error) if error.kind() == ErrorKind::Interrupted => {}
                    Err(error) => self.end = Some(End::Failed(error)),
                }
            }
            self.received = scratch[rest].to_vec();
            len
        })
    }

    /// Decrypts the next record that has data, or all records if none has. Returns the number of bytes used, and the length of the data
    /// in the buffer.
    fn process(&mut self, received: &mut [u8], buffer: &mut [u8]) -> (usize, usize) {
        let all = received.len();
        let status = self.connection.process_tls_records(received);
        let (mut used, mut len) = (status.discard, 0);
        match status.state {
            Ok(ConnectionState::ReadTraffic(mut traffic)) => {
                while let Some(Ok(record)) = traffic.next_record() {
                    used += record.discard;
                    let fits = record.payload.len().min(buffer.len() - len);
                    buffer[len..len + fits].copy_from_slice(&record.payload[..fits]);
                    len += fits;
                    self.decrypted.extend_from_slice(&record.payload[fits..]);
                }
                self.without_data = all - used;
                self.has_records = used < all;
            }
            Ok(ConnectionState::EncodeTlsData(data)) => encode(data, &mut self.encrypted),
            Ok(ConnectionState::TransmitTlsData(data)) => data.done(),
            Ok(ConnectionState::BlockedHandshake | ConnectionState::WriteTraffic(_)) => {
                self.has_records = false;
                if self.without_data > WITHOUT_DATA {
                    self.end = Some(failed("much that is no data"));
                }
            }
            Ok(ConnectionState::PeerClosed | ConnectionState::Closed) => self.end = Some(End::HalfClosed),
            Ok(state) => self.end = Some(failed(format!("{state:?} was not offered"))),
            Err(error) => self.end = Some(failed(error)),
        }
        (used, len)
    }

    /// Sends as many bytes as the system takes now. After a return of 0, the next call must begin with the same bytes.
    pub(crate) fn send(&mut self, tcp: &mut impl Write, bytes: &[u8]) -> io::Result<usize> {
        if !self.flush(tcp)? {
            return Ok(0);
        }
        if self.unsent > 0 {
            return Ok(mem::take(&mut self.unsent));
        }
        let bytes = &bytes[..bytes.len().min(SEND)];
        self.write(tcp, bytes)?;
        if self.encrypted.is_empty() {
            return Ok(bytes.len());
        }
        self.unsent = bytes.len();
        Ok(0)
    }

    /// Encrypts at most [`SEND`] bytes, and sends them as far as the system takes them now. The rest of them leaves with [`flush`](Self::flush).
    pub(crate) fn write(&mut self, tcp: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
        CIPHERTEXT.with_borrow_mut(|scratch| {
            let len = self.encrypt(|mut traffic| traffic.encrypt(bytes, scratch))?;
            let sent = if self.encrypted.is_empty() { send(tcp, &scratch[..len])? } else { 0 };
            self.has_sent |= sent > 0;
            self.encrypted.extend_from_slice(&scratch[sent..len]);
            Ok(())
        })
    }

    /// Has `encrypt` write records into a buffer, whose length it returns.
    fn encrypt(
        &mut self,
        encrypt: impl FnOnce(WriteTraffic<'_, ServerConnectionData>) -> Result<usize, EncryptError>,
    ) -> io::Result<usize> {
        if let Some(End::Failed(_)) = self.end {
            return Err(ErrorKind::BrokenPipe.into());
        }
        loop {
            let known = known(&mut self.received, self.has_records);
            match self.connection.process_tls_records(known).state.map_err(io::Error::other)? {
                ConnectionState::WriteTraffic(traffic) => {
                    return encrypt(traffic).map_err(|error| match error {
                        // After 16 million records.
                        EncryptError::EncryptExhausted => {
                            io::Error::other("this connection has had all the records that TLS 1.2 allows")
                        }
                        error => io::Error::other(error),
                    });
                }
                ConnectionState::EncodeTlsData(data) => encode(data, &mut self.encrypted),
                ConnectionState::TransmitTlsData(data) => data.done(),
                ConnectionState::PeerClosed => {}
                _ => return Err(ErrorKind::BrokenPipe.into()),
            }
        }
    }

    /// Sends a close_notify (RFC 8446 section 6.1): no data follows. It is the last record, and is not waited for.
    pub(crate) fn close_notify(&mut self, tcp: &mut impl Write) {
        let mut record = [0; OVERHEAD];
        if let Ok(len) = self.encrypt(|mut traffic| traffic.queue_close_notify(&mut record)) {
            self.encrypted.extend_from_slice(&record[..len]);
        }
        let _ = self.flush(tcp);
    }

    /// Sends the encrypted bytes. True if all are sent.
    pub(crate) fn flush(&mut self, tcp: &mut impl Write) -> io::Result<bool> {
        // Answers of TLS itself. rustls is given no new bytes here.
        while self.connection.wants_write() {
            let known = known(&mut self.received, self.has_records);
            match self.connection.process_tls_records(known).state {
                Ok(ConnectionState::EncodeTlsData(data)) => encode(data, &mut self.encrypted),
                _ => break,
            }
        }
        if self.encrypted.is_empty() {
            return Ok(true);
        }
        let sent = send(tcp, &self.encrypted)?;
        self.has_sent |= sent > 0;
        // A session that has sent all keeps no buffer.
        self.encrypted = self.encrypted[sent..].to_vec();
        Ok(self.encrypted.is_empty())
    }

    /// Returns the memory of what was received and is not read yet, in bytes; a part of a record, mostly.
    pub(crate) const fn buffered_input(&self) -> usize {
        self.received.capacity() + self.decrypted.capacity()
    }

    /// Returns the memory of what the client does not read, in bytes.
    pub(crate) const fn buffered_output(&self) -> usize {
        self.encrypted.capacity()
    }

    /// Returns its memory with its own size, in bytes.
    pub(crate) const fn held(&self) -> usize {
        MEMORY + self.buffered_input() + self.buffered_output()
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("version", &self.protocol_version()).finish_non_exhaustive()
    }
}

/// Returns the received bytes of which rustls knows: the start of a message or of a record that is not complete. It has to see them again
/// in each call, and takes new ones for new.
fn known(received: &mut [u8], has_records: bool) -> &mut [u8] {
    if has_records { &mut [] } else { received }
}

/// Appends a record of TLS itself.
fn encode(mut data: EncodeTlsData<'_, ServerConnectionData>, encrypted: &mut Vec<u8>) {
    let start = encrypted.len();
    if let Err(EncodeError::InsufficientSize(size)) = data.encode(&mut []) {
        encrypted.resize(start + size.required_size, 0);
        // There is room.
        let _ = data.encode(&mut encrypted[start..]);
    }
}

fn failed(reason: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> End {
    End::Failed(io::Error::new(ErrorKind::InvalidData, reason))
}

/// Sends until the system takes no more; returns the number of bytes.
fn send(tcp: &mut impl Write, bytes: &[u8]) -> io::Result<usize> {
    let mut sent = 0;
    while sent < bytes.len() {
        match tcp.write(&bytes[sent..]) {
            Ok(0) => return Err(ErrorKind::WriteZero.into()),
            Ok(len) => sent += len,
            Err(error) if error.kind() == ErrorKind::WouldBlock => break,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(sent)
}
