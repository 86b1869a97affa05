//! What the user typed: flags, and `WS_ECHO_*` variables in their place.

mod limits;
mod page;
mod times;
mod tls;
mod values;

use std::{net::SocketAddr, path::PathBuf, process::ExitCode, thread::available_parallelism, time::Duration};

use clap::{
    Arg, Args, CommandFactory, FromArgMatches, Parser, Subcommand, builder::Resettable, error::ErrorKind,
};
use clap_complete::Shell;
pub use limits::LimitFlags;
pub use page::PageFlags;
pub use times::TimeFlags;
pub use tls::TlsFlags;

use crate::config::{
    deflate::Deflate,
    engine::Engine,
    listen::Listen,
    log::{LogFilter, LogFormat},
    origin::Origin,
    trusted_proxies::Network,
};

/// A WebSocket echo server to test clients, proxies and load balancers against, with its browser client.
///
/// Every message sent to /echo comes back exactly as it was: text as text, binary as binary. The page is at /.
#[derive(Debug, Clone, Parser)]
#[command(
    name = "ws-echo",
    version,
    max_term_width = 110,
    args_override_self = true,
    args_conflicts_with_subcommands = true
)]
pub struct Cli {
    /// Where to listen, as ADDRESS:PORT, or as tls:ADDRESS:PORT for TLS; may be given several times. Port 0 takes a free one.
    #[arg(
        long,
        value_name = "[tls:]ADDRESS:PORT",
        env = "WS_ECHO_LISTEN",
        value_delimiter = ',',
        default_value = "0.0.0.0:8080"
    )]
    pub listen: Vec<Listen>,

    /// Where /metrics is served, with /healthz and /readyz, as ADDRESS:PORT [default: with everything else]; then it is nowhere else.
    #[arg(long, value_name = "ADDRESS:PORT", env = "WS_ECHO_METRICS_LISTEN", value_parser = values::listen)]
    pub metrics_listen: Option<SocketAddr>,

    /// The folder of the built page.
    #[arg(long, value_name = "FOLDER", env = "WS_ECHO_DIST", default_value = "dist")]
    pub dist: PathBuf,

    /// How many threads serve HTTP, and how many more the echo [default: one for each CPU].
    #[arg(long, value_name = "COUNT", env = "WS_ECHO_WORKERS", default_value_t = available_parallelism().map_or(1, usize::from), hide_default_value = true, value_parser = values::workers)]
    pub workers: usize,

    /// The only web origins whose pages may connect, such as https://example.com; may be given several times
    /// [default: every origin]. Programs that send no Origin are not affected.
    #[arg(long, value_name = "ORIGIN", env = "WS_ECHO_ORIGIN", value_delimiter = ',')]
    pub origin: Vec<Origin>,

    /// The proxies that are believed when X-Forwarded-For or Forwarded says who the client is, as a network such as 10.0.0.0/8; may
    /// be given several times [default: none]. Its address is then the one in the log and of --max-connections-per-address.
    #[arg(long, value_name = "CIDR", env = "WS_ECHO_TRUST_PROXY", value_delimiter = ',')]
    pub trust_proxy: Vec<Network>,

    /// The only subprotocols that are accepted; may be given several times [default: the first one offered].
    #[arg(long, value_name = "NAME", env = "WS_ECHO_SUBPROTOCOL", value_delimiter = ',', value_parser = values::subprotocol)]
    pub subprotocol: Vec<String>,

    /// The use of permessage-deflate where a client offers it: each on its own, with the messages before it as context
    /// (fewer bytes, and up to 32 KiB of memory a connection), or not at all.
    #[arg(long, value_name = "MODE", env = "WS_ECHO_DEFLATE", default_value = "no-context")]
    pub deflate: Deflate,

    /// What echoes: the server's own engine, or actix-ws, which is there to compare with and does not compress.
    #[arg(long, value_name = "ENGINE", env = "WS_ECHO_ENGINE", default_value = "native")]
    pub engine: Engine,

    /// How log lines are written to stderr.
    #[arg(long, value_name = "FORMAT", env = "WS_ECHO_LOG_FORMAT", default_value = "text")]
    pub log_format: LogFormat,

    /// Which log lines are written: off, error, warn, info, debug or trace, or levels by module, such as
    /// ws_echo=debug,actix_server=info [default: what RUST_LOG says, or info].
    #[arg(long, value_name = "LEVEL", env = "WS_ECHO_LOG_LEVEL")]
    pub log_level: Option<LogFilter>,

    /// TLS.
    #[command(flatten)]
    pub tls: TlsFlags,

    /// What the page may do.
    #[command(flatten)]
    pub page: PageFlags,

    /// How much.
    #[command(flatten)]
    pub limits: LimitFlags,

    /// How long.
    #[command(flatten)]
    pub times: TimeFlags,

    /// What to do instead of serving.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What the program does instead of serving.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Ask a running server on this machine whether it is alive; the exit code is 0 if so, and 1 if not.
    Health(HealthFlags),
    /// Write the completions for a shell to stdout.
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// Write the manual page to stdout.
    Man,
}

