//! The page in the program. Its bytes lie in the program's read-only data and are sent from there.

use std::{
    borrow::Cow,
    io::{self, ErrorKind},
    path::Path,
};

use actix_web::http::header::AcceptEncoding;
use rust_embed::{Embed, EmbeddedFile};

use super::asset::{Asset, Content, INDEX, entity_tag, media_type, negotiate};

/// The files of the folder `dist` at the time of the build; `build.rs` demands that it is there.
#[derive(Embed)]
#[folder = "../dist"]
struct Dist;

pub(super) fn asset(path: &Path, accepted: Option<&AcceptEncoding>) -> io::Result<Asset> {
    let mut name = name(path);
    if Dist::get(&name).is_none() {
        name = if name.is_empty() { INDEX.into() } else { format!("{name}/{INDEX}") };
    }
    let (encoding, suffix) = negotiate(accepted, |suffix| Dist::get(&format!("{name}{suffix}")).is_some());
    let file = get(&format!("{name}{suffix}"))?;
    let bytes = bytes(&file)?;
    Ok(Asset {
        content: Content::Static(bytes),
        len: bytes.len() as u64,
        tag: entity_tag(&file.metadata.sha256_hash()),
        media_type: media_type(Path::new(&name)),
        encoding,
    })
}

pub(super) fn index() -> io::Result<&'static [u8]> {
    bytes(&get(INDEX)?)
}

/// Returns the name of a file, which has slashes on every system.
fn name(path: &Path) -> String {
    let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

fn get(name: &str) -> io::Result<EmbeddedFile> {
    Dist::get(name).ok_or_else(|| ErrorKind::NotFound.into())
}

/// Returns the bytes of a file. They are always borrowed: the feature `debug-embed` embeds them in debug builds too.
fn bytes(file: &EmbeddedFile) -> io::Result<&'static [u8]> {
    match file.data {
        Cow::Borrowed(bytes) => Ok(bytes),
        Cow::Owned(_) => Err(ErrorKind::Unsupported.into()),
    }
}
