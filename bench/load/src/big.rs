//! Measurement of one streamed message that is larger than any buffer should be: the part that the server holds at once.

use std::time::{Duration, Instant};

use anyhow::Result;
use serde_json::{Value, json};

use crate::{
    connect::Target,
    echo::{self, Kind, Plan},
    process,
};

const PATIENCE: Duration = Duration::from_secs(120);

/// Echoes one binary message of `bytes` bytes, sent as one frame. Reports the seconds until the echo was complete, and the
/// growth of the server's resident memory in bytes.
pub(crate) fn run(target: Target, bytes: u64, pid: u32) -> Result<Value> {
    process::reset_peak(pid)?;
    let before = process::memory(pid)?.rss;
    let start = Instant::now();
    let outcome = echo::run(&Plan {
        target,
        kind: Kind::Binary,
        connections: 1,
        bytes,
        in_flight: 1,
        warm_up: Duration::ZERO,
        duration: PATIENCE,
        count: 1,
        pid,
    });
    let mut report = json!({
        "bytes": bytes,
        "rss_before": before,
        "growth": process::peak(pid)?.saturating_sub(before),
        "seconds": start.elapsed().as_secs_f64(),
    });
    // A server that refuses the message gives a result too, so the reason goes into the report.
    let refused = match outcome {
        Err(error) => Some(format!("{error:#}")),
        Ok(echo) => (echo["messages"] != 1).then(|| format!("no echo within {} s", PATIENCE.as_secs())),
    };
    if let Some(reason) = refused {
        report["refused"] = json!(reason);
    }
    Ok(report)
}
