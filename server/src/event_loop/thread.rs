//! A thread that serves connections of the native engine: an event loop, a buffer that all of them read into, and a clock.
//!
//! The echo has a loop of its own, beside the HTTP server's, for its speed and its memory: as a task of tokio a connection takes
//! four times as much memory, and a small message up to 9 % more processor time than raw TCP instead of 2 %.

use std::{
    io,
    net::SocketAddr,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc::Receiver,
    },
    time::{Duration, Instant},
};

use actix_web::web::Bytes;
use mio::{Events, Poll, Token};
use slab::Slab;
use tracing::{error, warn};
use ws_echo_engine::{Echo, RESERVE};

use crate::{
    admission::connections::Place,
    event_loop::{
        clock::Clock,
        connection::Connection,
        queue::Queue,
        scheduler::{Next, READ, Turn},
        socket::{ClientSocket, Socket},
    },
};

/// The token of the worker's waker; a connection's is its place in the slab.
pub(crate) const WAKE: Token = Token(usize::MAX);

/// How many events are taken from the system at a time.
const EVENTS: usize = 1024;

/// A connection whose handshake was read, on its way to its worker.
pub(crate) struct Arrival {
    pub(crate) socket: ClientSocket,
    pub(crate) echo: Echo,
    /// The head that answers the handshake.
    pub(crate) response: Vec<u8>,
    /// What came with the handshake.
    pub(crate) early: Bytes,
    pub(crate) place: Place,
    pub(crate) peer: Option<SocketAddr>,
    /// When the handshake's head was there.
    pub(crate) asked: Instant,
}

/// What a worker is told.
pub(crate) enum Command {
    Arrival(Box<Arrival>),
    /// Close every connection over this time, and each that still arrives: the server stops.
    GoAway(Duration),
    /// Drop every connection, and end.
    End,
}

pub(crate) struct Worker {
    poll: Poll,
    commands: Receiver<Command>,
    /// How many connections it has or is about to get, for those who send them.
    load: Arc<AtomicUsize>,
    connections: Slab<Box<Connection>>,
    /// Connections that have not finished.
    queue: Queue,
    scratch: Box<[u8]>,
    clock: Clock,
    farewell: Option<Farewell>,
}

/// The connections are closed one after the other, in the order of their places.
struct Farewell {
    began: Instant,
    spread: Duration,
    /// How many places there were when it began. Who has come since was closed at once.
    places: usize,
    /// The places before this one were told.
    next: usize,
}

impl Farewell {
    /// How often some connections are closed.
    const STEP: Duration = Duration::from_millis(10);

    /// The places before which all are to be told by now.
    fn due(&self) -> usize {
        let elapsed = self.began.elapsed();
        if elapsed >= self.spread {
            return self.places;
        }
        // Rounded up, so that the first one is told at once.
        (self.places as f64 * elapsed.as_secs_f64() / self.spread.as_secs_f64()).ceil() as usize
    }

    fn is_over(&self) -> bool {
        self.next == self.places
    }
}

impl Worker {
    pub(crate) fn new(poll: Poll, commands: Receiver<Command>, load: Arc<AtomicUsize>) -> Self {
        Self {
            poll,
            commands,
            load,
            connections: Slab::new(),
            queue: Queue::default(),
            scratch: vec![0; RESERVE + READ].into_boxed_slice(),
            clock: Clock::new(),
            farewell: None,
        }
    }

