//! Support for the tests, the benchmarks and the fuzz targets of ws-echo.
//!
//! Frames and compressed messages need no feature. `engine` adds the echo of a stream in pieces; `server` adds the server,
//! clients of it, and the program.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[cfg(feature = "server")]
pub mod client;
pub mod compress;
#[cfg(all(feature = "server", target_os = "linux"))]
mod costs;
#[cfg(feature = "engine")]
pub mod feed;
pub mod frame;
#[cfg(feature = "server")]
pub mod http2;
#[cfg(feature = "server")]
pub mod program;
#[cfg(feature = "server")]
pub mod raw;
#[cfg(feature = "server")]
pub mod server;
#[cfg(feature = "server")]
pub mod tls_client;
