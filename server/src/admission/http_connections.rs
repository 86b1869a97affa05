//! The registry of HTTP connections, with their limits.
//!
//! A new connection is always admitted, so a probe gets through however many others are open. When a limit is reached, others are
//! evicted for it: of the address that has the most connections, the ones that have waited longest for their client. So one
//! client cannot evict all others. A client may lose an idle connection at any moment (RFC 9112 section 9.5), and retries on a
//! new one.

use std::{
    cell::Cell,
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Instant,
};

use slab::Slab;
use tokio::sync::Notify;

use crate::{
    admission::{addresses::subscriber, connections::Connections, memory::OutOfMemory},
    config::capacity::HttpCapacity,
};

/// One connection of so many is evicted at a time. The choice looks at all connections, which would cost too much for a single
/// one.
const EVICTION_DIVISOR: usize = 64;

/// Least limit of the connections, however few files are left.
const MIN_CONNECTIONS: usize = 8;

/// The open HTTP connections of all threads. A connection leaves when it becomes a WebSocket connection, or as long as there are WebSockets
/// on its streams. Cloning gives another handle to the same ones.
#[derive(Debug, Clone)]
pub(crate) struct HttpConnections(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    capacity: HttpCapacity,
    /// The number of files that the process may have open for its clients, if that is limited.
    files: Option<usize>,
    websocket_connections: Connections,
    began: Instant,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    clients: Slab<Client>,
    addresses: Slab<Address>,
    /// The key of each address in the list.
    keys: HashMap<IpAddr, usize>,
}

#[derive(Debug)]
struct Client {
    address: usize,
    activity: Arc<Activity>,
}

/// An address with open connections.
#[derive(Debug)]
struct Address {
    ip: IpAddr,
    connections: usize,
}

/// The last activity of a connection's client, and the eviction of the connection.
#[derive(Debug)]
pub(crate) struct Activity {
    began: Instant,
    /// Time of the last byte that the client sent or read, in microseconds since `began`.
    last: AtomicU64,
    /// Changed only with the list locked.
    is_evicted: AtomicBool,
    eviction: Notify,
}

/// The permit of one HTTP connection to be open. Dropping it gives it back.
#[derive(Debug)]
pub(crate) struct HttpPermit {
    shared: Arc<Shared>,
    ip: IpAddr,
    /// The key in the list. None while the connection has left it.
    key: Cell<Option<usize>>,
    activity: Arc<Activity>,
    held: Cell<usize>,
}

impl HttpConnections {
    /// A registry without connections. `files` is the number of files that the process may have open for its clients.
    pub(crate) fn new(
        capacity: HttpCapacity,
        files: Option<usize>,
        websocket_connections: Connections,
    ) -> Self {
        let (began, open) = (Instant::now(), Mutex::default());
        Self(Arc::new(Shared { capacity, files, websocket_connections, began, open }))
    }

    /// Admits a new connection. If there are too many, others are evicted.
    pub(crate) fn admit(&self, peer: Option<SocketAddr>) -> HttpPermit {
        let shared = &self.0;
        // The peer of a connection that is closed already is not known.
        let ip = peer.map_or(IpAddr::from([0; 4]), |peer| subscriber(peer.ip()));
        let activity = Arc::new(Activity::new(shared.began));
        let key = Cell::new(Some(shared.enter(ip, &activity)));
        HttpPermit { shared: Arc::clone(shared), ip, key, activity, held: Cell::new(0) }
    }

    /// Returns the number of open connections.
    pub(crate) fn count(&self) -> usize {
        self.0.open().clients.len()
    }
}

impl Shared {
    /// Adds a connection to the list, and returns its key. If there are too many, others are evicted.
    fn enter(&self, ip: IpAddr, activity: &Arc<Activity>) -> usize {
        let mut open = self.open();
        let address = open.address(ip);
        open.addresses[address].connections += 1;
        let mut evicted = 0;
        if open.addresses[address].connections > self.capacity.per_address {
            evicted += open.evict(1, |of, _| of == address);
        }
        let limit = self.limit();
        if open.clients.len() >= limit {
            let fullest = open.addresses.iter().map(|(_, address)| address.connections).max();
            evicted +=
                open.evict(1 + limit / EVICTION_DIVISOR, |_, address| Some(address.connections) == fullest);
        }
        let key = open.clients.insert(Client { address, activity: Arc::clone(activity) });
        drop(open);
        self.websocket_connections.metrics().http_evicted(evicted);
        key
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        // No code panics while it holds the lock.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the limit of connections now. Each counts as two files: an answer may need one beside the connection's own.
    fn limit(&self) -> usize {
        let files = self.files.unwrap_or(usize::MAX).saturating_sub(self.websocket_connections.count());
        self.capacity.connections.min((files / 2).max(MIN_CONNECTIONS))
    }
}

impl Open {
    /// Returns the key of an address in the list.
    fn address(&mut self, ip: IpAddr) -> usize {
        *self.keys.entry(ip).or_insert_with(|| self.addresses.insert(Address { ip, connections: 0 }))
    }

