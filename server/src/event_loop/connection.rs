//! One connection on the native engine: a socket, the [`Echo`] that turns what it reads into what it writes, and the rules for
//! when it ends.
//!
//! Nothing is buffered for a connection that keeps up: it reads into the worker's scratch buffer, and what comes of that is
//! written from there. Only an answer that the socket does not take is copied; then nothing is read until it is gone.
//!
//! There is one exception. A client that sends a whole message before it reads anything would wait for a server that waits for
//! it, once the message is longer than what the kernels hold. When a connection has stalled within a message for a while, it
//! reads on to the end of that message.

mod echoing;

use std::{
    io::{self, ErrorKind},
    net::{IpAddr, SocketAddr},
    time::Instant,
};

use tracing::{info, warn};
use ws_echo_engine::{Echo, End, RESERVE, encode_close};
use ws_echo_shared::CloseCode;

use crate::{
    admission::{connections::Place, memory::OutOfMemory},
    ending::{By, Ended, Goodbye},
    event_loop::{
        appetite::Appetite,
        deadlines::{Order, Tick, Watch, Why},
        read_ahead::ReadOn,
        scheduler::{Next, READ, READ_ON, STEP, Turn, most_at_once},
        socket::Socket,
        write_buffer::Unsent,
    },
    metrics::counters::Reported,
};

/// Memory of a connection beside its own size, in bytes, as measured.
const OVERHEAD: usize = 48;

/// Memory of an agreement on permessage-deflate, in bytes, as measured.
const INFLATER: usize = 240;

/// A ping without a payload.
const PING: [u8; 2] = [0x89, 0];

