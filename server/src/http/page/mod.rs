//! The files of the page: from a folder, or from the program itself.

mod asset;
mod body;
mod embedded;
mod folder;

use std::{borrow::Cow, fmt, io, path::Path};

use actix_web::http::header::AcceptEncoding;

pub use self::embedded::{EmbeddedFile, EmbeddedPage};
use self::folder::Folder;
pub(crate) use self::{
    asset::{Asset, INDEX},
    body::PageBody,
    folder::Version,
};

/// The folder that is served without `--dist`, if it has a page.
const USUAL_FOLDER: &str = "dist";

/// The page. Both kinds answer alike: entity tags are made from contents alone.
#[derive(Debug)]
pub(crate) enum Page {
    /// The files of a folder. They may change at any time.
    Folder(Folder),
    /// The files that the build put into the program.
    Embedded(EmbeddedPage),
}

impl Page {
    /// The page of `--dist`. Without that flag: the page in the folder `dist` of the working directory, or else the embedded one. A
    /// program without an embedded page expects it in that folder.
    pub(crate) fn new(dist: Option<&Path>, embedded: Option<EmbeddedPage>) -> Self {
        match (dist, embedded) {
            (Some(folder), _) => Self::Folder(Folder::new(folder)),
            (None, Some(page)) if !Path::new(USUAL_FOLDER).join(INDEX).is_file() => Self::Embedded(page),
            (None, _) => Self::Folder(Folder::new(Path::new(USUAL_FOLDER))),
        }
    }

    /// Returns the file at a path, in the encoding that the client prefers (RFC 9110 section 12.5.3), or the index of the folder there.
    ///
    /// # Errors
    /// There is no such file, it may not be sent, or it cannot be read.
    pub(crate) fn asset(&self, path: &Path, accepted: Option<&AcceptEncoding>) -> io::Result<Asset> {
        match self {
            Self::Folder(folder) => folder.asset(path, accepted),
            Self::Embedded(page) => page.asset(path, accepted),
        }
    }

    /// Returns the folder of the page.
    pub(crate) fn folder(&self) -> Option<&Path> {
        match self {
            Self::Folder(folder) => Some(folder.path()),
            Self::Embedded(_) => None,
        }
    }

    /// True if the page exists. It may be unreadable.
    pub(crate) fn exists(&self) -> bool {
        match self {
            Self::Folder(folder) => folder.has_index(),
            Self::Embedded(_) => true,
        }
    }

    /// Returns the version of the file at `/`.
    ///
    /// # Errors
    /// The file cannot be found.
    pub(crate) fn index_version(&self) -> io::Result<Version> {
        match self {
            Self::Folder(folder) => folder.index_version(),
            Self::Embedded(_) => Ok(Version::FIXED),
        }
    }

    /// Returns the file at `/`, not compressed.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn index(&self) -> io::Result<Cow<'static, [u8]>> {
        match self {
            Self::Folder(folder) => folder.index().map(Cow::Owned),
            Self::Embedded(page) => page.index().map(Cow::Borrowed),
        }
    }
}

impl fmt::Display for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => write!(f, "folder {}", folder.path().display()),
            Self::Embedded(_) => f.write_str("embedded"),
        }
    }
}
