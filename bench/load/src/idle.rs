//! Measurement of the server's memory for each open and silent connection.

use std::{
    io::{Read, Write},
    rc::Rc,
    thread::sleep,
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::{
    check::{Bytes, Check, Messages},
    connect::{Opened, Target, open},
    frame,
    pattern::Pattern,
    payload,
    process::{self, Memory},
};

/// Delay before memory is read. Servers free some memory of a handshake only a while after it.
const SETTLE: Duration = Duration::from_secs(1);

/// Number of connections used before the first reading, so that the server's one-time allocations are not counted.
const FIRST: usize = 64;

/// Opens `connections` connections. Reports the memory of each, in bytes, while all are silent and after each has echoed one
/// message.
pub(crate) fn run(target: &Target, connections: usize, pid: u32) -> Result<Value> {
    let first = open_and_use(target, FIRST)?;
    drop(first);
    sleep(SETTLE);
    let before = process::memory(pid)?;

    let mut opened = (0..connections).map(|index| open(target, index, "")).collect::<Result<Vec<_>>>()?;
    sleep(SETTLE);
    let silent = process::memory(pid)?;

    opened.iter_mut().try_for_each(|connection| echo_once(target, connection))?;
    sleep(SETTLE);
    let used = process::memory(pid)?;

    let each = |memory: u64, before: u64| (memory as f64 - before as f64) / connections as f64;
    let growth = |memory: Memory| {
        json!({
            "rss": each(memory.rss, before.rss),
            "pss": each(memory.pss, before.pss),
            "anonymous": each(memory.anonymous, before.anonymous),
        })
    };
    Ok(json!({
        "connections": connections,
        "rss_before": before.rss,
        "silent": growth(silent),
        "used": growth(used),
    }))
}

fn open_and_use(target: &Target, connections: usize) -> Result<Vec<Opened>> {
    let mut opened = (0..connections).map(|index| open(target, index, "")).collect::<Result<Vec<_>>>()?;
    opened.iter_mut().try_for_each(|connection| echo_once(target, connection))?;
    Ok(opened)
}

/// Sends one message of 64 bytes and waits for its echo.
fn echo_once(target: &Target, connection: &mut Opened) -> Result<()> {
    let payload = Pattern::payload(64, |length| payload::binary(length, 0));
    let key = [1, 2, 3, 4];
    let message = payload.masked(frame::head(frame::BINARY, false, payload.length(), key), key);
    let mut check: Box<dyn Check> = if target.raw {
        Box::new(Bytes::new(Rc::new(message.clone()), message.length()))
    } else {
        Box::new(Messages::new(frame::BINARY, vec![payload]))
    };
    connection.stream.tcp().set_nonblocking(false)?;
    connection.stream.write_all(message.as_slice())?;
    let mut answer = [0; 256];
    let mut completed = 0;
    while completed == 0 {
        let length = connection.stream.read(&mut answer).context("no echo came")?;
        ensure!(length > 0, "the server closed");
        completed = check.feed(&answer[..length])?;
    }
    Ok(())
}
