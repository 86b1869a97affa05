//! `ws-echo`: flags to configuration, run, exit code.
#![allow(
    clippy::print_stderr,
    reason = "a start-up error is for the person at the terminal, and not a log line"
)]

use std::process::ExitCode;

use ws_echo::{Application, Cli, Config, cli, logging, signals};

/// What the user typed is wrong.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let config = match Cli::read() {
        Ok(typed) => Config::try_from(typed),
        Err(error) => return cli::report(&error),
    };
    let config = match config {
        Ok(config) => config,
        Err(error) => return fail(USAGE, &error),
    };
    logging::start(config.log_format);
    match actix_web::rt::System::new().block_on(serve(config)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(1, error.as_ref()),
    }
}

async fn serve(config: Config) -> Result<(), Box<dyn std::error::Error>> {
    let stop = signals::stop_requested()?;
    Ok(Application::bind(config)?.run_until(stop).await?)
}

/// One line on stderr with the whole chain of causes.
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
