//! Makes the files of a page smaller, and writes a brotli and a gzip variant beside each, if the variant is smaller.

mod module;
mod names;
mod script;
mod styles;
mod texts;

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use flate2::{Compression, write::GzEncoder};

use module::Functions;
use sha2::{Digest as _, Sha256};

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
    /// A module is damaged.
    #[error("cannot read {path}: {source}")]
    Module { path: PathBuf, source: module::Error },
    /// A file could not be written.
    #[error("cannot write {path}: {source}")]
    Write { path: PathBuf, source: io::Error },
}

/// Makes each module of a folder and its script smaller: `NAME_bg.wasm` and `NAME.js`.
///
/// # Errors
///
/// Stops at the first file that cannot be read or written.
pub fn shrink_modules(path: &Path) -> Result<(), Error> {
    let list = |source| Error::List { path: path.to_owned(), source };
    for entry in fs::read_dir(path).map_err(list)? {
        let path = entry.map_err(list)?.path();
        let name = path.file_name().and_then(|name| name.to_str()?.strip_suffix("_bg.wasm"));
        let Some(script_path) = name.map(|name| path.with_file_name(format!("{name}.js"))) else { continue };
        let module = fs::read(&path).map_err(|source| Error::Read { path: path.clone(), source })?;
        let script = read_text(&script_path)?;
        let damaged = |source| Error::Module { path: path.clone(), source };
        let functions = Functions::read(&module).map_err(damaged)?;
        let names = names::short(functions.imports().flat_map(|(script, name)| [script, name]), &script);
        write(&path, functions.rewrite(&names).map_err(damaged)?)?;
        write(&script_path, script::minify(&script, &names))?;
    }
    Ok(())
}

/// Packs each file in the folder `texts`, if there is one.
///
/// # Errors
///
/// Stops at the first file that cannot be read or written.
pub fn pack_texts(path: &Path) -> Result<(), Error> {
    let path = path.join("texts");
    if !path.exists() {
        return Ok(());
    }
    let list = |source| Error::List { path: path.clone(), source };
    for entry in fs::read_dir(&path).map_err(list)? {
        let file = entry.map_err(list)?.path();
        write(&file, texts::pack(&read_text(&file)?))?;
    }
    Ok(())
}

/// Merges the style sheets of `index.html` into one, whose name has the hash of its content.
///
/// # Errors
///
/// Stops at the first file that cannot be read, written or removed.
pub fn merge_styles(path: &Path) -> Result<(), Error> {
    let index = path.join("index.html");
    let html = read_text(&index)?;
    let links = styles::links(&html);
    if links.len() < 2 {
        return Ok(());
    }
    let sheets: Vec<_> = links.iter().map(|link| path.join(&html[link.address.clone()])).collect();
    let merged = sheets.iter().map(|sheet| read_text(sheet)).collect::<Result<String, _>>()?;
    let name = format!("style-{}.css", hash(&merged));
    for sheet in sheets {
        fs::remove_file(&sheet).map_err(|source| Error::Write { path: sheet, source })?;
    }
    write(&path.join(&name), &merged)?;
    write(&index, styles::replace(&html, &links, &format!("./{name}")))
}

/// Returns 16 digits of a content's SHA-256. The server recognises such names, and lets browsers keep the files.
fn hash(content: &str) -> String {
    Sha256::digest(content)[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}

fn read_text(path: &Path) -> Result<String, Error> {
    fs::read_to_string(path).map_err(|source| Error::Read { path: path.to_owned(), source })
}

fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<(), Error> {
    fs::write(path, content).map_err(|source| Error::Write { path: path.to_owned(), source })
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
