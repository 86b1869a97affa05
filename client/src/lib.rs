//! The page of ws-echo: a WebSocket client in the browser.
//!
//! Each feature has a folder. Its `model` does not use the browser, so its tests run natively; hooks (`use_*`) keep the state of
//! components, mostly in the file that renders it. [`common`], [`texts`], [`browser`] and [`ui`] are what features share, and
//! [`session`] is the state that all of them see. `scripts/check-imports` holds the direction of the imports.

pub mod app;
pub mod browser;
pub mod common;
pub mod composer;
pub mod connection;
pub mod detail;
pub mod lab;
pub mod links;
pub mod log;
pub mod session;
pub mod settings;
pub mod shortcuts;
pub mod stats;
pub mod texts;
pub mod ui;
pub mod wire;

pub use app::App;
