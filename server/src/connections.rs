//! Who is connected, and how the server tells all of them that it stops.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio_util::{
    sync::CancellationToken,
    task::{TaskTracker, task_tracker::TaskTrackerToken},
};
use ws_echo_shared::limits;

use crate::timeouts::Timeouts;

/// The open WebSocket connections of all workers. Cloning gives another handle to the same ones.
#[derive(Debug, Clone, Default)]
pub struct Connections {
    shared: Arc<Shared>,
    open: TaskTracker,
    stop: CancellationToken,
    timeouts: Timeouts,
}

#[derive(Debug, Default)]
struct Shared {
    last_id: AtomicU64,
    held: AtomicUsize,
}

/// One connection's place among the open ones; it is free again when this is dropped.
#[derive(Debug)]
pub struct Place {
    /// Counts from 1 since the start of the process; names the connection in the log.
    pub id: u64,
    /// Cancelled when the server stops.
    pub stop: CancellationToken,
    /// How long its client may take for what.
    pub timeouts: Timeouts,
    shared: Arc<Shared>,
    held: usize,
    _open: TaskTrackerToken,
}

/// There is no memory left for what a connection wants to hold.
#[derive(Debug, PartialEq, Eq)]
pub struct OutOfMemory;

impl Place {
    /// Says how much memory the connection holds for unfinished messages and unread answers, in bytes.
    ///
    /// # Errors
    /// When it asked for more, and all connections together now hold more than
    /// [`HELD_BYTES`](limits::HELD_BYTES).
    pub fn hold(&mut self, bytes: usize) -> Result<(), OutOfMemory> {
        let before = std::mem::replace(&mut self.held, bytes);
        if bytes == before {
            return Ok(());
        }
        // Wraps around for less, as the difference of two unsigned numbers does.
        let change = bytes.wrapping_sub(before);
        let all = self.shared.held.fetch_add(change, Ordering::Relaxed).wrapping_add(change);
        if bytes > before && all > limits::HELD_BYTES { Err(OutOfMemory) } else { Ok(()) }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.shared.held.fetch_sub(self.held, Ordering::Relaxed);
    }
}

impl Connections {
    /// No connections yet.
    pub fn new(timeouts: Timeouts) -> Self {
        Self { timeouts, ..Self::default() }
    }

    /// A place for a new connection, or none if the server is stopping.
    pub fn enter(&self) -> Option<Place> {
        if self.stop.is_cancelled() {
            return None;
        }
        Some(Place {
            id: self.shared.last_id.fetch_add(1, Ordering::Relaxed) + 1,
            stop: self.stop.clone(),
            timeouts: self.timeouts,
            shared: Arc::clone(&self.shared),
            held: 0,
            _open: self.open.token(),
        })
    }

    /// How much memory all connections hold for unfinished messages and unread answers, in bytes.
    pub fn held(&self) -> usize {
        self.shared.held.load(Ordering::Relaxed)
    }

    /// How many connections are open.
    pub fn count(&self) -> usize {
        self.open.len()
    }

    /// Tells every connection to close with 1001, lets no new one in, and waits until all are gone, but no longer than
    /// `patience`. Says how many are left.
    pub async fn close_all(&self, patience: Duration) -> usize {
        self.stop.cancel();
        self.open.close();
        let _ = tokio::time::timeout(patience, self.open.wait()).await;
        self.count()
    }
}
