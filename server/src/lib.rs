//! A WebSocket echo server: every message at `/echo` comes back exactly as it was sent. It also serves its browser client.
//!
//! The way of a message: [`routes`] answers the handshake, [`echo`] runs the connection, [`protocol`] says whether the
//! peer's bytes are legal. [`startup`] binds the listeners and stops the server; [`cli`] and [`config`] say how it is set.

pub mod app;
pub mod cli;
pub mod config;
pub mod connections;
pub mod echo;
pub mod logging;
pub mod protocol;
pub mod routes;
pub mod signals;
pub mod startup;

pub use cli::Cli;
pub use config::Config;
pub use startup::{Application, StartupError};
