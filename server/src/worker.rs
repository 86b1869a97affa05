//! The clock of a worker thread: a coarse tick that looks at the connections of the native engine, so that none of them needs a
//! timer of its own and the hot path never asks for the time.

use std::{
    cell::{Cell, RefCell},
    fmt,
    rc::Rc,
    task::Waker,
    time::Duration,
};

use actix_web::rt;
use tokio_util::sync::CancellationToken;

use crate::{connections::Place, timeouts::Timeouts};

/// How often a worker looks at its connections.
const TICK: Duration = Duration::from_millis(250);

thread_local! {
    static WORKER: Worker = const { Worker { now: Cell::new(0), links: RefCell::new(Vec::new()), ticking: Cell::new(false) } };
}

/// The connections of this thread.
struct Worker {
    /// In ticks.
    now: Cell<u32>,
    links: RefCell<Vec<Rc<Link>>>,
    ticking: Cell<bool>,
}

/// What a connection is told by its worker.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Order {
    /// Send a ping: the client has been silent.
    Ping,
    /// Read on to the end of the message, though the client does not take its answer.
    ReadOn,
    /// Send a Close frame, for the server stops, and wait for the answer.
    GoAway,
    /// End at once.
    Drop(Why),
}

/// Why a connection is to end at once.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Why {
    NotClosed,
    NotRead,
    NoPong,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotClosed => "the client did not close in time",
            Self::NotRead => "the client does not read its answers",
            Self::NoPong => "the client does not answer pings",
        })
    }
}

/// As much of a connection's state as the worker needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    Open,
    Closing,
}

/// What a connection and its worker know of each other.
pub(crate) struct Link {
    index: Cell<usize>,
    waker: RefCell<Option<Waker>>,
    order: Cell<Option<Order>>,
    phase: Cell<Phase>,
    /// When the phase began, something was read last, and an unsent answer began to wait, in ticks.
    since: Cell<u32>,
    read: Cell<u32>,
    stalled: Cell<Option<u32>>,
    reads_on: Cell<bool>,
    pinged: Cell<bool>,
}

/// A connection's place with its worker; dropped with the connection.
pub(crate) struct Registration(Rc<Link>);

impl Registration {
    /// Registers with the worker of this thread, and starts its tick if it is the first one.
    pub(crate) fn new(place: &Place) -> Self {
        WORKER.with(|worker| {
            let now = worker.now.get();
            let link = Rc::new(Link {
                index: Cell::new(worker.links.borrow().len()),
                waker: RefCell::new(None),
                order: Cell::new(None),
                phase: Cell::new(Phase::Open),
                since: Cell::new(now),
                read: Cell::new(now),
                stalled: Cell::new(None),
                reads_on: Cell::new(false),
                pinged: Cell::new(false),
            });
            worker.links.borrow_mut().push(Rc::clone(&link));
            if !worker.ticking.replace(true) {
                rt::spawn(tick(place.stop.clone(), place.timeouts()));
            }
            // The server may have begun to stop since the connection was let in.
            if place.stop.is_cancelled() {
                link.order.set(Some(Order::GoAway));
            }
            Self(link)
        })
    }

    pub(crate) fn link(&self) -> &Link {
        &self.0
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        WORKER.with(|worker| {
            let mut links = worker.links.borrow_mut();
            let index = self.0.index.get();
            links.swap_remove(index);
            if let Some(moved) = links.get(index) {
                moved.index.set(index);
            }
            // After a crowd has gone, its list goes too.
            if links.capacity() > 64 && links.len() < links.capacity() / 4 {
                links.shrink_to_fit();
            }
        });
    }
}

/// Runs as long as the worker has connections.
async fn tick(stop: CancellationToken, timeouts: Timeouts) {
    let mut interval = tokio::time::interval(TICK);
    let mut stopping = false;
    loop {
        tokio::select! {
            _ = interval.tick() => {}
            () = stop.cancelled(), if !stopping => {
                stopping = true;
                // A connection's future is polled later, so the list cannot change meanwhile.
                WORKER.with(|worker| worker.links.borrow().iter().for_each(|link| link.give(Order::GoAway)));
                continue;
            }
        }
        let goes_on = WORKER.with(|worker| {
            worker.now.set(worker.now.get().wrapping_add(1));
            let links = worker.links.borrow();
            for link in links.iter() {
                if let Some(order) = link.due(worker.now.get(), timeouts) {
                    link.give(order);
                }
            }
            worker.ticking.set(!links.is_empty());
            !links.is_empty()
        });
        if !goes_on {
            return;
        }
    }
}

impl Link {
    /// Remembers whom to wake; a task's waker is always the same.
    pub(crate) fn woken_by(&self, waker: &Waker) {
        let mut own = self.waker.borrow_mut();
        if own.is_none() {
            *own = Some(waker.clone());
        }
    }

    pub(crate) fn take_order(&self) -> Option<Order> {
        self.order.take()
    }

    pub(crate) fn has_read(&self) {
        self.read.set(now());
        self.pinged.set(false);
    }

    /// The socket takes no more of what is unsent.
    pub(crate) fn stalls(&self) {
        if self.stalled.get().is_none() {
            self.stalled.set(Some(now()));
        }
    }

    /// The socket took a part of what is unsent.
    pub(crate) fn has_sent(&self) {
        self.stalled.set(None);
    }

    /// Nothing is unsent.
    pub(crate) fn flows(&self) {
        self.stalled.set(None);
        self.reads_on.set(false);
        // While it stalled, nothing was read: that was not the client's silence.
        self.read.set(now());
    }

    pub(crate) fn enter(&self, phase: Phase) {
        if self.phase.replace(phase) != phase {
            self.since.set(now());
        }
    }

    fn give(&self, order: Order) {
        self.order.set(Some(order));
        if let Some(waker) = self.waker.borrow().as_ref() {
            waker.wake_by_ref();
        }
    }

    /// What the connection is to do now.
    fn due(&self, now: u32, timeouts: Timeouts) -> Option<Order> {
        let past = |since: u32, time: Duration| TICK * now.wrapping_sub(since) >= time;
        let Timeouts { idle, pong, write_stall, reads_first, close } = timeouts;
        if self.phase.get() == Phase::Closing {
            return past(self.since.get(), close).then_some(Order::Drop(Why::NotClosed));
        }
        if let Some(since) = self.stalled.get() {
            if past(since, write_stall) {
                return Some(Order::Drop(Why::NotRead));
            }
            return (past(since, reads_first) && !self.reads_on.replace(true)).then_some(Order::ReadOn);
        }
        if past(self.read.get(), idle + pong) {
            return Some(Order::Drop(Why::NoPong));
        }
        (past(self.read.get(), idle) && !self.pinged.replace(true)).then_some(Order::Ping)
    }
}

fn now() -> u32 {
    WORKER.with(|worker| worker.now.get())
}
