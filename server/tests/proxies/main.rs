//! Connections through a proxy, and the replacement of replicas behind it: real HAProxy and real nginx run `deploy/haproxy.cfg`
//! and `deploy/nginx.conf` in front of two replicas, and nghttpx speaks HTTP/2 to them. `scripts/test-proxies` installs them and runs these tests;
//! `docs/proxies.md` names the test of each of its claims.
#![cfg(target_os = "linux")]
#![allow(unreachable_pub, reason = "nothing reaches a test from outside")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod client;
mod closing;
mod http2;
mod idle;
mod passing;
mod proxy;
mod recipes;
mod replicas;
mod rolling;
