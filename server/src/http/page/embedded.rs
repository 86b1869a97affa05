//! The page in the program. Its bytes lie in the program's read-only data and are sent from there.

use std::{
    io::{self, ErrorKind},
    path::Path,
};

use actix_web::http::header::AcceptEncoding;

use super::asset::{Asset, Content, INDEX, entity_tag, media_type, negotiate};

/// A file in the program.
#[derive(Clone, Copy, Debug)]
pub struct EmbeddedFile {
    pub bytes: &'static [u8],
    /// The SHA-256 of the bytes, from which the entity tag is made.
    pub sha256: [u8; 32],
}

/// The files of the folder `dist` at the time of the build.
///
/// The program has them and not this library: the library can then be compiled before the page.
#[derive(Clone, Copy, Debug)]
pub struct EmbeddedPage {
    /// Returns the file of a name, which is relative to `dist` and has slashes on every system.
    pub get: fn(&str) -> Option<EmbeddedFile>,
}

impl EmbeddedPage {
    pub(super) fn asset(self, path: &Path, accepted: Option<&AcceptEncoding>) -> io::Result<Asset> {
        let mut name = name(path);
        if (self.get)(&name).is_none() {
            name = if name.is_empty() { INDEX.into() } else { format!("{name}/{INDEX}") };
        }
        let (encoding, suffix) =
            negotiate(accepted, |suffix| (self.get)(&format!("{name}{suffix}")).is_some());
        let file = self.file(&format!("{name}{suffix}"))?;
        Ok(Asset {
            content: Content::Static(file.bytes),
            len: file.bytes.len() as u64,
            tag: entity_tag(&file.sha256),
            media_type: media_type(Path::new(&name)),
            encoding,
        })
    }

    pub(super) fn index(self) -> io::Result<&'static [u8]> {
        Ok(self.file(INDEX)?.bytes)
    }

    fn file(self, name: &str) -> io::Result<EmbeddedFile> {
        (self.get)(name).ok_or_else(|| ErrorKind::NotFound.into())
    }
}

/// Returns the name of the file at a path.
fn name(path: &Path) -> String {
    let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}
