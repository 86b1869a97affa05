//! One connection on the native engine: a socket, the [`Echo`] that turns what it reads into what it writes, and the rules for
//! when it ends.
//!
//! Nothing is buffered for a connection that keeps up: it reads into the worker's scratch buffer, and what comes of that is
//! written from there. Only an answer that the socket does not take is copied; then nothing is read until it is gone.
//!
//! There is one exception. A client that sends a whole message before it reads anything would wait for a server that waits for
//! it, once the message is longer than what the kernels hold. When a connection has stalled within a message for a while, it
//! reads on to the end of that message.

use std::{
    io::{self, ErrorKind},
    net::{IpAddr, SocketAddr},
    time::Instant,
};

use tracing::{info, warn};
use ws_echo_shared::CloseCode;

use crate::{
    connections::Place,
    engine::{Echo, End, RESERVE, encode_close},
    socket::Socket,
    unsent::Unsent,
    watch::{Order, Tick, Watch},
};

/// How much is read at a time, in bytes; and so the most that a client can leave unread. With 64 KiB, messages of 1 MiB cost half
/// as much CPU again.
pub(crate) const READ: usize = 256 * 1024;

/// How often a connection reads before others have their turn.
const READS: usize = 4;

/// A ping without a payload.
const PING: [u8; 2] = [0x89, 0];

/// A connection behind its handshake.
pub(crate) struct Connection {
    socket: Socket,
    echo: Echo,
    /// What the socket has not taken yet.
    unsent: Unsent,
    state: State,
    leaving: Option<Leaving>,
    watch: Watch,
    ended: Ended,
    place: Place,
    /// A `SocketAddr` would be 12 bytes longer.
    peer: Option<(IpAddr, u16)>,
    began: Instant,
}

/// What a worker lends a connection.
pub(crate) struct Turn<'a> {
    /// Room for [`RESERVE`] bytes and a read; of no worth between two turns.
    pub(crate) scratch: &'a mut [u8],
    pub(crate) now: Tick,
    /// Whether more may be there than a read that did not fill the buffer has brought: the client's end.
    pub(crate) to_the_end: bool,
}

/// What comes after a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// The next event of the socket.
    Wait,
    /// Another turn, after those of the others.
    Again,
    /// The connection is over.
    Over,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    /// A Close frame is among what is unsent; nothing follows it.
    Closing,
    /// The server has closed first, and waits for the client's Close frame.
    Waiting,
    /// Everything was sent, and the client was told so. What still comes is thrown away, for a socket that is closed with
    /// something unread is reset, and the reset can take the Close frame away from the client.
    Lingering,
}

/// Why the server closes a connection that did nothing wrong.
#[derive(Clone, Copy)]
enum Leaving {
    Stopping,
    NoMemory,
}

/// How the connection ended, for the log.
#[derive(Clone, Copy)]
struct Ended {
    code: CloseCode,
    by: By,
}

#[derive(Clone, Copy)]
enum By {
    Nobody,
    Peer,
    Server,
}

impl Connection {
    /// A connection that first sends `response`, the head of the handshake.
    pub(crate) fn new(
        socket: Socket,
        echo: Echo,
        response: Vec<u8>,
        place: Place,
        peer: Option<SocketAddr>,
        now: Tick,
    ) -> Self {
        let mut unsent = Unsent::default();
        unsent.push(response);
        Self {
            socket,
            echo,
            unsent,
            state: State::Open,
            leaving: None,
            watch: Watch::new(now),
            ended: Ended { code: CloseCode::ABNORMAL, by: By::Nobody },
            place,
            peer: peer.map(|peer| (peer.ip(), peer.port())),
            began: Instant::now(),
        }
    }

    /// Takes what was read before the connection was made.
    pub(crate) fn take_early(&mut self, early: &[u8], turn: &mut Turn<'_>) {
        for piece in early.chunks(READ) {
            turn.scratch[RESERVE..RESERVE + piece.len()].copy_from_slice(piece);
            let output = self.echo.process(turn.scratch, piece.len());
            self.unsent.push(output.head);
            self.unsent.extend(&turn.scratch[output.range]);
        }
        self.note_end(turn.now);
    }

