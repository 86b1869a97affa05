//! Writes a brotli and a gzip variant beside each file of a folder, if the variant is smaller.

mod names;

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use flate2::{Compression, write::GzEncoder};

use names::Names;

/// Extensions of compressible files. Other files, such as images and fonts, are compressed already.
const COMPRESSIBLE: [&str; 9] = ["css", "html", "js", "json", "map", "svg", "txt", "wasm", "xml"];

/// A failure, and the file that caused it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A folder could not be listed.
    #[error("cannot list {path}: {source}")]
    List { path: PathBuf, source: io::Error },
    /// A file could not be read.
    #[error("cannot read {path}: {source}")]
    Read { path: PathBuf, source: io::Error },
    /// A file could not be written.
    #[error("cannot write {path}: {source}")]
    Write { path: PathBuf, source: io::Error },
}

/// Shortens the names that each module of a folder imports from its script: `NAME_bg.wasm` from `NAME.js`.
///
/// # Errors
///
/// Stops at the first file that cannot be read or written.
pub fn shorten_names(path: &Path) -> Result<(), Error> {
    let list = |source| Error::List { path: path.to_owned(), source };
    for entry in fs::read_dir(path).map_err(list)? {
        let module = entry.map_err(list)?.path();
        let name = module.file_name().and_then(|name| name.to_str()?.strip_suffix("_bg.wasm"));
        let Some(script) = name.map(|name| module.with_file_name(format!("{name}.js"))) else { continue };
        let mut names = Names::default();
        for path in [script, module] {
            let mut bytes = fs::read(&path).map_err(|source| Error::Read { path: path.clone(), source })?;
            names.shorten(&mut bytes);
            fs::write(&path, bytes).map_err(|source| Error::Write { path, source })?;
        }
    }
    Ok(())
}

/// Compresses the files of a folder and of the folders below it.
///
/// # Errors
///
/// Stops at the first file that cannot be read or written.
pub fn folder(path: &Path) -> Result<(), Error> {
    let list = |source| Error::List { path: path.to_owned(), source };
    for entry in fs::read_dir(path).map_err(list)? {
        let entry = entry.map_err(list)?;
        let path = entry.path();
        if entry.file_type().map_err(list)?.is_dir() {
            folder(&path)?;
        } else if compressible(&path) {
            file(&path)?;
        }
    }
    Ok(())
}

fn compressible(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| COMPRESSIBLE.iter().any(|kind| extension.eq_ignore_ascii_case(kind)))
}

fn file(path: &Path) -> Result<(), Error> {
    let plain = fs::read(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
    let write_smaller = |suffix: &str, compressed: io::Result<Vec<u8>>| {
        let mut name = OsString::from(path);
        name.push(suffix);
        match compressed {
            Ok(bytes) if bytes.len() >= plain.len() => Ok(()),
            compressed => compressed.and_then(|bytes| fs::write(&name, bytes)),
        }
        .map_err(|source| Error::Write { path: name.into(), source })
    };
    write_smaller(".br", brotli(&plain))?;
    write_smaller(".gz", gzip(&plain))
}

fn brotli(plain: &[u8]) -> io::Result<Vec<u8>> {
    let best = brotli::enc::BrotliEncoderParams { quality: 11, size_hint: plain.len(), ..Default::default() };
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut { plain }, &mut out, &best)?;
    Ok(out)
}

fn gzip(plain: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(plain)?;
    encoder.finish()
}
