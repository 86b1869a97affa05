//! One message that is larger than any buffer should be, streamed: how much of it does the server hold at once?

use std::time::{Duration, Instant};

use anyhow::Result;
use serde_json::{Value, json};

use crate::{
    connect::Target,
    echo::{self, Kind, Plan},
    process,
};

const PATIENCE: Duration = Duration::from_secs(120);

/// Echoes one binary message of `bytes`, sent as one frame; tells the time and the server's growth.
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
    // What the server says to it is a result too.
    let refused = match outcome {
        Err(error) => Some(format!("{error:#}")),
        Ok(echo) => (echo["messages"] != 1).then(|| format!("no echo within {} s", PATIENCE.as_secs())),
    };
    if let Some(reason) = refused {
        report["refused"] = json!(reason);
    }
    Ok(report)
}