    /// Evicts `count` of the chosen connections, or all if they are fewer: those that have waited longest. Returns their number.
    fn evict(&mut self, count: usize, is_chosen: impl Fn(usize, &Address) -> bool) -> usize {
        let mut candidates: Vec<_> = self
            .clients
            .iter()
            .filter(|(_, client)| is_chosen(client.address, &self.addresses[client.address]))
            .map(|(key, client)| (client.activity.last.load(Ordering::Relaxed), key))
            .collect();
        let count = count.min(candidates.len());
        if count < candidates.len() {
            candidates.select_nth_unstable(count);
        }
        for &(_, key) in &candidates[..count] {
            let activity = self.remove(key);
            activity.is_evicted.store(true, Ordering::Relaxed);
            activity.eviction.notify_one();
        }
        count
    }

    fn remove(&mut self, key: usize) -> Arc<Activity> {
        let Client { address, activity } = self.clients.remove(key);
        let of = &mut self.addresses[address];
        of.connections -= 1;
        if of.connections == 0 {
            let Address { ip, .. } = self.addresses.remove(address);
            self.keys.remove(&ip);
        }
        activity
    }
}

impl Activity {
    fn new(began: Instant) -> Self {
        let activity = Self {
            began,
            last: AtomicU64::new(0),
            is_evicted: AtomicBool::new(false),
            eviction: Notify::new(),
        };
        activity.record();
        activity
    }

    /// Records that the client has sent or read something.
    pub(crate) fn record(&self) {
        self.last.store(self.now(), Ordering::Relaxed);
    }

    /// Completes when the connection is evicted.
    pub(crate) async fn evicted(&self) {
        self.eviction.notified().await;
    }

    fn now(&self) -> u64 {
        self.began.elapsed().as_micros() as u64
    }
}

impl HttpPermit {
    pub(crate) fn activity(&self) -> Arc<Activity> {
        Arc::clone(&self.activity)
    }

    /// Takes the connection out of the list: it is not counted, and cannot be evicted.
    pub(crate) fn leave(&self) {
        let mut open = self.shared.open();
        if let Some(key) = self.key.take()
            && !self.activity.is_evicted.load(Ordering::Relaxed)
        {
            open.remove(key);
        }
    }

    /// Adds the connection to the list again. If there are too many, others are evicted.
    pub(crate) fn enter(&self) {
        if self.key.get().is_none() {
            self.activity.record();
            self.key.set(Some(self.shared.enter(self.ip, &self.activity)));
        }
    }

    /// Sets the memory that the connection holds, in bytes.
    ///
    /// # Errors
    /// The connection holds more than before, and all clients together now hold more than the limit.
    pub(crate) fn hold(&self, bytes: usize) -> Result<(), OutOfMemory> {
        self.shared.websocket_connections.memory().change(self.held.replace(bytes), bytes)
    }
}

impl Drop for HttpPermit {
    fn drop(&mut self) {
        // Less than before, so this cannot fail.
        let _ = self.hold(0);
        self.leave();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        admission::client::Client as Peer,
        config::{capacity::Capacity, timeouts::Timeouts},
    };

    const UNLIMITED: usize = usize::MAX;

    fn websocket_connections() -> Connections {
        Connections::new(
            Capacity { connections: UNLIMITED, per_address: UNLIMITED, held_bytes: UNLIMITED },
            Timeouts::default(),
        )
    }

    fn connections(connections: usize, per_address: usize) -> HttpConnections {
        HttpConnections::new(HttpCapacity { connections, per_address }, None, websocket_connections())
    }

