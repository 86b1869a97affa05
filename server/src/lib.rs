//! A WebSocket echo server: every message at `/echo` comes back exactly as it was sent. It also serves its browser client.
//!
//! The way of a message: a [`listener`] has [`http1`] or [`http2`] read a handshake, [`handshake`] decides about it, and an admitted
//! connection goes to one of the threads of [`event_loop`], or to the event loop of the streams of HTTP/2. There it reads, has the [engine](ws_echo_engine) turn the bytes into the answer, and writes that.
//! All other requests go to the actix-web application of [`http`]; with `--engine actix-ws` the echo is one of its handlers, in
//! [`actix_engine`]; so are the scenarios of the [`lab`]. [`startup`] binds the listeners and stops the server; [`config`] has the settings.

mod actix_engine;
mod admission;
pub mod commands;
pub mod config;
mod event_loop;
mod handshake;
mod http;
mod http1;
mod http2;
mod lab;
mod listener;
pub mod logging;
mod metrics;
mod serving;
mod startup;
mod tap;
mod tls;

pub use admission::connections::Connections;
pub use config::{Config, cli::Cli, timeouts::Timeouts};
pub use http::page::{EmbeddedFile, EmbeddedPage};
pub use startup::{application::Application, error::StartupError, signals};
