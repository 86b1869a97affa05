//! What the kernel says about the server's process, its threads and the processes that it started.

use std::{fs, process};

use anyhow::{Context, Result, anyhow};

/// Processor time of `pid`, all of its threads and all of its descendants, in nanoseconds.
pub(crate) fn cpu_nanoseconds(pid: u32) -> Result<u64> {
    let mut total = 0;
    for entry in fs::read_dir(format!("/proc/{pid}/task")).context("the server is gone")? {
        let thread = entry?.path();
        // A thread may end while it is being looked at.
        let Ok(schedstat) = fs::read_to_string(thread.join("schedstat")) else { continue };
        total += schedstat.split_whitespace().next().and_then(|field| field.parse::<u64>().ok()).unwrap_or(0);
        for child in fs::read_to_string(thread.join("children")).unwrap_or_default().split_whitespace() {
            total += cpu_nanoseconds(child.parse()?).unwrap_or(0);
        }
    }
    Ok(total)
}

/// This program's own processor time, in nanoseconds.
pub(crate) fn own_cpu_nanoseconds() -> Result<u64> {
    cpu_nanoseconds(process::id())
}

/// Memory in bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Memory {
    pub(crate) rss: u64,
    pub(crate) pss: u64,
    /// Heap, stacks and the like: what no file backs.
    pub(crate) anonymous: u64,
}

pub(crate) fn memory(pid: u32) -> Result<Memory> {
    let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).context("the server is gone")?;
    let field = |name| kibibytes(&text, name);
    Ok(Memory { rss: field("Rss:")?, pss: field("Pss:")?, anonymous: field("Anonymous:")? })
}

/// Makes the present memory the new peak, from which [`peak`] then counts.
pub(crate) fn reset_peak(pid: u32) -> Result<()> {
    fs::write(format!("/proc/{pid}/clear_refs"), "5")
        .context("the peak of the server's memory could not be reset")
}

/// The most memory since [`reset_peak`] that was resident at once, in bytes.
pub(crate) fn peak(pid: u32) -> Result<u64> {
    kibibytes(&fs::read_to_string(format!("/proc/{pid}/status")).context("the server is gone")?, "VmHWM:")
}

fn kibibytes(text: &str, name: &str) -> Result<u64> {
    text.lines()
        .find_map(|line| line.strip_prefix(name)?.trim().strip_suffix("kB")?.trim().parse::<u64>().ok())
        .map(|kibibytes| kibibytes << 10)
        .ok_or_else(|| anyhow!("the kernel does not tell {name}"))
}
