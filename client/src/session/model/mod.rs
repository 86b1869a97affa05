//! State of the session and its transitions, independent of the browser.

pub mod batch;
pub mod notice;
pub mod port;
pub mod session;
