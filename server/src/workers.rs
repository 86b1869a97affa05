//! The threads of the native engine, and which of them a connection goes to.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc::{Sender, channel},
    },
    thread::{Builder, JoinHandle},
};

use mio::{Poll, Waker};
use tracing::error;

use crate::worker::{Arrival, INBOX, Message, Worker};

/// The running threads. When this is dropped, they drop their connections and end.
pub(crate) struct Workers {
    doors: Doors,
    threads: Vec<JoinHandle<()>>,
}

/// Where connections are handed over. Cloning gives another handle to the same threads.
#[derive(Clone)]
pub(crate) struct Doors(Arc<[Door]>);

struct Door {
    inbox: Sender<Message>,
    waker: Waker,
    load: Arc<AtomicUsize>,
}

impl Workers {
    /// Starts so many threads.
    pub(crate) fn start(count: usize) -> io::Result<Self> {
        let mut doors = Vec::new();
        let mut threads = Vec::new();
        for number in 0..count {
            let poll = Poll::new()?;
            let waker = Waker::new(poll.registry(), INBOX)?;
            let (inbox, messages) = channel();
            let load = Arc::new(AtomicUsize::new(0));
            let worker = Worker::new(poll, messages, Arc::clone(&load));
            doors.push(Door { inbox, waker, load });
            threads.push(Builder::new().name(format!("echo-{number}")).spawn(move || worker.run())?);
        }
        Ok(Self { doors: Doors(doors.into()), threads })
    }

    pub(crate) fn doors(&self) -> Doors {
        self.doors.clone()
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.doors.tell_all(|| Message::End);
        for thread in self.threads.drain(..) {
            // A thread that panicked has said so.
            let _ = thread.join();
        }
    }
}

impl Doors {
    /// Hands a connection to the thread that has the fewest.
    pub(crate) fn hand_over(&self, arrival: Arrival) {
        if let Some(door) = self.0.iter().min_by_key(|door| door.load.load(Ordering::Relaxed)) {
            door.load.fetch_add(1, Ordering::Relaxed);
            door.tell(Message::Arrival(Box::new(arrival)));
        }
    }

    /// Closes every connection with 1001, and each that still arrives.
    pub(crate) fn go_away(&self) {
        self.tell_all(|| Message::GoAway);
    }

    fn tell_all(&self, message: impl Fn() -> Message) {
        self.0.iter().for_each(|door| door.tell(message()));
    }
}

impl Door {
    /// A thread that has ended takes no message; whoever is in it is let go.
    fn tell(&self, message: Message) {
        if self.inbox.send(message).is_ok()
            && let Err(error) = self.waker.wake()
        {
            error!("A worker cannot be woken: {error}");
        }
    }
}
