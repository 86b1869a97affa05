//! Log lines: for people or for machines, on stderr, and never with a payload in them.

use std::io::{self, IsTerminal};

use tracing_subscriber::{
    Layer,
    filter::{LevelFilter, Targets},
    fmt,
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

use crate::cli::LogFormat;

/// Starts the process's log. A second call changes nothing.
pub fn start(format: LogFormat) {
    // The libraries speak of their own start and stop; only their troubles are of interest here.
    // Of a missing `dist` the server itself has spoken, once, and not once a worker.
    let filter = Targets::new()
        .with_default(LevelFilter::WARN)
        .with_target("ws_echo", LevelFilter::INFO)
        .with_target("actix_files", LevelFilter::OFF);
    let lines = fmt::layer().with_writer(io::stderr).with_target(false);
    let lines = match format {
        LogFormat::Text => lines.with_ansi(io::stderr().is_terminal()).boxed(),
        LogFormat::Json => {
            lines.json().flatten_event(true).with_current_span(false).with_span_list(false).boxed()
        }
    };
    let _ = tracing_subscriber::registry().with(lines.with_filter(filter)).try_init();
}
