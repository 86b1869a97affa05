//! A WebSocket echo server: every message at `/echo` comes back exactly as it was sent. It also serves its browser client.
//!
//! The way of a message: `http1` reads the head of the handshake at `/echo`, `handshake` admits it, and `upgrade` gives the socket
//! to one of the `workers`, threads with an event loop each. That makes a `connection` of it, which reads, lets [`engine`] turn what
//! it read into the answer, and writes it. Everything else goes to the [`app`], whose [`routes`] are ordinary actix-web handlers; with
//! `--engine actix-ws` the echo is one of them (`echo`). [`startup`] binds the listeners and stops the server; [`cli`] and [`config`]
//! say how it is set.

mod access_log;
mod addresses;
pub mod app;
mod appetite;
pub mod base_path;
mod bind;
pub mod cli;
pub mod client;
mod client_stream;
mod clock;
pub mod commands;
pub mod config;
mod connection;
pub mod connections;
mod echo;
mod ending;
pub mod engine;
mod handshake;
mod health;
mod http1;
mod http_connections;
mod http_service;
pub mod listen;
pub mod logging;
mod memory;
mod metrics;
mod open_files;
pub mod policy;
mod queue;
mod read_on;
pub mod routes;
mod security_headers;
pub mod signals;
mod socket;
pub mod startup;
pub mod timeouts;
pub mod tls;
mod token;
mod turn;
mod unsent;
mod upgrade;
mod watch;
mod worker;
mod workers;

pub use cli::Cli;
pub use config::Config;
pub use startup::{Application, StartupError};
