//! Checks that the page is there to be embedded, and has cargo build the server again after the page has changed.

use std::{env, path::Path, process::ExitCode};

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=build.rs");
    if env::var_os("CARGO_FEATURE_EMBED_PAGE").is_none() {
        return ExitCode::SUCCESS;
    }
    println!("cargo::rerun-if-changed=../dist");
    if Path::new("../dist/index.html").is_file() {
        return ExitCode::SUCCESS;
    }
    println!(
        "cargo::error=the feature embed-page needs the built page: dist/index.html is not there; run 'make page' first"
    );
    ExitCode::FAILURE
}
