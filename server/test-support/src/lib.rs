//! Support for the tests, the benchmarks and the fuzz targets of ws-echo.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

pub mod compress;
pub mod frame;
