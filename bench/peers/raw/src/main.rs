//! Raw TCP echo on edge-triggered epoll with one thread, the reference for all other servers. It parses no frames, and copies and
//! allocates nothing for a message.
//!
//! With the files of a certificate and its key as arguments it speaks TLS, by the rustls that ws-echo has.

use std::{
    env,
    io::{self, Read, Write},
    path::Path,
};

use bench_tls::{Stream, config::Server};
use mio::{Events, Interest, Poll, Token, net::TcpListener, net::TcpStream};
use rustls::server::UnbufferedServerConnection;

const LISTENER: Token = Token(usize::MAX);

/// Fastest size between 16 KiB and 1 MiB for large messages. It makes no difference for small ones.
const BUFFER: usize = 256 << 10;

/// Connection and its write buffer, which is `unsent` from `start` on.
struct Connection {
    stream: Stream<TcpStream, UnbufferedServerConnection>,
    unsent: Vec<u8>,
    start: usize,
}

/// Next step of a connection.
enum Next {
    Wait,
    Close,
}

fn main() -> anyhow::Result<()> {
    let files: Vec<_> = env::args_os().skip(1).collect();
    let tls = match &files[..] {
        [certificate, key] => Some(Server::with(Path::new(certificate), Path::new(key))?),
        _ => None,
    };
    let mut poll = Poll::new()?;
    let mut events = Events::with_capacity(1024);
    let mut listener = TcpListener::bind(([127, 0, 0, 1], 0).into())?;
    poll.registry().register(&mut listener, LISTENER, Interest::READABLE)?;
    println!("listening on {}", listener.local_addr()?);

    let mut connections: Vec<Option<Connection>> = Vec::new();
    let mut free: Vec<usize> = Vec::new();
    let mut buffer = vec![0; BUFFER];
    loop {
        match poll.poll(&mut events, None) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            result => result?,
        }
        for event in &events {
            if event.token() == LISTENER {
                while let Ok((mut tcp, _)) = listener.accept() {
                    tcp.set_nodelay(true)?;
                    let slot = free.pop().unwrap_or_else(|| {
                        connections.push(None);
                        connections.len() - 1
                    });
                    poll.registry().register(
                        &mut tcp,
                        Token(slot),
                        Interest::READABLE | Interest::WRITABLE,
                    )?;
                    let stream = Stream::new(tcp, tls.as_ref().map(Server::session).transpose()?);
                    connections[slot] = Some(Connection { stream, unsent: Vec::new(), start: 0 });
                }
                continue;
            }
            let slot = event.token().0;
            let Some(connection) = &mut connections[slot] else { continue };
            // An empty socket announces later bytes, unless the peer has half-closed.
            if let Ok(Next::Wait) = echo(connection, &mut buffer, event.is_read_closed()) {
                continue;
            }
            connections[slot] = None;
            free.push(slot);
        }
    }
}

/// Echoes until the socket is empty or full.
fn echo(connection: &mut Connection, buffer: &mut [u8], to_the_end: bool) -> io::Result<Next> {
    let Connection { stream, unsent, start } = connection;
    match stream.flush() {
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(Next::Wait),
        result => result?,
    }
    if !unsent.is_empty() {
        *start += write(stream, &unsent[*start..])?;
        if *start < unsent.len() {
            // Backpressure: nothing is read until the socket's next edge announces room.
            return Ok(Next::Wait);
        }
        unsent.clear();
    }
    loop {
        let received = match stream.read(buffer) {
            Ok(0) => return Ok(Next::Close),
            Ok(received) => received,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
            Err(error) => return Err(error),
        };
        let sent = write(stream, &buffer[..received])?;
        if sent < received {
            unsent.extend_from_slice(&buffer[sent..received]);
            *start = 0;
            break;
        }
        if stream.is_emptied(received, buffer.len()) && !to_the_end {
            break;
        }
    }
    Ok(Next::Wait)
}

/// Writes until the socket is full. Returns the number of written bytes.
fn write(stream: &mut impl Write, bytes: &[u8]) -> io::Result<usize> {
    match stream.write(bytes) {
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(0),
        result => result,
    }
}
