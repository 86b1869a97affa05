//! Format and choice of the log lines.

use std::{fmt, str::FromStr};

use clap::ValueEnum;
use tracing_subscriber::filter::{LevelFilter, Targets};

/// The values of `--log-format`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object per line.
    Json,
}

/// Choice of the log lines, by level and module.
#[derive(Debug, Clone, PartialEq)]
pub struct LogFilter(Targets);

/// An error of a text that is no filter.
#[derive(Debug, thiserror::Error)]
#[error(
    "write off, error, warn, info, debug or trace, or levels by module, such as ws_echo=debug,actix_server=info"
)]
pub struct BadFilter;

impl FromStr for LogFilter {
    type Err = BadFilter;

    /// Reads a level, or levels by module. A level alone is that of the server: libraries log at most warnings then, because their
    /// other lines are about their own start and stop.
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
            // The server itself logs that `dist` is missing, once; actix-files would log it once per worker.
            .with_target("actix_files", LevelFilter::OFF);
        Self(filter)
    }

    pub(crate) const fn targets(&self) -> &Targets {
        &self.0
    }

    /// Returns the filter in `RUST_LOG`; none if it is not set.
    ///
    /// # Errors
    /// The variable is set, and is no filter.
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

#[cfg(test)]
mod tests {
    use tracing::Level;

    use super::*;

    #[test]
    fn a_level_alone_is_that_of_the_server() {
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
