//! An event loop: a thread with its connections, a buffer that all of them read into, a run queue and a clock.
//!
//! The echo has event loops of its own, beside the HTTP server's, for its speed and its memory: as a task of tokio, a connection takes
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
    admission::connections::Permit,
    event_loop::{
        clock::Clock,
        connection::Connection,
        scheduler::{Next, READ, RunQueue, Turn, Usage},
        socket::{ClientSocket, Socket},
    },
    tap::recorder::Tapped,
};

/// The token of the event loop's waker. The token of a connection is its key in the slab.
pub(crate) const WAKE: Token = Token(usize::MAX);

/// The most events that are taken from the system at a time.
const EVENTS: usize = 1024;

/// A connection that was admitted, on its way to its event loop.
pub(crate) struct Arrival {
    pub(crate) socket: ClientSocket,
    pub(crate) echo: Echo,
    /// The head of the answer to the handshake.
    pub(crate) response: Vec<u8>,
    /// Bytes that came with the handshake.
    pub(crate) early: Bytes,
    pub(crate) permit: Permit,
    pub(crate) peer: Option<SocketAddr>,
    /// The moment at which the head of the handshake was complete.
    pub(crate) requested_at: Instant,
    /// The tap of the connection. Boxed, since few have one.
    pub(crate) tap: Option<Box<Tapped>>,
}

/// A command to an event loop.
pub(crate) enum Command {
    /// Serve a connection.
    Serve(Box<Arrival>),
    /// Close all connections, spread over this time, and each that still arrives at once: the server shuts down.
    ShutDown(Duration),
    /// Drop all connections, and end the thread.
    End,
}

/// The state of the thread.
pub(crate) struct EventLoop {
    poll: Poll,
    commands: Receiver<Command>,
    /// The number of connections that it has or is about to get, for the choice of a thread.
    load: Arc<AtomicUsize>,
    connections: Slab<Scheduled>,
    queue: RunQueue,
    scratch: Box<[u8]>,
    clock: Clock,
    shutdown: Option<Shutdown>,
}

/// A connection, and the state that the scheduler has of it.
struct Scheduled {
    connection: Box<Connection>,
    usage: Usage,
    is_queued: bool,
}

/// The shutdown closes the connections one after the other, in the order of their keys.
struct Shutdown {
    began: Instant,
    spread: Duration,
    /// The number of keys when it began. Later connections are closed when they arrive.
    keys: usize,
    /// Connections before this key were closed.
    next: usize,
}

impl Shutdown {
    /// Interval at which some connections are closed.
    const STEP: Duration = Duration::from_millis(10);

    /// Returns the key before which all connections are to be closed by now.
    fn due(&self) -> usize {
        let elapsed = self.began.elapsed();
        if elapsed >= self.spread {
            return self.keys;
        }
        // Rounded up, so that the first one is closed at once.
        (self.keys as f64 * elapsed.as_secs_f64() / self.spread.as_secs_f64()).ceil() as usize
    }

    fn is_over(&self) -> bool {
        self.next == self.keys
    }
}

impl EventLoop {
    pub(crate) fn new(poll: Poll, commands: Receiver<Command>, load: Arc<AtomicUsize>) -> Self {
        Self {
            poll,
            commands,
            load,
            connections: Slab::new(),
            queue: RunQueue::default(),
            scratch: vec![0; RESERVE + READ].into_boxed_slice(),
            clock: Clock::new(),
            shutdown: None,
        }
    }

