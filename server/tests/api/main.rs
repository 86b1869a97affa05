//! The server's behaviour, seen from outside: the real server on a free port, and clients of another make.
#![allow(unreachable_pub, reason = "nothing reaches a test from outside")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod assets;
mod client;
mod close;
mod deflate;
mod differential;
mod echo;
mod endings;
mod handshake;
mod info;
mod process;
mod raw;
mod server;
mod violations;
