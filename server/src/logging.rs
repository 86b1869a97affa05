//! Log lines: for people or for machines, on stderr, and never with a payload in them.

use std::{
    borrow::Cow,
    io::{self, IsTerminal},
    sync::OnceLock,
};

use tracing_appender::non_blocking::{ErrorCounter, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::{Layer, fmt::layer, layer::SubscriberExt, util::SubscriberInitExt};

use crate::config::log::{LogFilter, LogFormat};

/// The number of lines that may wait for the reader of the log: a crowd of 10,000 may leave at once. Past it lines are dropped, for a server must
/// not wait for its log.
const LINES: usize = 16_384;

/// The lines that were dropped, once the log was started.
static DROPPED: OnceLock<ErrorCounter> = OnceLock::new();

/// The running log. Dropped at the end of the process, it writes the lines that wait, for a second at most.
#[must_use = "the last lines are written when it is dropped"]
pub struct Log(#[allow(dead_code, reason = "held for its drop")] WorkerGuard);

/// Starts the process's log, which a thread of its own writes to stderr. Of a second call only the thread stays.
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

/// The number of lines that were dropped because nobody took them from stderr.
pub(crate) fn dropped_lines() -> usize {
    DROPPED.get().map_or(0, ErrorCounter::dropped_lines)
}

/// The longest part of a client's text that is written, in bytes.
const LONGEST: usize = 256;

/// A text as it is written: a client chooses its length, and must not choose that of the log.
pub(crate) fn shortened(text: &str) -> Cow<'_, str> {
    if text.len() <= LONGEST {
        return text.into();
    }
    let start = &text[..text.floor_char_boundary(LONGEST)];
    format!("{start}… ({} bytes)", text.len()).into()
}