    /// Serves until [`Command::End`].
    pub(crate) fn run(mut self) {
        let mut events = Events::with_capacity(EVENTS);
        // A clock counts the processor time of the thread that makes it.
        self.clock = Clock::new();
        loop {
            match self.poll.poll(&mut events, self.poll_timeout()) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                // Without events no connection can be served, and all of them would wait forever.
                Err(error) => return error!("A worker cannot wait for events: {error}"),
                Ok(()) => {}
            }
            let mut has_commands = false;
            for event in &events {
                if event.token() == WAKE {
                    has_commands = true;
                } else {
                    self.handle_event(event.token().0, event.is_read_closed() || event.is_error());
                }
            }
            self.run_queue();
            if has_commands && !self.handle_commands() {
                return;
            }
            self.step_shutdown();
            if self.clock.advance() {
                self.for_each(Connection::tick);
            }
        }
    }

    /// Returns the time to wait for an event at most.
    fn poll_timeout(&self) -> Option<Duration> {
        if !self.queue.is_empty() {
            Some(Duration::ZERO)
        } else if self.shutdown.as_ref().is_some_and(|shutdown| !shutdown.is_over()) {
            Some(Shutdown::STEP)
        } else if self.connections.is_empty() {
            None
        } else {
            Some(self.clock.next_tick())
        }
    }

    /// Gives a connection a turn for an event of its socket. A heavy connection, or one that waits for a turn, has it from the run queue.
    fn handle_event(&mut self, key: usize, half_closed: bool) {
        // A connection that is gone may still have had an event.
        let Some(scheduled) = self.connections.get_mut(key) else { return };
        if half_closed {
            scheduled.connection.note_peer_half_close();
        }
        if scheduled.is_queued || scheduled.usage.is_heavy() {
            self.finish_turn(key, Next::Again);
        } else {
            self.run_turn(key, Connection::advance);
        }
    }

    /// Serves the run queue until one turn's budget is spent; then new events come first. So a small message waits for one turn at most,
    /// however much others send.
    fn run_queue(&mut self) {
        let mut spent = 0;
        while spent < READ
            && let Some(key) = self.queue.pop()
        {
            if let Some(scheduled) = self.connections.get_mut(key) {
                scheduled.is_queued = false;
            }
            spent += self.run_turn(key, Connection::advance);
        }
    }

    /// Gives a connection a turn; returns its cost. A panic ends the connection, and no other one.
    fn run_turn(&mut self, key: usize, act: impl FnOnce(&mut Connection, &mut Turn<'_>) -> Next) -> usize {
        let Some(scheduled) = self.connections.get_mut(key) else { return 0 };
        let mut turn = Turn { scratch: &mut self.scratch, now: self.clock.now(), spent: 0 };
        let next = catch_unwind(AssertUnwindSafe(|| act(&mut scheduled.connection, &mut turn)));
        let (next, spent) = (next.unwrap_or(Next::Over), turn.spent);
        // A tick that did nothing is not counted: it would end the use since the last pause.
        if spent > 0 {
            scheduled.usage.add(spent, next == Next::Wait);
        }
        self.finish_turn(key, next);
        spent
    }

    fn finish_turn(&mut self, key: usize, next: Next) {
        match next {
            Next::Wait => {}
            Next::Again => {
                let Some(scheduled) = self.connections.get_mut(key) else { return };
                if !std::mem::replace(&mut scheduled.is_queued, true) {
                    self.queue.push(key);
                }
            }
            Next::Over => {
                self.connections.remove(key);
                self.load.fetch_sub(1, Ordering::Relaxed);
                // The slab shrinks after a crowd has gone.
                if self.connections.capacity() > 64
                    && self.connections.len() < self.connections.capacity() / 4
                {
                    self.connections.shrink_to_fit();
                }
            }
        }
    }

    /// Handles the commands that have come. False if the thread is to end.
    fn handle_commands(&mut self) -> bool {
        while let Ok(command) = self.commands.try_recv() {
            match command {
                Command::Serve(arrival) => self.serve(*arrival),
                Command::ShutDown(spread) => {
                    // The highest used key and not the slab's capacity: unused keys at the end would let the last close come long before
                    // the time is over.
                    let keys = self.connections.iter().next_back().map_or(0, |(key, _)| key + 1);
                    self.shutdown = Some(Shutdown { began: Instant::now(), spread, keys, next: 0 });
                }
                Command::End => return false,
            }
        }
        true
    }

    /// Begins to serve a connection.
    fn serve(&mut self, arrival: Arrival) {
        let Arrival { socket, echo, response, early, permit, peer, requested_at, tap } = arrival;
        permit.metrics().handshake_took(requested_at.elapsed());
        let entry = self.connections.vacant_entry();
        let key = entry.key();
        let socket = match Socket::register(socket, self.poll.registry(), Token(key)) {
            Ok(socket) => socket,
            Err(error) => {
                self.load.fetch_sub(1, Ordering::Relaxed);
                return warn!(id = permit.id, "Upgrade error: cannot wait for the socket's events: {error}");
            }
        };
        let now = self.clock.now();
        let connection = Box::new(Connection::new(socket, echo, response, permit, peer, tap, now));
        entry.insert(Scheduled { connection, usage: Usage::default(), is_queued: false });
        let shuts_down = self.shutdown.is_some();
        self.run_turn(key, |connection, turn| match connection.start(&early, turn) {
            Next::Over => Next::Over,
            _ if shuts_down => connection.shut_down(turn),
            _ => connection.advance(turn),
        });
    }

    /// Closes the connections whose moment in the shutdown has come.
    fn step_shutdown(&mut self) {
        let Some(shutdown) = &mut self.shutdown else { return };
        let due = shutdown.due();
        for key in std::mem::replace(&mut shutdown.next, due)..due {
            self.run_turn(key, Connection::shut_down);
        }
    }

    fn for_each(&mut self, act: impl Fn(&mut Connection, &mut Turn<'_>) -> Next) {
        for key in 0..self.connections.capacity() {
            self.run_turn(key, &act);
        }
    }
}
