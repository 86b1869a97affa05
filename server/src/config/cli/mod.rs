//! The command line: flags, and the `WS_ECHO_*` variables that replace them.

mod lab;
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
pub use lab::LabFlags;
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
    switch::Switch,
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
    /// Address to listen on, as ADDRESS:PORT, or as tls:ADDRESS:PORT for TLS; may be given several times. Port 0 takes a free one.
    #[arg(
        long,
        value_name = "[tls:]ADDRESS:PORT",
        env = "WS_ECHO_LISTEN",
        value_delimiter = ',',
        default_value = "0.0.0.0:8080"
    )]
    pub listen: Vec<Listen>,

    /// Address to serve /metrics on instead, with /healthz and /readyz, as ADDRESS:PORT [default: the addresses of --listen].
    #[arg(long, value_name = "ADDRESS:PORT", env = "WS_ECHO_METRICS_LISTEN", value_parser = values::listen)]
    pub metrics_listen: Option<SocketAddr>,

    /// Folder of the built page [default: dist in the working directory if the page is there, else the page in the program].
    #[arg(long, value_name = "FOLDER", env = "WS_ECHO_DIST")]
    pub dist: Option<PathBuf>,

    /// Number of threads for HTTP, and the same number for the echo [default: one for each CPU].
    #[arg(long, value_name = "COUNT", env = "WS_ECHO_WORKERS", default_value_t = available_parallelism().map_or(1, usize::from), hide_default_value = true, value_parser = values::workers)]
    pub workers: usize,

    /// The only web origins whose pages may connect, such as https://example.com; may be given several times
    /// [default: every origin]. Programs that send no Origin are not affected.
    #[arg(long, value_name = "ORIGIN", env = "WS_ECHO_ORIGIN", value_delimiter = ',')]
    pub origin: Vec<Origin>,

    /// Proxies that are trusted to name the client in X-Forwarded-For or Forwarded, as a network such as 10.0.0.0/8; may be given
    /// several times [default: none]. The log and --max-connections-per-address use the address that they name.
    #[arg(long, value_name = "CIDR", env = "WS_ECHO_TRUST_PROXY", value_delimiter = ',')]
    pub trust_proxy: Vec<Network>,

    /// The only subprotocols to accept; may be given several times [default: the first one offered].
    #[arg(long, value_name = "NAME", env = "WS_ECHO_SUBPROTOCOL", value_delimiter = ',', value_parser = values::subprotocol)]
    pub subprotocol: Vec<String>,

    /// Use of permessage-deflate if a client offers it.
    #[arg(long, value_name = "MODE", env = "WS_ECHO_DEFLATE", default_value = "no-context")]
    pub deflate: Deflate,

    /// Implementation of the echo: the server's own engine, or actix-ws as a reference, which does not compress.
    #[arg(long, value_name = "ENGINE", env = "WS_ECHO_ENGINE", default_value = "native")]
    pub engine: Engine,

    /// HTTP/2 beside HTTP/1.1, with WebSockets on its streams (RFC 8441): by ALPN with TLS, and by prior knowledge without.
    #[arg(long, value_name = "WHEN", env = "WS_ECHO_HTTP2", default_value = "on")]
    pub http2: Switch,

    /// Format of the log lines on stderr.
    #[arg(long, value_name = "FORMAT", env = "WS_ECHO_LOG_FORMAT", default_value = "text")]
    pub log_format: LogFormat,

    /// Level of the log lines: off, error, warn, info, debug or trace, or levels by module, such as
    /// ws_echo=debug,actix_server=info [default: RUST_LOG if it is set, else info].
    #[arg(long, value_name = "LEVEL", env = "WS_ECHO_LOG_LEVEL")]
    pub log_level: Option<LogFilter>,

    #[command(flatten)]
    pub tls: TlsFlags,

    #[command(flatten)]
    pub page: PageFlags,

    #[command(flatten)]
    pub lab: LabFlags,

    #[command(flatten)]
    pub limits: LimitFlags,

    #[command(flatten)]
    pub times: TimeFlags,

    /// Command to run instead of serving.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Commands to run instead of serving.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Ask a running server on this machine if it is alive; the exit code is 0 if it is, and 1 if not.
    Health(HealthFlags),
    /// Write the completions for a shell to stdout.
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// Write the manual page to stdout.
    Man,
}

/// Flags of `ws-echo health`.
#[derive(Debug, Clone, Args)]
pub struct HealthFlags {
    /// Ask if the server is ready for new connections, and not only if it is alive.
    #[arg(long)]
    pub ready: bool,

    /// Address of the server. With TLS, any certificate is accepted, as the check asks for an address, not a name.
    #[arg(
        long,
        value_name = "[tls:]ADDRESS:PORT",
        env = "WS_ECHO_LISTEN",
        value_delimiter = ',',
        default_value = "0.0.0.0:8080"
    )]
    pub listen: Vec<Listen>,

    /// Time limit for the answer.
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = values::time)]
    pub timeout: Duration,
}

impl Cli {
    /// Reads the arguments and variables of the process. An empty variable counts as one that is not set.
    ///
    /// # Errors
    /// An error of clap, which [`report`] prints.
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

/// Prints an error of clap and returns the exit code. Help and version are no errors; any other error is printed as one line.
#[allow(clippy::print_stderr, reason = "a usage error is for the person at the terminal, and not a log line")]
pub fn report(error: &clap::Error) -> ExitCode {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        return if error.print().is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    eprintln!("{}", one_line(&error.to_string()));
    ExitCode::from(2)
}

/// Returns a text of clap as one line: the error and the tips, without the usage.
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
