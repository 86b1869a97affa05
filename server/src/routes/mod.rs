//! The server's answers to HTTP requests, one module a concern.

pub mod assets;
pub mod echo;
pub mod health;
pub mod info;
pub(crate) mod metrics;
pub(crate) mod websocket_paths;
