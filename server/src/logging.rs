//! The log on stderr, for people or as JSON. It never has a payload in it.

use std::{
    borrow::Cow,
    io::{self, IsTerminal},
    sync::OnceLock,
};

use tracing_appender::non_blocking::{ErrorCounter, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::{Layer, fmt::layer, layer::SubscriberExt, util::SubscriberInitExt};

use crate::config::log::{LogFilter, LogFormat};

/// Limit on lines that wait to be written: 10,000 connections may close at once. Lines beyond it are dropped, because the server
/// must not wait for its log.
const LINES: usize = 16_384;

/// Counter of dropped lines, once the log was started.
static DROPPED: OnceLock<ErrorCounter> = OnceLock::new();

/// The running log. Dropping it writes the lines that wait, for at most a second.
#[must_use = "the last lines are written when it is dropped"]
pub struct Log(#[allow(dead_code, reason = "held for its drop")] WorkerGuard);

/// Starts the log of the process, which a thread of its own writes to stderr. A second call has no effect but the thread.
pub fn start(format: LogFormat, filter: &LogFilter) -> Log {
    let (writer, guard) = NonBlockingBuilder::default()
        .lossy(true)
        .buffered_lines_limit(LINES)
        .thread_name("log")
        .finish(io::stderr());
    let _ = DROPPED.set(writer.error_counter());
    let lines = layer().with_writer(writer).with_target(false);
    let lines = match format {
        LogFormat::Text => lines.with_ansi(io::stderr().is_terminal()).boxed(),
        LogFormat::Json => {
            lines.json().flatten_event(true).with_current_span(false).with_span_list(false).boxed()
        }
    };
    let _ = tracing_subscriber::registry().with(lines.with_filter(filter.targets().clone())).try_init();
    Log(guard)
}

/// Returns the number of lines that were dropped because stderr was not read.
pub(crate) fn dropped_lines() -> usize {
    DROPPED.get().map_or(0, ErrorCounter::dropped_lines)
}

/// Limit on a client's text in the log, in bytes.
const LONGEST: usize = 256;

/// Shortens a client's text for the log, so that a client does not choose the length of a line.
pub(crate) fn shortened(text: &str) -> Cow<'_, str> {
    if text.len() <= LONGEST {
        return text.into();
    }
    let start = &text[..text.floor_char_boundary(LONGEST)];
    format!("{start}… ({} bytes)", text.len()).into()
}
