//! The threads of the native engine, and the choice of one for each connection.

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

use crate::event_loop::thread::{Arrival, Command, EventLoop, WAKE};

/// The running threads. Dropping it drops their connections and ends them.
pub(crate) struct EventLoops {
    dispatcher: Dispatcher,
    threads: Vec<JoinHandle<()>>,
}

/// Hands connections over to the threads. Cloning gives another handle to the same threads.
#[derive(Clone)]
pub(crate) struct Dispatcher(Arc<[Handle]>);

struct Handle {
    commands: Sender<Command>,
    waker: Waker,
    load: Arc<AtomicUsize>,
}

impl EventLoops {
    /// Starts `count` threads.
    pub(crate) fn start(count: usize) -> io::Result<Self> {
        let mut handles = Vec::new();
        let mut event_loops = Vec::new();
        for _ in 0..count {
            let poll = Poll::new()?;
            let waker = Waker::new(poll.registry(), WAKE)?;
            let (commands, received) = channel();
            let load = Arc::new(AtomicUsize::new(0));
            event_loops.push((poll, received, Arc::clone(&load)));
            handles.push(Handle { commands, waker, load });
        }
        // Dropping it on an error ends the threads that were started.
        let mut started = Self { dispatcher: Dispatcher(handles.into()), threads: Vec::new() };
        for (number, (poll, commands, load)) in event_loops.into_iter().enumerate() {
            let thread = Builder::new().name(format!("echo-{number}"));
            started.threads.push(thread.spawn(move || EventLoop::run(poll, commands, load))?);
        }
        Ok(started)
    }

    pub(crate) fn dispatcher(&self) -> Dispatcher {
        self.dispatcher.clone()
    }
}

impl Drop for EventLoops {
    fn drop(&mut self) {
        self.dispatcher.send_all(|| Command::End);
        for thread in self.threads.drain(..) {
            // A panic of the thread is in the log already.
            let _ = thread.join();
        }
    }
}

impl Dispatcher {
    /// Hands a connection to the thread with the fewest connections.
    pub(crate) fn dispatch(&self, arrival: Arrival) {
        let mut command = Command::Serve(Box::new(arrival));
        for _ in 0..self.0.len() {
            let load = |handle: &&Handle| handle.load.load(Ordering::Relaxed);
            let Some(handle) = self.0.iter().min_by_key(load) else { return };
            handle.load.fetch_add(1, Ordering::Relaxed);
            match handle.send(command) {
                Ok(()) => return,
                Err(SendError(back)) => {
                    // The thread has ended, and must not look like the one with the fewest connections.
                    handle.load.store(usize::MAX / 2, Ordering::Relaxed);
                    command = back;
                }
            }
        }
    }

    /// Closes all connections with 1001, spread over this time, and each that still arrives at once.
    pub(crate) fn shut_down(&self, spread: Duration) {
        self.send_all(|| Command::ShutDown(spread));
    }

    fn send_all(&self, command: impl Fn() -> Command) {
        for handle in self.0.iter() {
            // A thread that has ended has no connections.
            let _ = handle.send(command());
        }
    }
}

impl Handle {
    /// Sends a command; fails if the thread has ended.
    fn send(&self, command: Command) -> Result<(), SendError<Command>> {
        self.commands.send(command)?;
        if let Err(error) = self.waker.wake() {
            error!("A worker cannot be woken: {error}");
        }
        Ok(())
    }
}