    /// Admits a connection whose client has sent nothing for the time `waited`, in microseconds.
    fn admit(all: &HttpConnections, ip: &str, waited: u64) -> HttpPermit {
        let permit = all.admit(Some(SocketAddr::new(ip.parse().unwrap(), 1)));
        permit.activity.last.store(u64::MAX - waited, Ordering::Relaxed);
        permit
    }

    fn is_evicted(permit: &HttpPermit) -> bool {
        permit.activity.is_evicted.load(Ordering::Relaxed)
    }

    #[test]
    fn the_one_that_has_waited_longest_makes_room() {
        let all = connections(10, UNLIMITED);
        let waited = [3, 9, 1, 4, 8, 5, 2, 6, 7, 0];
        let permits = waited.map(|time| admit(&all, "192.0.2.1", time));
        assert!(!permits.iter().any(is_evicted));
        let _new = admit(&all, "192.0.2.1", 0);
        let evicted: Vec<_> = (0..10).filter(|index| is_evicted(&permits[*index])).collect();
        assert_eq!((evicted, all.count()), (vec![1], 10));
        drop(permits);
        assert_eq!(all.count(), 1);
    }

    #[test]
    fn an_address_with_few_connections_keeps_them() {
        let all = connections(10, UNLIMITED);
        let few = [admit(&all, "192.0.2.1", 60), admit(&all, "192.0.2.1", 60)];
        let many: Vec<_> = (0..20).map(|_| admit(&all, "192.0.2.2", 0)).collect();
        assert!(!few.iter().any(is_evicted));
        assert_eq!(many.iter().filter(|permit| is_evicted(permit)).count(), 12);
        // Addresses with as many connections each: the longest wait decides.
        let all = connections(10, UNLIMITED);
        let each: Vec<_> = (0..10).map(|last| admit(&all, &format!("192.0.2.{last}"), last)).collect();
        let _new = admit(&all, "192.0.2.10", 0);
        assert!(is_evicted(&each[9]) && !each[..9].iter().any(is_evicted));
    }

    #[test]
    fn an_address_has_so_many_and_takes_from_its_own() {
        let all = connections(UNLIMITED, 1);
        let other = admit(&all, "192.0.2.1", 60);
        let first = admit(&all, "2001:db8::1", 0);
        let second = admit(&all, "2001:db8::2", 0);
        assert!(is_evicted(&first) && !is_evicted(&second) && !is_evicted(&other));
        drop((first, second));
        assert_eq!(all.count(), 1);
        drop(other);
        assert!(all.0.open().keys.is_empty() && all.0.open().addresses.is_empty());
    }

    #[test]
    fn one_that_has_left_is_neither_counted_nor_evicted() {
        let all = connections(2, UNLIMITED);
        let first = admit(&all, "192.0.2.1", 60);
        first.leave();
        let others: Vec<_> = (0..2).map(|_| admit(&all, "192.0.2.1", 0)).collect();
        assert!(!is_evicted(&first) && !others.iter().any(is_evicted));
        assert_eq!(all.count(), 2);
        others[1].activity.last.store(u64::MAX, Ordering::Relaxed);
        first.enter();
        assert!(is_evicted(&others[0]) && !is_evicted(&others[1]));
        drop((first, others));
        assert_eq!(all.count(), 0);
    }

    #[test]
    fn many_are_ended_at_a_time_where_many_are_open() {
        let all = connections(6400, UNLIMITED);
        let permits: Vec<_> = (0..6401).map(|_| admit(&all, "192.0.2.1", 0)).collect();
        assert_eq!(permits.iter().filter(|permit| is_evicted(permit)).count(), 101);
    }

    #[test]
    fn files_that_websockets_have_open_are_not_there_for_http() {
        let websocket_connections = websocket_connections();
        let capacity = HttpCapacity { connections: UNLIMITED, per_address: UNLIMITED };
        let all = HttpConnections::new(capacity, Some(60), websocket_connections.clone());
        assert_eq!(all.0.limit(), 30);
        let unknown = Peer { peer: None, forwarded: None };
        let _permits: Vec<_> = (0..30).map(|_| websocket_connections.admit(unknown).unwrap()).collect();
        assert_eq!(all.0.limit(), 15);
        let _permits: Vec<_> = (0..60).map(|_| websocket_connections.admit(unknown).unwrap()).collect();
        assert_eq!(all.0.limit(), MIN_CONNECTIONS);
    }
}
