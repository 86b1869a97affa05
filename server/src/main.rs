//! The program `ws-echo`: reads the flags, runs the server, and returns the exit code.
#![allow(
    clippy::print_stderr,
    reason = "a start-up error is for the person at the terminal, and not a log line"
)]

mod page;

use std::process::ExitCode;

use tracing::info;
use ws_echo::{
    Application, Cli, Config, commands,
    config::cli,
    logging,
    signals::{Hangup, StopSignals},
};

/// Exit code if the server does not start, or fails.
const FAILURE: u8 = 1;

/// Exit code of a wrong command line.
const USAGE: u8 = 2;

/// Exit code if connections were dropped, because they did not close in time.
const DROPPED: u8 = 3;

fn main() -> ExitCode {
    let typed = match Cli::read() {
        Ok(typed) => typed,
        Err(error) => return cli::report(&error),
    };
    if let Some(command) = typed.command {
        return commands::run(command).map_or_else(|error| fail(FAILURE, &error), |()| ExitCode::SUCCESS);
    }
    let config = match Config::try_from(typed) {
        Ok(config) => config,
        Err(error) => return fail(USAGE, &error),
    };
    let log = logging::start(config.log_format, &config.log_filter);
    let served = actix_web::rt::System::new().block_on(serve(config));
    // Writes the log lines that wait, before an error is printed.
    drop(log);
    match served {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::from(DROPPED),
        Err(error) => fail(FAILURE, error.as_ref()),
    }
}

/// Serves until a signal. Returns the number of connections that were dropped.
async fn serve(config: Config) -> Result<usize, Box<dyn std::error::Error>> {
    let mut signals = StopSignals::listen()?;
    let application = Application::bind(&config, page::EMBEDDED)?;
    let mut hangup = Hangup::listen()?;
    let tls = application.tls();
    actix_web::rt::spawn(async move {
        loop {
            hangup.next().await;
            match &tls {
                Some(tls) => tls.reload(),
                None => info!("SIGHUP changes nothing: there is no certificate to read"),
            }
        }
    });
    Ok(application.run_until(async || signals.next().await).await?)
}

/// Prints one line on stderr, with the whole chain of causes. Returns the exit code.
fn fail(code: u8, error: &dyn std::error::Error) -> ExitCode {
    let mut line = format!("error: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        line.push_str(&format!(": {error}"));
        cause = error.source();
    }
    eprintln!("{line}");
    ExitCode::from(code)
}
