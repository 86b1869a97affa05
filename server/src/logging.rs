//! Log lines: for people or for machines, on stderr, and never with a payload in them.

use std::{
    fmt,
    io::{self, IsTerminal},
    str::FromStr,
    sync::OnceLock,
};

use tracing_appender::non_blocking::{ErrorCounter, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::{
    Layer,
    filter::{LevelFilter, Targets},
    fmt::layer,
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

use crate::cli::LogFormat;

/// Which log lines are written.
#[derive(Debug, Clone, PartialEq)]
pub struct LogFilter(Targets);

/// What is no filter. Its text says what would be one.
#[derive(Debug, thiserror::Error)]
#[error(
    "write off, error, warn, info, debug or trace, or levels by module, such as ws_echo=debug,actix_server=info"
)]
pub struct BadFilter;

impl FromStr for LogFilter {
    type Err = BadFilter;

    /// A level alone is the server's own; the libraries speak of their own start and stop, and only their troubles are of
    /// interest. Levels by module are taken as they are.
    fn from_str(text: &str) -> Result<Self, BadFilter> {
        let text = text.trim();
        if let Ok(level) = text.parse::<LevelFilter>() {
            return Ok(Self::level(level));
        }
        text.parse().map(Self).map_err(|_| BadFilter)
    }
}

impl LogFilter {
    fn level(level: LevelFilter) -> Self {
        let filter = Targets::new()
            .with_default(level.min(LevelFilter::WARN))
            .with_target("ws_echo", level)
            // Of a missing `dist` the server itself has spoken, once, and not once a worker.
            .with_target("actix_files", LevelFilter::OFF);
        Self(filter)
    }

    /// What `RUST_LOG` says; none if it is not set.
    ///
    /// # Errors
    /// When it says what is no filter.
    pub fn from_environment() -> Result<Option<Self>, BadFilter> {
        match std::env::var("RUST_LOG") {
            Ok(text) if !text.trim().is_empty() => text.parse().map(Some),
            _ => Ok(None),
        }
    }
}

impl Default for LogFilter {
    fn default() -> Self {
        Self::level(LevelFilter::INFO)
    }
}

impl fmt::Display for LogFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

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
    let _ = tracing_subscriber::registry().with(lines.with_filter(filter.0.clone())).try_init();
    Log(guard)
}

/// The number of lines that were dropped because nobody took them from stderr.
pub(crate) fn dropped_lines() -> usize {
    DROPPED.get().map_or(0, ErrorCounter::dropped_lines)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracing::Level;

    #[test]
    fn a_level_alone_is_the_servers_own() {
        let LogFilter(filter) = "debug".parse().unwrap();
        assert!(filter.would_enable("ws_echo::worker", &Level::DEBUG));
        assert!(filter.would_enable("actix_http", &Level::WARN));
        assert!(!filter.would_enable("actix_http", &Level::INFO));
        let LogFilter(quiet) = "error".parse().unwrap();
        assert!(!quiet.would_enable("actix_http", &Level::WARN));
    }

    #[test]
    fn levels_by_module_are_taken_as_they_are() {
        let LogFilter(filter) = "ws_echo=off,actix_http=trace".parse().unwrap();
        assert!(filter.would_enable("actix_http", &Level::TRACE));
        assert!(!filter.would_enable("ws_echo", &Level::ERROR));
        assert!("loud=very".parse::<LogFilter>().is_err());
    }
}