/// What to ask a running server, and how.
#[derive(Debug, Clone, Args)]
pub struct HealthFlags {
    /// Ask whether it is ready for new connections, and not only whether it is alive.
    #[arg(long)]
    pub ready: bool,

    /// Where it listens. Over TLS, every certificate is taken: it is asked by its address, and not by its name.
    #[arg(
        long,
        value_name = "[tls:]ADDRESS:PORT",
        env = "WS_ECHO_LISTEN",
        value_delimiter = ',',
        default_value = "0.0.0.0:8080"
    )]
    pub listen: Vec<Listen>,

    /// How long it may take to answer.
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = values::time)]
    pub timeout: Duration,
}

impl Cli {
    /// Reads the process's arguments and variables. A variable that is empty counts as one that is not set.
    ///
    /// # Errors
    /// clap's; see [`report`].
    pub fn read() -> Result<Self, clap::Error> {
        let is_empty = |argument: &Arg| {
            argument
                .get_env()
                .is_some_and(|name| std::env::var_os(name).is_some_and(|value| value.is_empty()))
        };
        let command = Self::command().mut_args(|argument| {
            if is_empty(&argument) { argument.env(Resettable::Reset) } else { argument }
        });
        Self::from_arg_matches(&command.try_get_matches()?)
    }
}

/// Prints what clap has to say and gives the exit code: help and version are no errors, anything else is one line.
#[allow(clippy::print_stderr, reason = "a usage error is for the person at the terminal, and not a log line")]
pub fn report(error: &clap::Error) -> ExitCode {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        return if error.print().is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    eprintln!("{}", one_line(&error.to_string()));
    ExitCode::from(2)
}

/// clap's text as one line: what is wrong and its tips, without the usage.
fn one_line(text: &str) -> String {
    let wanted = text.lines().take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more"));
    let words: Vec<&str> = wanted.flat_map(str::split_whitespace).collect();
    format!("{} (see ws-echo --help)", words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_flag_has_a_variable() {
        for argument in Cli::command().get_arguments().filter(|argument| argument.get_long().is_some()) {
            let flag = argument.get_long().unwrap();
            if !["help", "version"].contains(&flag) {
                let variable = format!("WS_ECHO_{}", flag.to_uppercase().replace('-', "_"));
                assert_eq!(argument.get_env().and_then(|name| name.to_str()), Some(variable.as_str()));
            }
        }
    }

    #[test]
    fn a_message_of_clap_becomes_one_line() {
        let error = Cli::try_parse_from(["ws-echo", "--lisen", "x"]).unwrap_err();
        assert_eq!(
            one_line(&error.to_string()),
            "error: unexpected argument '--lisen' found tip: a similar argument exists: '--listen' (see ws-echo --help)"
        );
    }
}
