//! Behaviour of the server, seen from outside: the real server on a free port, and clients of another implementation.
#![allow(unreachable_pub, reason = "nothing reaches a test from outside")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod assets;
mod bad_requests;
mod base_path;
mod close;
mod commands;
mod cross_origin;
mod deflate;
mod deflate_context;
mod differential;
mod drain;
mod echo;
mod endings;
mod handshake;
mod headers;
mod http;
mod http2;
mod http_limits;
mod info;
mod lab;
#[cfg(target_os = "linux")]
mod leftovers;
mod limits;
mod log;
mod metrics;
mod process;
mod slices;
mod tls;
mod tls_streams;
mod trust_proxy;
mod upgrades;
mod violations;
