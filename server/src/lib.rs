//! A WebSocket echo server: every message at `/echo` comes back exactly as it was sent. It also serves its browser client.
//!
//! The way of a message: `http1` reads the head of the handshake at `/echo`, `handshake` admits it, and `upgrade` gives the socket
//! to one of the `workers`, threads with an event loop each. That makes a `connection` of it, which reads, lets [`engine`] turn what
//! it read into the answer, and writes it. Everything else goes to the [`app`], whose [`routes`] are ordinary actix-web handlers; with
//! `--engine actix-ws` the echo is one of them (`echo`). [`startup`] binds the listeners and stops the server; [`cli`] and [`config`]
//! say how it is set.

mod actix_engine;
mod admission;
pub mod commands;
pub mod config;
mod ending;
mod event_loop;
mod handshake;
mod http;
mod http1;
pub mod logging;
mod metrics;
mod startup;
mod tls;

pub use admission::connections::Connections;
pub use config::{Config, cli::Cli, timeouts::Timeouts};
pub use startup::{application::Application, error::StartupError, signals};
