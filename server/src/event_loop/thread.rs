//! An event loop: a thread that waits for the events of sockets, and gives their connections their turns.
//!
//! The echo has event loops of its own, beside the HTTP server's, for its speed and its memory: as a task of tokio, a connection takes
//! four times as much memory, and a small message up to 9 % more processor time than raw TCP instead of 2 %.

use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc::Receiver,
    },
    time::{Duration, Instant},
};

use actix_web::web::Bytes;
use mio::{Events, Poll, Token};
use tracing::{error, warn};
use ws_echo_engine::Echo;

use crate::{
    admission::connections::Permit,
    event_loop::{
        connection::Connection,
        socket::{ClientSocket, Socket},
        turns::Turns,
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
    load: Arc<AtomicUsize>,
    turns: Turns<Socket>,
}

impl EventLoop {
    /// Serves until [`Command::End`]. `load` counts the connections, for the choice of a thread.
    pub(crate) fn run(poll: Poll, commands: Receiver<Command>, load: Arc<AtomicUsize>) {
        let mut event_loop = Self { poll, commands, turns: Turns::new(Some(Arc::clone(&load))), load };
        let mut events = Events::with_capacity(EVENTS);
        loop {
            match event_loop.poll.poll(&mut events, event_loop.poll_timeout()) {
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
                    let half_closed = event.is_read_closed() || event.is_error();
                    event_loop.turns.handle_event(event.token().0, half_closed);
                }
            }
            event_loop.turns.run_queue();
            if has_commands && !event_loop.handle_commands() {
                return;
            }
            event_loop.turns.step_shutdown();
            event_loop.turns.tick(Connection::tick);
        }
    }

    /// Returns the time to wait for an event at most.
    fn poll_timeout(&self) -> Option<Duration> {
        if self.turns.has_queued() {
            Some(Duration::ZERO)
        } else if let Some(step) = self.turns.shutdown_interval() {
            Some(step)
        } else if self.turns.is_empty() {
            None
        } else {
            Some(self.turns.clock().next_tick())
        }
    }

    /// Handles the commands that have come. False if the thread is to end.
    fn handle_commands(&mut self) -> bool {
        while let Ok(command) = self.commands.try_recv() {
            match command {
                Command::Serve(arrival) => self.serve(*arrival),
                Command::ShutDown(spread) => self.turns.shut_down(spread),
                Command::End => return false,
            }
        }
        true
    }

    /// Begins to serve a connection.
    fn serve(&mut self, arrival: Arrival) {
        let Arrival { socket, echo, response, early, permit, peer, requested_at, tap } = arrival;
        permit.metrics().handshake_took(requested_at.elapsed());
        let key = self.turns.next_key();
        let socket = match Socket::register(socket, self.poll.registry(), Token(key)) {
            Ok(socket) => socket,
            Err(error) => {
                self.load.fetch_sub(1, Ordering::Relaxed);
                return warn!(id = permit.id, "Upgrade error: cannot wait for the socket's events: {error}");
            }
        };
        let now = self.turns.clock().now();
        let connection = Connection::new(socket, echo, response, permit, peer, tap, now);
        self.turns.serve(connection, &early);
    }
}
