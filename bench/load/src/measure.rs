//! The figures of a run, for all kinds of load.

use std::time::Instant;

use anyhow::Result;
use hdrhistogram::Histogram;
use serde_json::{Value, json};

use crate::process;

/// Clocks and counters at one moment. Processor times are in nanoseconds.
pub(crate) struct Reading {
    at: Instant,
    completed: u64,
    server_cpu: u64,
    load_cpu: u64,
}

impl Reading {
    /// Reads the clocks. `completed` is the number of messages that came back so far, and `pid` the process of the server.
    pub(crate) fn take(completed: u64, pid: u32) -> Result<Self> {
        Ok(Self {
            at: Instant::now(),
            completed,
            server_cpu: process::cpu_nanoseconds(pid)?,
            load_cpu: process::own_cpu_nanoseconds()?,
        })
    }
}

/// Returns the report about the time between two readings, as JSON. `latency` is in nanoseconds, and `uncompressed` the number of messages that
/// came back uncompressed although compression was negotiated.
pub(crate) fn report(
    before: &Reading,
    after: &Reading,
    latency: &Histogram<u64>,
    uncompressed: u64,
) -> Value {
    let messages = after.completed - before.completed;
    let nanoseconds = after.at.duration_since(before.at).as_nanos() as f64;
    let server = (after.server_cpu - before.server_cpu) as f64;
    json!({
        "messages": messages,
        "seconds": nanoseconds / 1e9,
        "per_second": messages as f64 * 1e9 / nanoseconds,
        "p50_us": latency.value_at_quantile(0.5) as f64 / 1e3,
        "p99_us": latency.value_at_quantile(0.99) as f64 / 1e3,
        "server_cpu_ns": server / messages.max(1) as f64,
        "server_cpu_share": server / nanoseconds,
        "load_cpu_share": (after.load_cpu - before.load_cpu) as f64 / nanoseconds,
        "uncompressed": uncompressed,
    })
}
