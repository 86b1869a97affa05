//! A TLS session, without its socket.

use std::{
    cell::RefCell,
    io::{self, ErrorKind, Read, Write},
    ops::DerefMut,
};

use rustls::{
    client::{ClientConnectionData, UnbufferedClientConnection},
    server::{ServerConnectionData, UnbufferedServerConnection},
    unbuffered::{
        ConnectionState, EncodeError, InsufficientSizeError, UnbufferedConnectionCommon, UnbufferedStatus,
    },
};

/// Most bytes received at a time. With 256 KiB, as without TLS, messages of 1 MiB cost a fifth more.
const RECEIVE: usize = 64 << 10;

/// Most bytes encrypted at a time.
const SEND: usize = 64 << 10;

/// Room for the header and the tag of each record of [`SEND`] bytes, and for answers of TLS itself.
const OVERHEAD: usize = 1 << 10;

thread_local! {
    static RECEIVED: RefCell<Vec<u8>> = RefCell::new(vec![0; RECEIVE]);
    static ENCRYPTED: RefCell<Vec<u8>> = RefCell::new(vec![0; SEND + OVERHEAD]);
}

/// rustls's side of a connection: a client's or a server's.
pub trait Connection: DerefMut<Target = UnbufferedConnectionCommon<Self::Data>> {
    type Data;

    fn process<'c, 'i>(&'c mut self, received: &'i mut [u8]) -> UnbufferedStatus<'c, 'i, Self::Data>;
}

impl Connection for UnbufferedClientConnection {
    type Data = ClientConnectionData;

    fn process<'c, 'i>(&'c mut self, received: &'i mut [u8]) -> UnbufferedStatus<'c, 'i, Self::Data> {
        self.process_tls_records(received)
    }
}

impl Connection for UnbufferedServerConnection {
    type Data = ServerConnectionData;

    fn process<'c, 'i>(&'c mut self, received: &'i mut [u8]) -> UnbufferedStatus<'c, 'i, Self::Data> {
        self.process_tls_records(received)
    }
}

/// A session, with the bytes that wait in it; mostly none.
pub struct Session<C> {
    connection: C,
    /// The part of a record that was received.
    received: Vec<u8>,
    /// Decrypted bytes for which the reader's buffer had no room.
    decrypted: Vec<u8>,
    /// Encrypted bytes that the socket did not take.
    unsent: Vec<u8>,
    /// True if the last read from the socket did not fill its buffer.
    is_emptied: bool,
    peer_closed: bool,
}

impl<C> Session<C> {
    /// True if the last read has emptied the socket, and all of it was given to the reader.
    pub(crate) fn is_emptied(&self) -> bool {
        self.is_emptied && self.decrypted.is_empty()
    }
}

impl<C: Connection> Session<C> {
    pub fn new(connection: C) -> Self {
        Self {
            connection,
            received: Vec::new(),
            decrypted: Vec::new(),
            unsent: Vec::new(),
            is_emptied: false,
            peer_closed: false,
        }
    }

    pub(crate) fn shake_hands(&mut self, tcp: &mut (impl Read + Write)) -> io::Result<()> {
        self.process_kept()?;
        loop {
            self.flush(tcp)?;
            if !self.connection.is_handshaking() {
                return Ok(());
            }
            self.receive(tcp, &mut [])?;
            if self.peer_closed {
                return Err(ErrorKind::UnexpectedEof.into());
            }
        }
    }

    /// Returns 0 at the end of the connection, and `WouldBlock` if no data is there on a socket that does not block.
    pub(crate) fn read(&mut self, tcp: &mut (impl Read + Write), buffer: &mut [u8]) -> io::Result<usize> {
        if !self.decrypted.is_empty() {
            let len = self.decrypted.len().min(buffer.len());
            buffer[..len].copy_from_slice(&self.decrypted[..len]);
            self.decrypted.drain(..len);
            return Ok(len);
        }
        loop {
            let len = self.receive(tcp, buffer)?;
            self.flush(tcp).or_else(|error| match error.kind() {
                ErrorKind::WouldBlock => Ok(()),
                _ => Err(error),
            })?;
            if len > 0 || self.peer_closed {
                return Ok(len);
            }
        }
    }

