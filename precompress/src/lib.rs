//! Writes a brotli and a gzip version beside each file of a folder that gets smaller by it.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use flate2::{Compression, write::GzEncoder};

/// Kinds of file that compress. Images and fonts other than these are compressed by nature.
const COMPRESSIBLE: [&str; 9] = ["css", "html", "js", "json", "map", "svg", "txt", "wasm", "xml"];

/// What went wrong, and with which file.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A folder could not be listed.
    #[error("cannot list {path}: {source}")]
    List {
        /// The folder.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A file could not be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A file could not be written.
    #[error("cannot write {path}: {source}")]
    Write {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
}

/// Compresses what is in a folder and in the folders below it.
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
