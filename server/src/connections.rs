//! Who is connected, and that nobody more may be when the server stops.

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

use crate::timeouts::Timeouts;

/// The open WebSocket connections of all workers. Cloning gives another handle to the same ones.
#[derive(Debug, Clone, Default)]
pub struct Connections {
    shared: Arc<Shared>,
    open: TaskTracker,
    stop: CancellationToken,
    most: usize,
}

#[derive(Debug, Default)]
struct Shared {
    last_id: AtomicU64,
    held: AtomicUsize,
    most_held: usize,
    timeouts: Timeouts,
}

/// One connection's place among the open ones; it is free again when this is dropped.
#[derive(Debug)]
pub struct Place {
    /// Counts from 1 since the start of the process; names the connection in the log.
    pub id: u64,
    shared: Arc<Shared>,
    held: usize,
    _open: TaskTrackerToken,
}

/// Why there is no place for a new connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoPlace {
    /// The server is going down.
    #[error("the server stops; try another one, or this one again in a moment")]
    Stopping,
    /// As many connections as may be are open.
    #[error("the server has all the connections that it may have; try again in a moment")]
    Full,
}

/// There is no memory left for what a connection wants to hold.
#[derive(Debug, PartialEq, Eq)]
pub struct OutOfMemory;

impl Place {
    /// How long the connection's client may take for what; the same for all, so that it is there once.
    pub fn timeouts(&self) -> Timeouts {
        self.shared.timeouts
    }

    /// Says how much memory the connection holds for unfinished messages and unread answers, in bytes.
    ///
    /// # Errors
    /// When it asked for more, and all connections together now hold more than they may.
    pub fn hold(&mut self, bytes: usize) -> Result<(), OutOfMemory> {
        let before = std::mem::replace(&mut self.held, bytes);
        if bytes == before {
            return Ok(());
        }
        // Wraps around for less, as the difference of two unsigned numbers does.
        let change = bytes.wrapping_sub(before);
        let all = self.shared.held.fetch_add(change, Ordering::Relaxed).wrapping_add(change);
        if bytes > before && all > self.shared.most_held { Err(OutOfMemory) } else { Ok(()) }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.shared.held.fetch_sub(self.held, Ordering::Relaxed);
    }
}

impl Connections {
    /// No connections yet, and at most so many, which may hold so many bytes together.
    pub fn new(most: usize, most_held: usize, timeouts: Timeouts) -> Self {
        Self {
            shared: Arc::new(Shared { most_held, timeouts, ..Shared::default() }),
            most,
            ..Self::default()
        }
    }

    /// A place for a new connection.
    ///
    /// # Errors
    /// When there is none.
    pub fn enter(&self) -> Result<Place, NoPlace> {
        if self.stop.is_cancelled() {
            return Err(NoPlace::Stopping);
        }
        let open = self.open.token();
        if self.open.len() > self.most {
            return Err(NoPlace::Full);
        }
        Ok(Place {
            id: self.shared.last_id.fetch_add(1, Ordering::Relaxed) + 1,
            shared: Arc::clone(&self.shared),
            held: 0,
            _open: open,
        })
    }

    /// How much memory all connections hold for unfinished messages and unread answers, in bytes.
    pub fn held(&self) -> usize {
        self.shared.held.load(Ordering::Relaxed)
    }

    /// Cancelled when the server stops.
    pub fn stopping(&self) -> CancellationToken {
        self.stop.clone()
    }

    /// How many connections are open.
    pub fn count(&self) -> usize {
        self.open.len()
    }

    /// Lets no new connection in, for the server stops.
    pub fn let_no_one_in(&self) {
        self.stop.cancel();
        self.open.close();
    }

    /// Waits until all connections are gone, but no longer than `patience`. Says how many are left.
    pub async fn all_gone(&self, patience: Duration) -> usize {
        let _ = tokio::time::timeout(patience, self.open.wait()).await;
        self.count()
    }
}
