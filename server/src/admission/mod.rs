//! Admission: the registry of connections, the limits of their number and memory, and the addresses of clients.

pub(crate) mod addresses;
pub(crate) mod client;
pub(crate) mod connections;
pub(crate) mod http_connections;
pub(crate) mod memory;
