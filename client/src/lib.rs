//! The page of ws-echo: a WebSocket client in the browser.
//!
//! [`state`] holds the page's state and its transitions. It does not use the browser, so its tests run natively. [`connection`]
//! is the WebSocket, [`session`] connects it to the state, and [`components`] render the state.

pub mod app;
pub mod browser;
pub mod components;
pub mod connection;
mod inbox;
pub mod page;
pub mod rescue;
pub mod session;
pub mod state;
pub mod storage;
pub mod use_link;
pub mod use_recent;
pub mod use_reconnect;
pub mod use_settings;
pub mod use_texts;

pub use app::App;
