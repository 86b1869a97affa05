//! The server's answers to HTTP requests, one module a concern.

pub mod assets;
pub mod echo;
mod file_body;
pub mod health;
pub mod info;
pub(crate) mod metrics;
pub(crate) mod websocket_paths;
