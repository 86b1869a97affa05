//! The log, its filter, and its files, independent of the browser.

pub mod announcer;
pub mod filter;
pub mod find;
pub mod jsonl;
pub mod kept;
pub mod log;
pub mod log_view;
pub mod pairing;
pub mod search;
