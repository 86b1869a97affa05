//! Who is connected, and how the server tells all of them that it stops.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio_util::{
    sync::CancellationToken,
    task::{TaskTracker, task_tracker::TaskTrackerToken},
};

/// The open WebSocket connections of all workers. Cloning gives another handle to the same ones.
#[derive(Debug, Clone, Default)]
pub struct Connections {
    last_id: Arc<AtomicU64>,
    open: TaskTracker,
    stop: CancellationToken,
}

/// One connection's place among the open ones; it is free again when this is dropped.
#[derive(Debug)]
pub struct Place {
    /// Counts from 1 since the start of the process; names the connection in the log.
    pub id: u64,
    /// Cancelled when the server stops.
    pub stop: CancellationToken,
    _open: TaskTrackerToken,
}

impl Connections {
    /// A place for a new connection, or none if the server is stopping.
    pub fn enter(&self) -> Option<Place> {
        if self.stop.is_cancelled() {
            return None;
        }
        let id = self.last_id.fetch_add(1, Ordering::Relaxed) + 1;
        Some(Place { id, stop: self.stop.clone(), _open: self.open.token() })
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
