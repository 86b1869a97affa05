//! Start and stop of the server: the listening sockets, the services behind them, the signals.

pub(crate) mod application;
mod bind;
pub(crate) mod error;
mod http_service;
mod open_files;
pub mod signals;