/// A connection behind its handshake.
pub(crate) struct Connection {
    socket: Socket,
    echo: Echo,
    /// What the socket has not taken yet.
    unsent: Unsent,
    state: State,
    goodbye: Option<Goodbye>,
    reads_on: Option<Box<ReadOn>>,
    /// Whether its worker gives it another turn without an event.
    pub(crate) waits_for_turn: bool,
    appetite: Appetite,
    /// Whether the client has ended its side, so that its end may follow what was read, and no event tells of it.
    to_the_end: bool,
    watch: Watch,
    /// Nothing as long as nothing came.
    reported: Option<Box<Reported>>,
    ended: Ended,
    place: Place,
    /// A `SocketAddr` would be 12 bytes longer.
    peer: Option<(IpAddr, u16)>,
    began: Instant,
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
        let mut connection = Self {
            socket,
            echo,
            unsent,
            state: State::Open,
            goodbye: None,
            reads_on: None,
            waits_for_turn: false,
            appetite: Appetite::default(),
            to_the_end: false,
            watch: Watch::new(now),
            reported: None,
            ended: Ended::LOST,
            place,
            peer: peer.map(|peer| (peer.ip(), peer.port())),
            began: Instant::now(),
        };
        // The number of connections has a limit of its own.
        let _ = connection.place.hold(connection.held());
        connection
    }

    /// Answers the handshake, and takes what came with it.
    pub(crate) fn take_early(&mut self, early: &[u8], turn: &mut Turn<'_>) -> Next {
        if let Err(error) = self.flush(turn.now) {
            return self.lost("Write error", &error);
        }
        for (number, piece) in early.chunks(READ).enumerate() {
            if self.echo.has_work() {
                self.echo.defer(&early[number * READ..]);
                break;
            }
            turn.scratch[RESERVE..RESERVE + piece.len()].copy_from_slice(piece);
            if self.take(piece.len(), turn) == Next::Over {
                return Next::Over;
            }
        }
        if self.account(turn.now).is_err() { Next::Over } else { Next::Again }
    }

    /// Takes note of an event of the socket; says whether to advance at once. One that waits for a turn has it with those that wait,
    /// and so has one that takes much: behind those that take little.
    pub(crate) const fn has_event(&mut self, client_has_ended: bool) -> bool {
        self.to_the_end |= client_has_ended;
        !(self.waits_for_turn || self.appetite.is_heavy())
    }

    /// Goes on until the socket has nothing more to give or to take, or others have waited long enough.
    pub(crate) fn advance(&mut self, turn: &mut Turn<'_>) -> Next {
        let next = self.take_steps(turn);
        self.appetite.after_turn(turn.spent, next == Next::Wait);
        next
    }

    fn take_steps(&mut self, turn: &mut Turn<'_>) -> Next {
        while !turn.is_spent() {
            turn.spent += STEP;
            match self.flush(turn.now) {
                Ok(true) => {}
                Ok(false) if self.reads_on() => {}
                Ok(false) => return Next::Wait,
                Err(error) => return self.lost("Write error", &error),
            }
            let next = match self.state {
                State::Open | State::Waiting if self.echo.has_work() => self.resume(turn),
                State::Open | State::Waiting => self.read(turn),
                State::Closing => {
                    // Fails only if the client is gone already.
                    let _ = self.socket.end();
                    self.enter(State::Lingering, turn.now);
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
    fn reads_on(&self) -> bool {
        let Some(reads_on) = &self.reads_on else { return false };
        self.state == State::Open && self.goodbye.is_none() && reads_on.goes_on(&self.echo, self.unsent.len())
    }

    /// Reads once.
    fn read(&mut self, turn: &mut Turn<'_>) -> Next {
        let most = most_at_once(&self.echo);
        let room = if !self.unsent.is_empty() {
            // No further than to the message's end, as far as that is known.
            self.echo.frame_left().map_or(READ_ON, |left| left.min(READ as u64) as usize)
        } else {
            most
        };
        let len = match self.socket.receive(&mut turn.scratch[RESERVE..RESERVE + room]) {
            // One that has ended its side may still read, and TLS wants an end of ours.
            Ok(0) if self.state == State::Open => {
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
        turn.spent += len * (READ / most);
        let next = self.take(len, turn);
        let emptied = self.socket.is_emptied(len, room) && !self.to_the_end;
        let has_nothing = emptied && !self.echo.has_work();
        let stalled = !self.unsent.is_empty() && !self.reads_on();
        let waits = next == Next::Again && self.state == State::Open && (has_nothing || stalled);
        if waits { Next::Wait } else { next }
    }

    /// Reads and throws away; over when the client has ended its side too.
    fn discard(&mut self, turn: &mut Turn<'_>) -> Next {
        match self.socket.receive(&mut turn.scratch[RESERVE..]) {
            Ok(len @ 1..) => {
                turn.spent += len;
                Next::Again
            }
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
        if let Some(goodbye) = self.goodbye.filter(|_| self.echo.has_left()) {
            let code = goodbye.code();
            self.unsent.extend(&encode_close(code, goodbye.reason()));
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
                self.place.metrics().fault(fault);
                self.unsent.extend(&encode_close(code, &fault.to_string()));
                self.ended = Ended { code, by: By::Server };
                self.enter(State::Closing, now);
            }
        }
    }

    /// Does what is due because of the time, if anything is.
    pub(crate) fn tick(&mut self, turn: &mut Turn<'_>) -> Next {
        self.report();
        if self.watch.is_stalled() {
            // No event tells of a client that reads slowly: a socket can be written to again when a third of its buffer is free.
            match self.flush(turn.now) {
                Ok(true) => return self.advance(turn),
                Ok(false) => {}
                Err(error) => return self.lost("Write error", &error),
            }
        }
        match self.watch.due(turn.now, self.place.timeouts()) {
            None => return Next::Wait,
            Some(Order::Ping) if self.echo.at_boundary() => self.unsent.extend(&PING),
            Some(Order::Ping) => {}
            // Not when that has made much wait before: one message at a time.
            Some(Order::ReadOn) if self.unsent.len() > 2 * READ => {}
            Some(Order::ReadOn) => self.reads_on = ReadOn::to_the_end_of_the_message(&self.echo),
            Some(Order::Drop(why)) => {
                let why = match why {
                    Why::NoPong if !self.echo.at_boundary() => Why::SilentWithinFrame,
                    why => why,
                };
                if self.state == State::Open {
                    warn!(id = self.place.id, "Dropped: {why}");
                }
                return Next::Over;
            }
        }
        self.advance(turn)
    }

    /// Tells the metrics what has gone through since the last time.
    fn report(&mut self) {
        let (tally, all_sent) = (self.echo.tally(), self.unsent.is_empty());
        if !self.reported.as_deref().copied().unwrap_or_default().is(tally, all_sent) {
            self.reported.get_or_insert_default().update(self.place.metrics(), tally, all_sent);
            // With its first report it takes a little more.
            let _ = self.place.hold(self.held());
        }
    }

    /// Closes the connection because the server stops.
    pub(crate) fn go_away(&mut self, turn: &mut Turn<'_>) -> Next {
        self.watch.leaves(turn.now);
        self.leave(Goodbye::Stopping, turn.now);
        self.advance(turn)
    }

    /// Closes from this side, behind all that was read; within a frame that flows through, at its end.
    fn leave(&mut self, why: Goodbye, now: Tick) {
        // A connection that is closing already has nothing more to say.
        if self.state == State::Open {
            self.goodbye.get_or_insert(why);
            match why {
                Goodbye::Stopping => self.echo.leave(),
                Goodbye::NoMemory => self.echo.leave_at_once(),
            }
            self.note_end(now);
        }
    }

    fn enter(&mut self, state: State, now: Tick) {
        self.state = state;
        self.watch.closes(now);
    }

    fn held(&self) -> usize {
        let reported = if self.reported.is_some() { size_of::<Reported>() } else { 0 };
        let inflating = if self.echo.inflates() { INFLATER } else { 0 };
        let own = size_of::<Self>() + OVERHEAD + reported + inflating;
        own + self.echo.held() + self.unsent.capacity() + self.socket.held()
    }

    /// Tells the registry what is held. The connection that asks for more than there is has to go: at once if it does not read,
    /// for then it would not read a Close frame either.
    fn account(&mut self, now: Tick) -> Result<(), OutOfMemory> {
        let held = self.held();
        let answer = self.place.hold(held);
        if answer.is_err() {
            warn!(id = self.place.id, held, "Out of memory for unfinished messages and unread answers");
            if !self.unsent.is_empty() {
                return answer;
            }
            self.leave(Goodbye::NoMemory, now);
            let _ = self.place.hold(self.held());
        }
        Ok(())
    }

    fn lost(&self, what: &str, error: &io::Error) -> Next {
        if self.state == State::Open {
            warn!(id = self.place.id, "{what}: {error}");
        }
        Next::Over
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.report();
        let open = self.began.elapsed();
        self.place.metrics().closed(self.ended, open);
        let tally = self.echo.tally();
        info!(
            id = self.place.id,
            peer = self.peer.map(|peer| tracing::field::display(SocketAddr::from(peer))),
            client = self.place.forwarded().map(tracing::field::display),
            code = self.ended.code.0,
            by = self.ended.by.name(),
            messages = tally.messages(),
            bytes = tally.bytes(),
            duration_ms = open.as_millis() as u64,
            "Disconnect."
        );
    }
}
