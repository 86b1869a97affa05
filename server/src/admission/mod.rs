//! The clients that are connected: their addresses, their number, the memory that they hold, and the limits of these.

pub(crate) mod addresses;
pub(crate) mod client;
pub(crate) mod connections;
pub(crate) mod http_connections;
pub(crate) mod memory;
