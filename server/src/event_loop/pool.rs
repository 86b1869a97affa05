//! The threads of the native engine, and which of them a connection goes to.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc::{SendError, Sender, channel},
    },
    thread::{Builder, JoinHandle},
    time::Duration,
};

use mio::{Poll, Waker};
use tracing::error;

use crate::event_loop::thread::{Arrival, Command, WAKE, Worker};

/// The running threads. When this is dropped, they drop their connections and end.
pub(crate) struct Workers {
    dispatcher: Dispatcher,
    threads: Vec<JoinHandle<()>>,
}

/// Where connections are handed over. Cloning gives another handle to the same threads.
#[derive(Clone)]
pub(crate) struct Dispatcher(Arc<[Handle]>);

struct Handle {
    commands: Sender<Command>,
    waker: Waker,
    load: Arc<AtomicUsize>,
}

impl Workers {
    /// Starts so many threads.
    pub(crate) fn start(count: usize) -> io::Result<Self> {
        let mut handles = Vec::new();
        let mut workers = Vec::new();
        for _ in 0..count {
            let poll = Poll::new()?;
            let waker = Waker::new(poll.registry(), WAKE)?;
            let (commands, received) = channel();
            let load = Arc::new(AtomicUsize::new(0));
            workers.push(Worker::new(poll, received, Arc::clone(&load)));
            handles.push(Handle { commands, waker, load });
        }
        // Dropped on the way, this ends the threads that were started.
        let mut started = Self { dispatcher: Dispatcher(handles.into()), threads: Vec::new() };
        for (number, worker) in workers.into_iter().enumerate() {
            let thread = Builder::new().name(format!("echo-{number}"));
            started.threads.push(thread.spawn(move || worker.run())?);
        }
        Ok(started)
    }

    pub(crate) fn dispatcher(&self) -> Dispatcher {
        self.dispatcher.clone()
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.dispatcher.tell_all(|| Command::End);
        for thread in self.threads.drain(..) {
            // A thread that panicked has said so.
            let _ = thread.join();
        }
    }
}

impl Dispatcher {
    /// Hands a connection to the thread that has the fewest.
    pub(crate) fn dispatch(&self, arrival: Arrival) {
        let mut command = Command::Arrival(Box::new(arrival));
        for _ in 0..self.0.len() {
            let load = |handle: &&Handle| handle.load.load(Ordering::Relaxed);
            let Some(handle) = self.0.iter().min_by_key(load) else { return };
            handle.load.fetch_add(1, Ordering::Relaxed);
            match handle.tell(command) {
                Ok(()) => return,
                Err(SendError(back)) => {
                    // That thread has ended, and should not look like the one with the least to do.
                    handle.load.store(usize::MAX / 2, Ordering::Relaxed);
                    command = back;
                }
            }
        }
    }

    /// Closes every connection with 1001, over this time, and each that still arrives.
    pub(crate) fn go_away(&self, spread: Duration) {
        self.tell_all(|| Command::GoAway(spread));
    }

    fn tell_all(&self, command: impl Fn() -> Command) {
        for handle in self.0.iter() {
            // Nobody is left in a thread that has ended.
            let _ = handle.tell(command());
        }
    }
}

impl Handle {
    /// Fails if the thread has ended.
    fn tell(&self, command: Command) -> Result<(), SendError<Command>> {
        self.commands.send(command)?;
        if let Err(error) = self.waker.wake() {
            error!("A worker cannot be woken: {error}");
        }
        Ok(())
    }
}
