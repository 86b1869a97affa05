//! Sockets with and without TLS, for the load generator and the raw echo. rustls encrypts and decrypts in buffers of the thread, so
//! that a connection has none of its own.

pub mod config;
mod session;

use std::io::{self, Read, Write};

pub use session::{Connection, Session};

/// A TCP connection `T`, with TLS on it if there is a session.
pub struct Stream<T, C> {
    tcp: T,
    tls: Option<Box<Session<C>>>,
}

impl<T, C> Stream<T, C> {
    pub fn new(tcp: T, tls: Option<Session<C>>) -> Self {
        Self { tcp, tls: tls.map(Box::new) }
    }

    pub fn tcp(&self) -> &T {
        &self.tcp
    }

    pub fn tcp_mut(&mut self) -> &mut T {
        &mut self.tcp
    }

    /// Replaces the TCP connection by the same one as another type.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Stream<U, C> {
        Stream { tcp: change(self.tcp), tls: self.tls }
    }

    /// True if a read of `received` bytes into `room` bytes has emptied the socket, so that an event tells of later bytes.
    pub fn is_emptied(&self, received: usize, room: usize) -> bool {
        match &self.tls {
            None => received < room,
            Some(tls) => tls.is_emptied(),
        }
    }
}

impl<T: Read + Write, C: Connection> Stream<T, C> {
    /// Completes the handshake of TLS, on a socket that blocks.
    pub fn shake_hands(&mut self) -> io::Result<()> {
        self.tls.as_mut().map_or(Ok(()), |tls| tls.shake_hands(&mut self.tcp))
    }
}

impl<T: Read + Write, C: Connection> Read for Stream<T, C> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.tls {
            None => self.tcp.read(buffer),
            Some(tls) => tls.read(&mut self.tcp, buffer),
        }
    }
}

/// With TLS, a write takes bytes that the socket does not take yet. They leave with the next call of [`flush`](Write::flush) or of a
/// write.
impl<T: Write, C: Connection> Write for Stream<T, C> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.tls {
            None => self.tcp.write(bytes),
            Some(tls) => tls.write(&mut self.tcp, bytes),
        }
    }

    fn write_vectored(&mut self, slices: &[io::IoSlice<'_>]) -> io::Result<usize> {
        match &mut self.tls {
            None => self.tcp.write_vectored(slices),
            // One record is cheaper than many.
            Some(tls) => tls.write(
                &mut self.tcp,
                &slices.iter().flat_map(|slice| slice.iter().copied()).collect::<Vec<_>>(),
            ),
        }
    }

    /// Sends the encrypted bytes. Fails with `WouldBlock` if the socket does not take all of them.
    fn flush(&mut self) -> io::Result<()> {
        self.tls.as_mut().map_or(Ok(()), |tls| tls.flush(&mut self.tcp))
    }
}

#[cfg(test)]
mod tests {
    use std::{
        fs,
        io::ErrorKind,
        net::{TcpListener, TcpStream},
        thread,
        time::Duration,
    };

    use rustls::{client::UnbufferedClientConnection, server::UnbufferedServerConnection};

    use super::*;
    use config::{Client, Server};

    /// Returns the two ends of a connection with TLS. The server's end does not block.
    fn pair(
        folder: &str,
    ) -> (Stream<TcpStream, UnbufferedClientConnection>, Stream<TcpStream, UnbufferedServerConnection>) {
        let folder = std::env::temp_dir().join(format!("{folder}-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let (chain, secret) = (folder.join("chain.pem"), folder.join("key.pem"));
        let key = rcgen::KeyPair::generate().expect("a key");
        let params = rcgen::CertificateParams::new(["localhost".to_owned()]).expect("a name");
        fs::write(&chain, params.self_signed(&key).expect("a certificate").pem()).expect("written");
        fs::write(&secret, key.serialize_pem()).expect("written");
        let client =
            Client::trusting(&chain, "http/1.1").and_then(|client| client.session()).expect("settings");
        let server = Server::with(&chain, &secret).and_then(|server| server.session()).expect("settings");
        fs::remove_dir_all(&folder).expect("removed");

        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let connected =
            TcpStream::connect(listener.local_addr().expect("is bound")).expect("the port is open");
        connected.set_read_timeout(Some(Duration::from_secs(10))).expect("a socket");
        let (accepted, _) = listener.accept().expect("is connected");
        accepted.set_nonblocking(true).expect("a socket");
        (Stream::new(connected, Some(client)), Stream::new(accepted, Some(server)))
    }

    /// Echoes until the client has closed.
    fn echo(mut stream: Stream<TcpStream, UnbufferedServerConnection>, mut buffer: Vec<u8>) {
        loop {
            match stream.read(&mut buffer) {
                Ok(0) => return,
                Ok(len) => {
                    let mut unsent = &buffer[..len];
                    while !unsent.is_empty() || stream.flush().is_err() {
                        match stream.write(unsent) {
                            Ok(len) => unsent = &unsent[len..],
                            Err(error) => assert_eq!(error.kind(), ErrorKind::WouldBlock),
                        }
                    }
                }
                Err(error) => assert_eq!(error.kind(), ErrorKind::WouldBlock),
            }
        }
    }

    #[test]
    fn all_bytes_come_back_whatever_the_buffers() {
        for room in [1 << 20, 1000] {
            let (mut client, server) = pair("all_bytes_come_back");
            let served = thread::spawn(move || echo(server, vec![0; room]));
            client.shake_hands().expect("a handshake");
            for len in [1, 100, 20_000, 150_000] {
                let bytes: Vec<u8> = (0..len).map(|number| (number % 251) as u8).collect();
                client.write_all(&bytes).and_then(|()| client.flush()).expect("there is room");
                let mut received = vec![0; len];
                client.read_exact(&mut received).expect("an echo");
                assert!(received == bytes, "{len} bytes with room for {room}");
            }
            drop(client);
            served.join().expect("an end");
        }
    }
}
