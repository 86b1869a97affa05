//! Tests of the page in Chromium, as the program serves it that `make build` makes. `WS_ECHO_PROGRAM` names another one.
#![allow(unreachable_pub, reason = "nothing reaches a test from outside")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod access;
mod axe;
mod base_path;
mod browser;
mod composer;
mod connection;
mod detail;
mod events;
mod figures;
mod files;
mod filter;
mod finding;
mod first_glance;
mod kept;
mod lab;
mod layout;
mod line_ends;
mod links;
mod log;
mod log_files;
mod measure;
mod messages;
mod opening;
mod page;
mod peer;
mod pictures;
mod policy;
mod recent;
mod reconnect;
mod repeat;
mod secure;
mod server;
mod settings;
mod shortcuts;
mod snippets;
mod start;
mod stopped;
mod tasks;
mod translated;
mod trouble;
mod two_pages;
mod undo;
mod walking;
mod wire;
