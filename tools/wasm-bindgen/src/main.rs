//! The program `wasm-bindgen`, with the options that trunk uses. It is here and not installed from the package `wasm-bindgen-cli`, since
//! that one also has a test runner with 120 crates, and since the version in Cargo.lock is then the version of the page's library, too.

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Context as _, bail};
use lexopt::{Arg, Parser, ValueExt as _};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("wasm-bindgen: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> anyhow::Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen.omit_default_module_path(false); // as the program of the package wasm-bindgen-cli
    let mut input = None;
    let mut folder: Option<PathBuf> = None;
    let mut arguments = Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("version") => {
                println!("wasm-bindgen {}", wasm_bindgen_shared::version());
                return Ok(());
            }
            Arg::Long("target") => match arguments.value()?.string()?.as_str() {
                "web" => bindgen.web(true)?,
                "no-modules" => bindgen.no_modules(true)?,
                other => bail!("there is no target {other} here; trunk has web and no-modules"),
            },
            Arg::Long("out-dir") => {
                folder = Some(arguments.value()?.into());
                &mut bindgen
            }
            Arg::Long("out-name") => bindgen.out_name(&arguments.value()?.string()?),
            Arg::Long("keep-debug") => bindgen.keep_debug(true),
            Arg::Long("no-demangle") => bindgen.demangle(false),
            Arg::Long("no-typescript") => bindgen.typescript(false),
            // Found out from the file's own features.
            Arg::Long("reference-types" | "weak-refs") => &mut bindgen,
            Arg::Value(path) if input.is_none() => {
                let path = input.insert(PathBuf::from(path));
                bindgen.input_path(path)
            }
            other => return Err(other.unexpected().into()),
        };
    }
    input.context("no file is named")?;
    bindgen.generate(folder.context("--out-dir is missing")?)
}
