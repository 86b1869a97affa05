//! The registry of WebSocket connections, which admits new ones until the server shuts down.

use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio_util::{
    sync::CancellationToken,
    task::{TaskTracker, task_tracker::TaskTrackerToken},
};

use crate::{
    admission::{
        addresses::{AddressPermit, Addresses, FullForAddress},
        client::Client,
        memory::{Memory, OutOfMemory},
    },
    config::{capacity::Capacity, timeouts::Timeouts},
    metrics::Metrics,
};

/// The open WebSocket connections of all threads. Cloning gives another handle to the same ones.
#[derive(Debug, Clone)]
pub struct Connections {
    shared: Arc<Shared>,
    open: TaskTracker,
    stopping: CancellationToken,
    shutdown: CancellationToken,
}

#[derive(Debug)]
struct Shared {
    last_id: AtomicU64,
    memory: Memory,
    closed: AtomicBool,
    capacity: Capacity,
    timeouts: Timeouts,
    addresses: Addresses,
    metrics: Metrics,
}

/// The permit of one connection to be open. Dropping it gives it back.
#[derive(Debug)]
pub(crate) struct Permit {
    /// Number of the connection in the log, from 1 since the start of the process.
    pub id: u64,
    shared: Arc<Shared>,
    held: usize,
    _open: TaskTrackerToken,
    /// Boxed, since most servers have neither.
    extra: Option<Box<Extra>>,
}

/// Parts that only some connections have.
#[derive(Debug)]
struct Extra {
    /// On a server that limits the connections of each address.
    _address: Option<AddressPermit>,
    /// The address that a trusted proxy named.
    forwarded: Option<IpAddr>,
}

/// Reasons for which a connection is not admitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotAdmitted {
    /// The server shuts down.
    #[error("the server stops; try another one, or this one again in a moment")]
    Stopping,
    /// The limit of all connections is reached.
    #[error("the server has all the connections that it may have; try again in a moment")]
    Full,
    /// The limit of the client's address is reached.
    #[error("this address has all the connections that it may have; close one of them first")]
    FullForAddress,
}

impl Permit {
    /// Returns the time limits, which all connections share.
    pub(crate) fn timeouts(&self) -> Timeouts {
        self.shared.timeouts
    }

    /// Returns the client's address, if a trusted proxy named it.
    pub(crate) fn forwarded(&self) -> Option<IpAddr> {
        self.extra.as_ref().and_then(|extra| extra.forwarded)
    }

    /// Returns the counters of the server.
    pub(crate) fn metrics(&self) -> &Metrics {
        &self.shared.metrics
    }

    /// Sets the memory that the connection holds, in bytes.
    ///
    /// # Errors
    /// The connection holds more than before, and all clients together now hold more than the limit.
    pub(crate) fn hold(&mut self, bytes: usize) -> Result<(), OutOfMemory> {
        self.shared.memory.change(std::mem::replace(&mut self.held, bytes), bytes)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        // Cannot fail: the permit holds less than before.
        let _ = self.hold(0);
    }
}

impl Connections {
    /// A registry without connections.
    pub fn new(capacity: Capacity, timeouts: Timeouts) -> Self {
        Self {
            shared: Arc::new(Shared {
                last_id: AtomicU64::new(0),
                memory: Memory::new(capacity.held_bytes),
                closed: AtomicBool::new(false),
                capacity,
                timeouts,
                addresses: Addresses::new(capacity.per_address),
                metrics: Metrics::default(),
            }),
            open: TaskTracker::new(),
            stopping: CancellationToken::new(),
            shutdown: CancellationToken::new(),
        }
    }

    /// Admits a new connection of a client.
    ///
    /// # Errors
    /// The server shuts down, or a limit is reached.
    pub(crate) fn admit(&self, client: Client) -> Result<Permit, NotAdmitted> {
        if !self.is_ready() {
            return Err(NotAdmitted::Stopping);
        }
        let open = self.open.token();
        if self.open.len() > self.shared.capacity.connections {
            return Err(NotAdmitted::Full);
        }
        let address = match client.address() {
            Some(client) => {
                self.shared.addresses.admit(client).map_err(|FullForAddress| NotAdmitted::FullForAddress)?
            }
            None => None,
        };
        let has_extra = address.is_some() || client.forwarded.is_some();
        self.shared.metrics.opened();
        Ok(Permit {
            id: self.shared.last_id.fetch_add(1, Ordering::Relaxed) + 1,
            shared: Arc::clone(&self.shared),
            held: 0,
            _open: open,
            extra: has_extra.then(|| Box::new(Extra { _address: address, forwarded: client.forwarded })),
        })
    }

    /// Returns the counters of the server.
    pub(crate) fn metrics(&self) -> &Metrics {
        &self.shared.metrics
    }

    /// Returns the memory that all clients hold, those of plain HTTP as well, in bytes.
    pub fn held(&self) -> usize {
        self.memory().held()
    }

    /// Returns the counter of the memory that all clients hold, those of plain HTTP as well.
    pub(crate) fn memory(&self) -> &Memory {
        &self.shared.memory
    }

    /// Returns the number of open connections.
    pub fn count(&self) -> usize {
        self.open.len()
    }

    /// True until the server shuts down: new connections are admitted.
    pub fn is_ready(&self) -> bool {
        !self.shared.closed.load(Ordering::Relaxed)
    }

    /// Admits no connection any more.
    pub fn stop_admitting(&self) {
        self.shared.closed.store(true, Ordering::Relaxed);
        self.open.close();
        self.stopping.cancel();
    }

    /// Returns a token that is cancelled when no connection is admitted any more.
    pub(crate) fn stopping_token(&self) -> CancellationToken {
        self.stopping.clone()
    }

    /// Returns a token that is cancelled when all connections are to close.
    pub fn shutdown_token(&self) -> CancellationToken {
        self.shutdown.clone()
    }

    /// Cancels the [`shutdown_token`](Self::shutdown_token), which closes the connections on actix-ws.
    pub fn shut_down(&self) {
        self.shutdown.cancel();
    }

    /// Waits until all connections are closed, but no longer than `time_limit`. Returns the number of those that are left.
    pub async fn wait_until_closed(&self, time_limit: Duration) -> usize {
        let _ = tokio::time::timeout(time_limit, self.open.wait()).await;
        self.count()
    }
}
