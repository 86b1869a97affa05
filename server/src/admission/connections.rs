//! Who is connected, and that nobody more may be when the server stops.

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

/// The open WebSocket connections of all workers. Cloning gives another handle to the same ones.
#[derive(Debug, Clone)]
pub struct Connections {
    shared: Arc<Shared>,
    open: TaskTracker,
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

/// One connection's permit among the open ones; it is free again when this is dropped.
#[derive(Debug)]
pub(crate) struct Permit {
    /// Counts from 1 since the start of the process; names the connection in the log.
    pub id: u64,
    shared: Arc<Shared>,
    held: usize,
    _open: TaskTrackerToken,
    /// Boxed, for most servers have neither.
    behind: Option<Box<Behind>>,
}

/// What only some connections have.
#[derive(Debug)]
struct Behind {
    /// Where connections are limited for each address.
    _address: Option<AddressPermit>,
    /// Where there is a trusted proxy.
    forwarded: Option<IpAddr>,
}

/// Why there is no permit for a new connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotAdmitted {
    /// The server is going down.
    #[error("the server stops; try another one, or this one again in a moment")]
    Stopping,
    /// As many connections as may be are open.
    #[error("the server has all the connections that it may have; try again in a moment")]
    Full,
    /// The same for one client address.
    #[error("this address has all the connections that it may have; close one of them first")]
    FullForAddress,
}

impl Permit {
    /// How long the connection's client may take for what; the same for all, so that it is there once.
    pub(crate) fn timeouts(&self) -> Timeouts {
        self.shared.timeouts
    }

    /// The client's address, if a trusted proxy has told it.
    pub(crate) fn forwarded(&self) -> Option<IpAddr> {
        self.behind.as_ref().and_then(|behind| behind.forwarded)
    }

    /// What is counted of all connections.
    pub(crate) fn metrics(&self) -> &Metrics {
        &self.shared.metrics
    }

    /// Says how much memory the connection takes, in bytes.
    ///
    /// # Errors
    /// It asked for more, and all clients together now hold more than they may.
    pub(crate) fn hold(&mut self, bytes: usize) -> Result<(), OutOfMemory> {
        self.shared.memory.change(std::mem::replace(&mut self.held, bytes), bytes)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        // Less than before, so this cannot fail.
        let _ = self.hold(0);
    }
}

impl Connections {
    /// No connections yet.
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
            shutdown: CancellationToken::new(),
        }
    }

    /// A permit for a new connection of this client.
    ///
    /// # Errors
    /// When there is none.
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
        let has_some = address.is_some() || client.forwarded.is_some();
        self.shared.metrics.opened();
        Ok(Permit {
            id: self.shared.last_id.fetch_add(1, Ordering::Relaxed) + 1,
            shared: Arc::clone(&self.shared),
            held: 0,
            _open: open,
            behind: has_some.then(|| Box::new(Behind { _address: address, forwarded: client.forwarded })),
        })
    }

    /// What is counted of them.
    pub(crate) fn metrics(&self) -> &Metrics {
        &self.shared.metrics
    }

    /// Gives the memory that all clients hold, those of plain HTTP as well, in bytes.
    pub fn held(&self) -> usize {
        self.memory().held()
    }

    /// The memory that all clients hold, those of plain HTTP as well.
    pub(crate) fn memory(&self) -> &Memory {
        &self.shared.memory
    }

    /// How many connections are open.
    pub fn count(&self) -> usize {
        self.open.len()
    }

    /// Whether new connections are let in: until the server stops.
    pub fn is_ready(&self) -> bool {
        !self.shared.closed.load(Ordering::Relaxed)
    }

    /// Lets no new connection in, for the server stops.
    pub fn stop_admitting(&self) {
        self.shared.closed.store(true, Ordering::Relaxed);
        self.open.close();
    }

    /// Cancelled when all connections are to leave.
    pub fn shutdown_token(&self) -> CancellationToken {
        self.shutdown.clone()
    }

    /// Tells those that wait for [`leaving`](Self::shutdown_token) to leave.
    pub fn shut_down(&self) {
        self.shutdown.cancel();
    }

    /// Waits until all connections are gone, but no longer than `patience`. Says how many are left.
    pub async fn wait_until_closed(&self, patience: Duration) -> usize {
        let _ = tokio::time::timeout(patience, self.open.wait()).await;
        self.count()
    }
}
