//! Post-build hook of trunk (see `Trunk.toml`): packs the texts of the page, and makes a release build smaller and compresses it.

use std::{env, path::PathBuf, process::ExitCode};

fn main() -> ExitCode {
    let staging = env::var_os("TRUNK_STAGING_DIR").map(PathBuf::from);
    let result = match (env::var("TRUNK_PROFILE").as_deref(), staging) {
        (Ok("release"), Some(staging)) => precompress::pack_texts(&staging)
            .and_then(|()| precompress::merge_styles(&staging))
            .and_then(|()| precompress::shrink_modules(&staging))
            .and_then(|()| precompress::folder(&staging)),
        (Ok(_), Some(staging)) => precompress::pack_texts(&staging),
        _ => {
            eprintln!(
                "precompress: TRUNK_PROFILE and TRUNK_STAGING_DIR are not set; trunk sets them when it runs this as its hook"
            );
            return ExitCode::FAILURE;
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("precompress: {error}");
            ExitCode::FAILURE
        }
    }
}
