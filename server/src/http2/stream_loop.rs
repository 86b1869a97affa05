//! The event loop of the WebSockets of the echo on streams of HTTP/2. It is a task of the thread that reads and writes their connections.
//!
//! A waker puts the key of its stream into a list and wakes the task, which gives the streams of the list their turns by the same rules as
//! the event loops of sockets do.

use std::{
    cell::RefCell,
    future::poll_fn,
    mem,
    net::SocketAddr,
    pin::Pin,
    rc::Rc,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Wake, Waker},
    time::{Duration, Instant},
};

use actix_web::{rt, web::Bytes};
use tokio::time::{Sleep, sleep};
use tokio_util::sync::CancellationToken;
use ws_echo_engine::Echo;

use super::stream::Stream;
use crate::{
    admission::connections::{Connections, Permit},
    event_loop::{
        connection::Connection,
        scheduler::{Next, Turn},
        turns::Turns,
    },
    tap::recorder::Tapped,
};

/// The event loop of a thread.
pub(crate) struct StreamLoop(Rc<Shared>);

struct Shared {
    turns: RefCell<Option<Turns<Stream>>>,
    ready: Arc<Ready>,
    shutdown: CancellationToken,
    /// The time over which the connections are closed in a shutdown.
    spread: Duration,
}

/// A stream whose handshake was answered.
pub(super) struct Arrival {
    pub(super) stream: Stream,
    pub(super) echo: Echo,
    pub(super) permit: Permit,
    pub(super) peer: Option<SocketAddr>,
    /// The moment at which the head of the handshake was complete.
    pub(super) requested_at: Instant,
    pub(super) tap: Option<Box<Tapped>>,
}

/// The streams that were woken.
#[derive(Default)]
struct Ready(Mutex<State>);

#[derive(Default)]
struct State {
    keys: Vec<usize>,
    /// The waker of the task.
    task: Option<Waker>,
}

/// The waker of a stream.
struct StreamWaker {
    key: usize,
    ready: Arc<Ready>,
}

impl Ready {
    fn lock(&self) -> MutexGuard<'_, State> {
        // No code panics while it holds the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Moves the keys of the streams that were woken into an empty list, and wakes the task for the next ones.
    fn take(&self, keys: &mut Vec<usize>, task: &Waker) {
        let mut state = self.lock();
        if !state.task.as_ref().is_some_and(|waiting| waiting.will_wake(task)) {
            state.task = Some(task.clone());
        }
        mem::swap(&mut state.keys, keys);
    }
}

impl Wake for StreamWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        let mut state = self.ready.lock();
        state.keys.push(self.key);
        // The first key wakes the task, and the others are taken with it.
        let task = state.task.take();
        drop(state);
        if let Some(task) = task {
            task.wake();
        }
    }
}

impl StreamLoop {
    /// An event loop for this thread, without streams. `spread` is the time over which they are closed in a shutdown.
    pub(crate) fn new(connections: &Connections, spread: Duration) -> Self {
        let (ready, shutdown) = (Arc::default(), connections.shutdown_token());
        Self(Rc::new(Shared { turns: RefCell::default(), ready, shutdown, spread }))
    }

    /// Begins to serve a stream.
    pub(super) fn serve(&self, arrival: Arrival) {
        let Arrival { mut stream, echo, permit, peer, requested_at, tap } = arrival;
        permit.metrics().handshake_took(requested_at.elapsed());
        let mut turns = self.0.turns.borrow_mut();
        let turns = turns.get_or_insert_with(|| {
            rt::spawn(run(Rc::clone(&self.0)));
            Turns::new(None)
        });
        let key = turns.next_key();
        stream.set_waker(Arc::new(StreamWaker { key, ready: Arc::clone(&self.0.ready) }).into());
        let now = turns.clock().now();
        // The head of the answer was sent before.
        turns.serve(Connection::new(stream, echo, Vec::new(), permit, peer, tap, now), &Bytes::new());
        // The task waits for no tick while there are no streams.
        if let Some(task) = self.0.ready.lock().task.take() {
            task.wake();
        }
    }
}

/// Runs the event loop.
async fn run(shared: Rc<Shared>) {
    let mut shutdown = Box::pin(shared.shutdown.clone().cancelled_owned());
    let mut shuts_down = false;
    let mut timer = Box::pin(sleep(Duration::ZERO));
    let mut keys = Vec::new();
    poll_fn(|cx| {
        // Registered first: a stream may be woken at any moment from now on.
        shared.ready.take(&mut keys, cx.waker());
        let mut turns = shared.turns.borrow_mut();
        let Some(turns) = &mut *turns else { return Poll::Ready(()) };
        for key in keys.drain(..) {
            turns.handle_event(key, false);
        }
        turns.run_queue();
        if !shuts_down && shutdown.as_mut().poll(cx).is_ready() {
            shuts_down = true;
            turns.shut_down(shared.spread);
            timer = Box::pin(sleep(Duration::ZERO));
        }
        turns.step_shutdown();
        turns.tick(tick);
        if turns.has_queued() {
            cx.waker().wake_by_ref();
        } else if let Some(interval) = turns.shutdown_interval() {
            wait(&mut timer, interval, cx);
        } else if !turns.is_empty() {
            wait(&mut timer, turns.clock().next_tick(), cx);
        }
        Poll::Pending
    })
    .await;
}

/// Wakes the task when the timer ends, which is set to `time` from now if it has ended.
fn wait(timer: &mut Pin<Box<Sleep>>, time: Duration, cx: &mut Context<'_>) {
    if timer.as_mut().poll(cx).is_ready() {
        timer.set(sleep(time));
        if timer.as_mut().poll(cx).is_ready() {
            cx.waker().wake_by_ref();
        }
    }
}

/// Ends a stream whose client does not end its side, and lets every other one do what is due.
fn tick(connection: &mut Connection<Stream>, turn: &mut Turn<'_>) -> Next {
    if connection.transport().has_lingered() { Next::Over } else { connection.tick(turn) }
}
