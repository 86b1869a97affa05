//! The numbers of connections and the memory that a server has for its clients.

/// How much there may be of what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capacity {
    /// WebSocket connections at a time.
    pub connections: usize,
    /// WebSocket connections of one client address at a time.
    pub per_address: usize,
    /// Memory that all clients hold together, those of plain HTTP as well, in bytes.
    pub held_bytes: usize,
}

/// The number of HTTP connections that there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HttpCapacity {
    /// HTTP connections at a time.
    pub connections: usize,
    /// HTTP connections of one client address at a time.
    pub per_address: usize,
}