    /// Goes on until the socket has nothing more to give or to take, or others have waited long enough.
    pub(crate) fn advance(&mut self, turn: &mut Turn<'_>) -> Next {
        for _ in 0..READS {
            match self.flush(turn.now) {
                Ok(true) => {}
                Ok(false) if self.reads_on() => {}
                Ok(false) => return Next::Wait,
                Err(error) => return self.lost("Write error", &error),
            }
            let next = match self.state {
                State::Open | State::Waiting => self.read(turn),
                State::Closing => {
                    // Fails only if the client is gone already.
                    let _ = self.socket.end();
                    self.enter(State::Lingering, turn.now);
                    // The client's end may have come long ago.
                    turn.to_the_end = true;
                    Next::Again
                }
                State::Lingering => self.discard(turn),
            };
            if next != Next::Again {
                return next;
            }
        }
        Next::Again
    }

    /// Whether to read though something is unsent.
    const fn reads_on(&self) -> bool {
        self.watch.reads_on() && matches!(self.state, State::Open) && self.echo.within_message()
    }

    /// Reads once and sends what comes of it.
    fn read(&mut self, turn: &mut Turn<'_>) -> Next {
        let len = match self.socket.receive(&mut turn.scratch[RESERVE..]) {
            // One that has ended its side may still read.
            Ok(0) if self.state == State::Open && !self.unsent.is_empty() => {
                self.enter(State::Closing, turn.now);
                return Next::Again;
            }
            Ok(0) => return Next::Over,
            Ok(len) => len,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Next::Wait,
            Err(error) if error.kind() == ErrorKind::Interrupted => return Next::Again,
            Err(error) => return self.lost("Read error", &error),
        };
        self.watch.has_read(turn.now);
        let output = self.echo.process(turn.scratch, len);
        if self.state == State::Waiting {
            // Our Close frame was the last that may be sent.
            if self.echo.end().is_some() {
                self.enter(State::Closing, turn.now);
            }
            return Next::Again;
        }
        if let Err(error) = self.send(turn.now, output.head, &turn.scratch[output.range]) {
            return self.lost("Write error", &error);
        }
        self.note_end(turn.now);
        self.account(turn.now);
        // A read that did not fill the buffer has emptied the socket, and what comes later has an event of its own.
        let emptied = RESERVE + len < turn.scratch.len() && !turn.to_the_end;
        if self.state == State::Open && (emptied || !self.unsent.is_empty() && !self.reads_on()) {
            Next::Wait
        } else {
            Next::Again
        }
    }

    /// Sends `head` and then `rest`, which is copied only as far as the socket does not take it.
    fn send(&mut self, now: Tick, head: Vec<u8>, mut rest: &[u8]) -> io::Result<()> {
        if !head.is_empty() {
            self.unsent.push(head);
            self.flush(now)?;
        }
        while self.unsent.is_empty() && !rest.is_empty() {
            match send_some(&mut self.socket, rest)? {
                0 => {
                    self.watch.stalls(now);
                    break;
                }
                len => rest = &rest[len..],
            }
        }
        self.unsent.extend(rest);
        Ok(())
    }

    /// Sends what is unsent; says whether nothing is any more.
    fn flush(&mut self, now: Tick) -> io::Result<bool> {
        if self.unsent.is_empty() {
            return Ok(true);
        }
        while !self.unsent.is_empty() {
            let len = send_some(&mut self.socket, self.unsent.rest())?;
            if len == 0 {
                self.watch.stalls(now);
                return Ok(false);
            }
            self.unsent.advance(len);
            self.watch.has_sent();
        }
        self.watch.flows(now);
        self.account(now);
        Ok(true)
    }

    /// Reads and throws away; over when the client has ended its side too.
    fn discard(&mut self, turn: &mut Turn<'_>) -> Next {
        match self.socket.receive(&mut turn.scratch[RESERVE..]) {
            Ok(1..) => Next::Again,
            Err(error) if error.kind() == ErrorKind::WouldBlock => Next::Wait,
            Err(error) if error.kind() == ErrorKind::Interrupted => Next::Again,
            Ok(0) | Err(_) => Next::Over,
        }
    }

