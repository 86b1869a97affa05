//! The connection, independent of the browser.

pub mod authority;
pub mod backoff;
pub mod command_lines;
pub mod endpoint;
pub mod event;
pub mod message;
pub mod options;
pub mod pasted;
pub mod phase;
pub mod recent;
pub mod url_problem;
