//! Processor time and memory of a process, read from `/proc`.

use std::{fs, process};

use anyhow::{Context, Result, anyhow};

/// Returns the processor time of all threads of `pid` and of all its descendants, in nanoseconds.
pub(crate) fn cpu_nanoseconds(pid: u32) -> Result<u64> {
    let mut total = 0;
    for entry in fs::read_dir(format!("/proc/{pid}/task")).context("the server is gone")? {
        let thread = entry?.path();
        // A thread may end between the two reads.
        let Ok(schedstat) = fs::read_to_string(thread.join("schedstat")) else { continue };
        total += schedstat.split_whitespace().next().and_then(|field| field.parse::<u64>().ok()).unwrap_or(0);
        for child in fs::read_to_string(thread.join("children")).unwrap_or_default().split_whitespace() {
            total += cpu_nanoseconds(child.parse()?).unwrap_or(0);
        }
    }
    Ok(total)
}

/// Returns the processor time of this program, in nanoseconds.
pub(crate) fn own_cpu_nanoseconds() -> Result<u64> {
    cpu_nanoseconds(process::id())
}

/// Memory of a process, in bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Memory {
    pub(crate) rss: u64,
    pub(crate) pss: u64,
    /// Memory that no file backs, such as heap and stacks.
    pub(crate) anonymous: u64,
}

pub(crate) fn memory(pid: u32) -> Result<Memory> {
    let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).context("the server is gone")?;
    let field = |name| kibibytes(&text, name);
    Ok(Memory { rss: field("Rss:")?, pss: field("Pss:")?, anonymous: field("Anonymous:")? })
}

/// Resets the peak of resident memory to its present size.
pub(crate) fn reset_peak(pid: u32) -> Result<()> {
    fs::write(format!("/proc/{pid}/clear_refs"), "5")
        .context("the peak of the server's memory could not be reset")
}

/// Returns the peak of resident memory since [`reset_peak`], in bytes.
pub(crate) fn peak(pid: u32) -> Result<u64> {
    kibibytes(&fs::read_to_string(format!("/proc/{pid}/status")).context("the server is gone")?, "VmHWM:")
}

fn kibibytes(text: &str, name: &str) -> Result<u64> {
    text.lines()
        .find_map(|line| line.strip_prefix(name)?.trim().strip_suffix("kB")?.trim().parse::<u64>().ok())
        .map(|kibibytes| kibibytes << 10)
        .ok_or_else(|| anyhow!("the kernel does not tell {name}"))
}
