//! The resources that a process uses, as the kernel counts them.

use std::{fs, time::Duration};

use crate::program::{PATIENCE, Running};

/// Unit in which the kernel counts processor time: 100 a second on every Linux (`USER_HZ`).
const TICK: Duration = Duration::from_millis(10);

impl Running {
    /// Returns the number of open files, sockets among them.
    pub fn open_files(&self) -> usize {
        fs::read_dir(format!("/proc/{}/fd", self.pid())).unwrap().count()
    }

    /// Resident memory in bytes.
    pub fn memory(&self) -> u64 {
        self.status("VmRSS:")
    }

    /// Highest resident memory so far, in bytes.
    pub fn peak_memory(&self) -> u64 {
        self.status("VmHWM:")
    }

    fn status(&self, name: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid())).unwrap();
        let value = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        value.trim().strip_suffix(" kB").unwrap().parse::<u64>().unwrap() * 1024
    }

    /// Processor time used so far, to a hundredth of a second.
    pub fn processor_time(&self) -> Duration {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.pid())).unwrap();
        // The program's name comes before, and may have spaces in it; utime and stime are fields 14 and 15 of the line.
        let fields: Vec<_> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
        TICK * (fields[11].parse::<u32>().unwrap() + fields[12].parse::<u32>().unwrap())
    }

    /// Processor time used so far by the threads that still run, to the nanosecond.
    pub fn exact_processor_time(&self) -> Duration {
        let threads = fs::read_dir(format!("/proc/{}/task", self.pid())).unwrap();
        // A thread that has ended meanwhile is left out.
        let times =
            threads.filter_map(|thread| fs::read_to_string(thread.unwrap().path().join("schedstat")).ok());
        Duration::from_nanos(
            times.map(|times| times.split(' ').next().unwrap().parse::<u64>().unwrap()).sum(),
        )
    }

    /// Waits until no more than `before` files are open.
    pub async fn until_files(&self, before: usize) {
        let closed = async {
            while self.open_files() > before {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let in_time = tokio::time::timeout(PATIENCE, closed).await;
        assert!(in_time.is_ok(), "{} files are open, and there were {before}", self.open_files());
    }
}
