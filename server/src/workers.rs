//! The threads of the native engine, and which of them a connection goes to.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc::{SendError, Sender, channel},
    },
    thread::{Builder, JoinHandle},
};

use mio::{Poll, Waker};
use tracing::error;

use crate::worker::{Arrival, INBOX, Mail, Worker};

/// The running threads. When this is dropped, they drop their connections and end.
pub(crate) struct Workers {
    doors: Doors,
    threads: Vec<JoinHandle<()>>,
}

/// Where connections are handed over. Cloning gives another handle to the same threads.
#[derive(Clone)]
pub(crate) struct Doors(Arc<[Door]>);

struct Door {
    inbox: Sender<Mail>,
    waker: Waker,
    load: Arc<AtomicUsize>,
}

impl Workers {
    /// Starts so many threads.
    pub(crate) fn start(count: usize) -> io::Result<Self> {
        let mut doors = Vec::new();
        let mut workers = Vec::new();
        for _ in 0..count {
            let poll = Poll::new()?;
            let waker = Waker::new(poll.registry(), INBOX)?;
            let (inbox, mail) = channel();
            let load = Arc::new(AtomicUsize::new(0));
            workers.push(Worker::new(poll, mail, Arc::clone(&load)));
            doors.push(Door { inbox, waker, load });
        }
        // Dropped on the way, this ends the threads that were started.
        let mut started = Self { doors: Doors(doors.into()), threads: Vec::new() };
        for (number, worker) in workers.into_iter().enumerate() {
            let thread = Builder::new().name(format!("echo-{number}"));
            started.threads.push(thread.spawn(move || worker.run())?);
        }
        Ok(started)
    }

    pub(crate) fn doors(&self) -> Doors {
        self.doors.clone()
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.doors.tell_all(|| Mail::End);
        for thread in self.threads.drain(..) {
            // A thread that panicked has said so.
            let _ = thread.join();
        }
    }
}

impl Doors {
    /// Hands a connection to the thread that has the fewest.
    pub(crate) fn hand_over(&self, arrival: Arrival) {
        let mut mail = Mail::Arrival(Box::new(arrival));
        for _ in 0..self.0.len() {
            let load = |door: &&Door| door.load.load(Ordering::Relaxed);
            let Some(door) = self.0.iter().min_by_key(load) else { return };
            door.load.fetch_add(1, Ordering::Relaxed);
            match door.tell(mail) {
                Ok(()) => return,
                Err(SendError(back)) => {
                    // That thread has ended, and should not look like the one with the least to do.
                    door.load.store(usize::MAX / 2, Ordering::Relaxed);
                    mail = back;
                }
            }
        }
    }

    /// Closes every connection with 1001, and each that still arrives.
    pub(crate) fn go_away(&self) {
        self.tell_all(|| Mail::GoAway);
    }

    fn tell_all(&self, mail: impl Fn() -> Mail) {
        for door in self.0.iter() {
            // Nobody is left in a thread that has ended.
            let _ = door.tell(mail());
        }
    }
}

impl Door {
    /// Fails if the thread has ended.
    fn tell(&self, mail: Mail) -> Result<(), SendError<Mail>> {
        self.inbox.send(mail)?;
        if let Err(error) = self.waker.wake() {
            error!("A worker cannot be woken: {error}");
        }
        Ok(())
    }
}
