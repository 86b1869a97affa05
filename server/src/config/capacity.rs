//! Limits on the connections of all clients, and on their memory.

/// Limits on WebSocket connections and memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capacity {
    /// Limit on open WebSocket connections.
    pub connections: usize,
    /// Limit on open WebSocket connections of one client address.
    pub per_address: usize,
    /// Limit on the memory that all clients together may hold, HTTP clients included, in bytes.
    pub held_bytes: usize,
}

/// Limits on HTTP connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HttpCapacity {
    /// Limit on open HTTP connections.
    pub connections: usize,
    /// Limit on open HTTP connections of one client address.
    pub per_address: usize,
}