    /// Looks whether the engine has found the connection's end.
    fn note_end(&mut self, now: Tick) {
        if self.state != State::Open {
            return;
        }
        if let Some(leaving) = self.leaving.filter(|_| self.echo.has_left()) {
            let (code, reason) = match leaving {
                Leaving::Stopping => (CloseCode::GOING_AWAY, "the server stops"),
                Leaving::NoMemory => (CloseCode::TRY_AGAIN_LATER, "the server has no memory left for this"),
            };
            self.unsent.extend(&encode_close(code, reason));
            self.ended = Ended { code, by: By::Server };
            // The client's own Close frame may be there already.
            let state = if self.echo.end().is_some() { State::Closing } else { State::Waiting };
            return self.enter(state, now);
        }
        match self.echo.end() {
            None => {}
            Some(End::Closed(code)) => {
                self.ended = Ended { code: code.unwrap_or(CloseCode::NO_STATUS), by: By::Peer };
                self.enter(State::Closing, now);
            }
            Some(End::Fault(fault)) => {
                let code = fault.close_code();
                warn!(id = self.place.id, code = code.0, "Protocol error: {fault}");
                self.unsent.extend(&encode_close(code, &fault.to_string()));
                self.ended = Ended { code, by: By::Server };
                self.enter(State::Closing, now);
            }
        }
    }

    /// Does what is due because of the time, if anything is.
    pub(crate) fn tick(&mut self, turn: &mut Turn<'_>) -> Next {
        match self.watch.due(turn.now, self.place.timeouts()) {
            None => return Next::Wait,
            Some(Order::Ping) if self.state == State::Open && self.echo.at_boundary() => {
                self.unsent.extend(&PING);
            }
            // Within a frame there is no place for a ping, and the watch has noted that the client is to be read from.
            Some(Order::Ping | Order::ReadOn) => {}
            Some(Order::Drop(why)) => {
                if self.state == State::Open {
                    warn!(id = self.place.id, "Dropped: {why}");
                }
                return Next::Over;
            }
        }
        self.advance(turn)
    }

    /// Closes the connection because the server stops.
    pub(crate) fn go_away(&mut self, turn: &mut Turn<'_>) -> Next {
        self.leave(Leaving::Stopping, turn.now);
        self.advance(turn)
    }

    /// Closes from this side; within a frame that flows through, at its end.
    fn leave(&mut self, why: Leaving, now: Tick) {
        // A connection that is closing already has nothing more to say.
        if self.state == State::Open {
            self.leaving.get_or_insert(why);
            self.echo.leave();
            self.note_end(now);
        }
    }

    fn enter(&mut self, state: State, now: Tick) {
        self.state = state;
        self.watch.closes(now);
    }

    /// Tells the registry what is held. The connection that asks for more than there is has to go.
    fn account(&mut self, now: Tick) {
        let held = self.echo.held() + self.unsent.capacity();
        if self.place.hold(held).is_err() && self.state == State::Open {
            warn!(id = self.place.id, held, "Out of memory for unfinished messages and unread answers");
            self.leave(Leaving::NoMemory, now);
        }
    }

    fn lost(&self, what: &str, error: &io::Error) -> Next {
        if self.state == State::Open {
            warn!(id = self.place.id, "{what}: {error}");
        }
        Next::Over
    }
}

/// Sends as much as the socket takes; zero if it takes nothing now.
fn send_some(socket: &mut Socket, bytes: &[u8]) -> io::Result<usize> {
    loop {
        match socket.send(bytes) {
            Ok(0) => return Err(ErrorKind::WriteZero.into()),
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(0),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let tally = self.echo.tally();
        info!(
            id = self.place.id,
            peer = self.peer.map(|peer| tracing::field::display(SocketAddr::from(peer))),
            code = self.ended.code.0,
            by = match self.ended.by {
                By::Nobody => "nobody",
                By::Peer => "peer",
                By::Server => "server",
            },
            messages = tally.messages,
            bytes = tally.bytes,
            duration_ms = self.began.elapsed().as_millis() as u64,
            "Disconnect."
        );
    }
}