    /// Reads once from the socket, and decrypts what came. Returns the length of the data in the buffer.
    fn receive(&mut self, tcp: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
        RECEIVED.with_borrow_mut(|scratch| {
            let kept = self.received.len();
            let received = tcp.read(&mut scratch[kept..])?;
            self.is_emptied = kept + received < scratch.len();
            self.peer_closed |= received == 0;
            let received = &mut scratch[..kept + received];
            received[..kept].copy_from_slice(&self.received);
            let (mut len, decrypted) = (0, &mut self.decrypted);
            let used =
                process(&mut self.connection, received, &mut self.unsent, &mut self.peer_closed, |data| {
                    let fits = data.len().min(buffer.len() - len);
                    buffer[len..len + fits].copy_from_slice(&data[..fits]);
                    len += fits;
                    decrypted.extend_from_slice(&data[fits..]);
                })?;
            self.received.clear();
            self.received.extend_from_slice(&received[used..]);
            Ok(len)
        })
    }

    /// Lets rustls say what it has to say without more bytes from the socket.
    fn process_kept(&mut self) -> io::Result<()> {
        let decrypted = &mut self.decrypted;
        let keep = |data: &[u8]| decrypted.extend_from_slice(data);
        let used =
            process(&mut self.connection, &mut self.received, &mut self.unsent, &mut self.peer_closed, keep)?;
        self.received.drain(..used);
        Ok(())
    }

    /// Encrypts and sends until the socket is full. Returns the number of bytes that were encrypted.
    pub(crate) fn write(&mut self, tcp: &mut impl Write, bytes: &[u8]) -> io::Result<usize> {
        self.process_kept()?;
        self.flush(tcp)?;
        ENCRYPTED.with_borrow_mut(|scratch| {
            let mut taken = 0;
            for piece in bytes.chunks(SEND) {
                let status = self.connection.process(&mut self.received);
                let ConnectionState::WriteTraffic(mut traffic) = status.state.map_err(io::Error::other)?
                else {
                    break;
                };
                let len = traffic.encrypt(piece, scratch).map_err(io::Error::other)?;
                taken += piece.len();
                let sent = write(tcp, &scratch[..len])?;
                if sent < len {
                    self.unsent.extend_from_slice(&scratch[sent..len]);
                    break;
                }
            }
            Ok(taken)
        })
    }

    pub(crate) fn flush(&mut self, tcp: &mut impl Write) -> io::Result<()> {
        if self.unsent.is_empty() {
            return Ok(());
        }
        let sent = write(tcp, &self.unsent)?;
        self.unsent.drain(..sent);
        if self.unsent.is_empty() { Ok(()) } else { Err(ErrorKind::WouldBlock.into()) }
    }
}

/// Processes records. Appends what TLS itself answers to `unsent`, and gives data to `take`. Returns the number of bytes used.
fn process<C: Connection>(
    connection: &mut C,
    received: &mut [u8],
    unsent: &mut Vec<u8>,
    peer_closed: &mut bool,
    mut take: impl FnMut(&[u8]),
) -> io::Result<usize> {
    let mut used = 0;
    loop {
        let status = connection.process(&mut received[used..]);
        used += status.discard;
        match status.state.map_err(io::Error::other)? {
            ConnectionState::ReadTraffic(mut traffic) => {
                while let Some(record) = traffic.next_record() {
                    let record = record.map_err(io::Error::other)?;
                    used += record.discard;
                    take(record.payload);
                }
            }
            ConnectionState::EncodeTlsData(mut data) => {
                let start = unsent.len();
                if let Err(EncodeError::InsufficientSize(InsufficientSizeError { required_size })) =
                    data.encode(&mut [])
                {
                    unsent.resize(start + required_size, 0);
                    data.encode(&mut unsent[start..]).map_err(io::Error::other)?;
                }
            }
            ConnectionState::TransmitTlsData(data) => data.done(),
            ConnectionState::PeerClosed => *peer_closed = true,
            ConnectionState::Closed => {
                *peer_closed = true;
                return Ok(used);
            }
            ConnectionState::BlockedHandshake | ConnectionState::WriteTraffic(_) => return Ok(used),
            state => return Err(io::Error::other(format!("{state:?} was not asked for"))),
        }
    }
}

/// Writes until the socket is full. Returns the number of written bytes.
fn write(tcp: &mut impl Write, bytes: &[u8]) -> io::Result<usize> {
    let mut written = 0;
    while written < bytes.len() {
        match tcp.write(&bytes[written..]) {
            Ok(len) => written += len,
            Err(error) if error.kind() == ErrorKind::WouldBlock => break,
            Err(error) => return Err(error),
        }
    }
    Ok(written)
}