    /// Serves until it is told to end.
    pub(crate) fn run(mut self) {
        let mut events = Events::with_capacity(EVENTS);
        // It counts the processor time of the thread that it was made by.
        self.clock = Clock::new();
        loop {
            match self.poll.poll(&mut events, self.patience()) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                // Nothing can be served without events, and those who wait would wait forever.
                Err(error) => return error!("A worker cannot wait for events: {error}"),
                Ok(()) => {}
            }
            let mut has_commands = false;
            for event in &events {
                if event.token() == WAKE {
                    has_commands = true;
                } else {
                    let has_ended = event.is_read_closed() || event.is_error();
                    self.give_turn(event.token().0, |connection, turn| {
                        if connection.has_event(has_ended) { connection.advance(turn) } else { Next::Again }
                    });
                }
            }
            self.serve_queue();
            if has_commands && !self.obey() {
                return;
            }
            self.take_leave();
            self.tick();
        }
    }

    /// How long to wait for an event.
    fn patience(&self) -> Option<Duration> {
        if !self.queue.is_empty() {
            Some(Duration::ZERO)
        } else if self.farewell.as_ref().is_some_and(|farewell| !farewell.is_over()) {
            Some(Farewell::STEP)
        } else if self.connections.is_empty() {
            None
        } else {
            Some(self.clock.next_tick())
        }
    }

    /// Gives those that wait one turn, together: new events come first. So a small message waits for no more than that, however many
    /// others send without an end.
    fn serve_queue(&mut self) {
        let mut spent = 0;
        while spent < READ
            && let Some(key) = self.queue.pop()
        {
            spent += self.give_turn(key, |connection, turn| {
                connection.waits_for_turn = false;
                connection.advance(turn)
            });
        }
    }

    /// Gives a connection its turn, and lets it go when it is over; says what it has cost. A connection that panics is over, and no
    /// other one.
    fn give_turn(&mut self, key: usize, act: impl FnOnce(&mut Connection, &mut Turn<'_>) -> Next) -> usize {
        // One that is gone may still have had an event.
        let Some(connection) = self.connections.get_mut(key) else { return 0 };
        let mut turn = Turn { scratch: &mut self.scratch, now: self.clock.now(), spent: 0 };
        let next = catch_unwind(AssertUnwindSafe(|| act(connection, &mut turn)));
        let spent = turn.spent;
        match next {
            Ok(Next::Wait) => {}
            Ok(Next::Again) => {
                if !std::mem::replace(&mut connection.waits_for_turn, true) {
                    self.queue.push(key);
                }
            }
            Ok(Next::Over) | Err(_) => {
                self.connections.remove(key);
                self.load.fetch_sub(1, Ordering::Relaxed);
                // After a crowd has gone, its list goes too.
                if self.connections.capacity() > 64
                    && self.connections.len() < self.connections.capacity() / 4
                {
                    self.connections.shrink_to_fit();
                }
            }
        }
        spent
    }

    /// False if the worker is to end.
    fn obey(&mut self) -> bool {
        while let Ok(command) = self.commands.try_recv() {
            match command {
                Command::Arrival(arrival) => self.welcome(*arrival),
                Command::GoAway(spread) => {
                    // Not the room of the slab, or the last ones would be told long before the time is over.
                    let places = self.connections.iter().next_back().map_or(0, |(key, _)| key + 1);
                    self.farewell = Some(Farewell { began: Instant::now(), spread, places, next: 0 });
                }
                Command::End => return false,
            }
        }
        true
    }

    fn welcome(&mut self, arrival: Arrival) {
        let Arrival { socket, echo, response, early, place, peer, asked } = arrival;
        place.metrics().shook_hands(asked.elapsed());
        let slot = self.connections.vacant_entry();
        let key = slot.key();
        let socket = match Socket::register(socket, self.poll.registry(), Token(key)) {
            Ok(socket) => socket,
            Err(error) => {
                self.load.fetch_sub(1, Ordering::Relaxed);
                return warn!(id = place.id, "Upgrade error: cannot wait for the socket's events: {error}");
            }
        };
        slot.insert(Box::new(Connection::new(socket, echo, response, place, peer, self.clock.now())));
        let stopping = self.farewell.is_some();
        self.give_turn(key, |connection, turn| match connection.take_early(&early, turn) {
            Next::Over => Next::Over,
            _ if stopping => connection.go_away(turn),
            _ => connection.advance(turn),
        });
    }

    /// Closes those connections whose time has come.
    fn take_leave(&mut self) {
        let Some(farewell) = &mut self.farewell else { return };
        let due = farewell.due();
        for key in std::mem::replace(&mut farewell.next, due)..due {
            self.give_turn(key, Connection::go_away);
        }
    }

    /// Looks at every connection when it is time for that.
    fn tick(&mut self) {
        if self.clock.advance() {
            self.everyone(Connection::tick);
        }
    }

    fn everyone(&mut self, act: impl Fn(&mut Connection, &mut Turn<'_>) -> Next) {
        for key in 0..self.connections.capacity() {
            self.give_turn(key, &act);
        }
    }
}
