//! The page of ws-echo: connect, write, send, and see what comes back.
//!
//! [`state`] holds what the page knows and how that changes; it is free of the browser and tested natively.
//! [`connection`] is the socket, [`session`] ties the two together, [`components`] show the result.

pub mod app;
pub mod browser;
pub mod components;
pub mod connection;
mod inbox;
pub mod page;
pub mod session;
pub mod state;
pub mod storage;
pub mod use_link;
pub mod use_recent;
pub mod use_reconnect;
pub mod use_settings;
pub mod use_texts;

pub use app::App;
