//! Raw TCP echo on edge-triggered epoll with one thread, the reference for all other servers. It parses no frames, and copies and
//! allocates nothing for a message.

use std::io::{self, Read, Write};

use mio::{Events, Interest, Poll, Token, net::TcpListener, net::TcpStream};

const LISTENER: Token = Token(usize::MAX);

/// Fastest size between 16 KiB and 1 MiB for large messages. It makes no difference for small ones.
const BUFFER: usize = 256 << 10;

/// Connection and its write buffer, which is `unsent` from `start` on.
struct Connection {
    stream: TcpStream,
    unsent: Vec<u8>,
    start: usize,
}

/// Next step of a connection.
enum Next {
    Wait,
    Close,
}

fn main() -> io::Result<()> {
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
                while let Ok((mut stream, _)) = listener.accept() {
                    stream.set_nodelay(true)?;
                    let slot = free.pop().unwrap_or_else(|| {
                        connections.push(None);
                        connections.len() - 1
                    });
                    poll.registry().register(
                        &mut stream,
                        Token(slot),
                        Interest::READABLE | Interest::WRITABLE,
                    )?;
                    connections[slot] = Some(Connection { stream, unsent: Vec::new(), start: 0 });
                }
                continue;
            }
            let slot = event.token().0;
            let Some(connection) = &mut connections[slot] else { continue };
            // A short read means that the socket is empty, unless the peer has half-closed.
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
        if received < buffer.len() && !to_the_end {
            break;
        }
    }
    Ok(Next::Wait)
}

/// Writes until the socket is full. Returns the number of written bytes.
fn write(stream: &mut TcpStream, bytes: &[u8]) -> io::Result<usize> {
    match stream.write(bytes) {
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(0),
        result => result,
    }
}
