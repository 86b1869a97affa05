//! The connections of an event loop, and their turns.
//!
//! An event loop waits for events and hands them to [`Turns`], which decides which connection goes on: at once, or from the run queue.
//! The same code serves connections with a socket of their own and streams of HTTP/2.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use actix_web::web::Bytes;
use slab::Slab;
use ws_echo_engine::RESERVE;

use crate::event_loop::{
    clock::Clock,
    connection::Connection,
    scheduler::{Next, READ, RunQueue, Turn, Usage},
    transport::Transport,
};

/// Connections, a buffer that all of them read into, a run queue and a clock.
pub(crate) struct Turns<T: Transport> {
    connections: Slab<Scheduled<T>>,
    queue: RunQueue,
    scratch: Box<[u8]>,
    clock: Clock,
    shutdown: Option<Shutdown>,
    /// The number of connections that it has or is about to get, where an event loop is chosen by it.
    load: Option<Arc<AtomicUsize>>,
}

/// A connection, and the state that the scheduler has of it.
struct Scheduled<T: Transport> {
    connection: Box<Connection<T>>,
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

impl<T: Transport> Turns<T> {
    /// Turns without connections, for an event loop in this thread: the clock counts the processor time of it.
    pub(crate) fn new(load: Option<Arc<AtomicUsize>>) -> Self {
        Self {
            connections: Slab::new(),
            queue: RunQueue::default(),
            scratch: vec![0; RESERVE + READ].into_boxed_slice(),
            clock: Clock::new(),
            shutdown: None,
            load,
        }
    }

    /// Returns the key that the next connection will have.
    pub(crate) fn next_key(&mut self) -> usize {
        self.connections.vacant_entry().key()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.connections.is_empty()
    }

    /// True if a connection waits in the run queue.
    pub(crate) fn has_queued(&self) -> bool {
        !self.queue.is_empty()
    }

    pub(crate) const fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Begins to serve a connection, which gets the [`next_key`](Self::next_key). `early` are the bytes that came with the handshake.
    pub(crate) fn serve(&mut self, connection: Connection<T>, early: &Bytes) {
        let (connection, usage) = (Box::new(connection), Usage::default());
        let key = self.connections.insert(Scheduled { connection, usage, is_queued: false });
        let shuts_down = self.shutdown.is_some();
        self.run_turn(key, |connection, turn| match connection.start(early, turn) {
            Next::Over => Next::Over,
            _ if shuts_down => connection.shut_down(turn),
            _ => connection.advance(turn),
        });
    }

    /// Gives a connection a turn for an event of its transport. A heavy connection, or one that waits for a turn, has it from the run queue.
    pub(crate) fn handle_event(&mut self, key: usize, half_closed: bool) {
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
    pub(crate) fn run_queue(&mut self) {
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
    fn run_turn(&mut self, key: usize, act: impl FnOnce(&mut Connection<T>, &mut Turn<'_>) -> Next) -> usize {
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
                if let Some(load) = &self.load {
                    load.fetch_sub(1, Ordering::Relaxed);
                }
                // The slab shrinks after a crowd has gone.
                if self.connections.capacity() > 64
                    && self.connections.len() < self.connections.capacity() / 4
                {
                    self.connections.shrink_to_fit();
                }
            }
        }
    }

    /// Closes all connections, spread over this time, and each that is served from now on at once.
    pub(crate) fn shut_down(&mut self, spread: Duration) {
        // The highest used key and not the slab's capacity: unused keys at the end would let the last close come long before the time is
        // over.
        let keys = self.connections.iter().next_back().map_or(0, |(key, _)| key + 1);
        self.shutdown = Some(Shutdown { began: Instant::now(), spread, keys, next: 0 });
    }

    /// Returns the interval at which [`step_shutdown`](Self::step_shutdown) is to be called. None if the shutdown has not begun, or has
    /// closed all connections.
    pub(crate) fn shutdown_interval(&self) -> Option<Duration> {
        self.shutdown.as_ref().filter(|shutdown| !shutdown.is_over()).map(|_| Shutdown::STEP)
    }

    /// Closes the connections whose moment in the shutdown has come.
    pub(crate) fn step_shutdown(&mut self) {
        let Some(shutdown) = &mut self.shutdown else { return };
        let due = shutdown.due();
        for key in std::mem::replace(&mut shutdown.next, due)..due {
            self.run_turn(key, Connection::shut_down);
        }
    }

    /// Lets each connection act if the clock has ticked.
    pub(crate) fn tick(&mut self, act: impl Fn(&mut Connection<T>, &mut Turn<'_>) -> Next) {
        if self.clock.advance() {
            for key in 0..self.connections.capacity() {
                self.run_turn(key, &act);
            }
        }
    }
}
