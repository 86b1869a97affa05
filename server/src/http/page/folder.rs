//! The page from a folder. A build may replace its files at any time.

use std::{
    collections::HashMap,
    fs::{self, File, Metadata},
    io::{self, ErrorKind, Read as _, Seek as _},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::SystemTime,
};

use actix_web::http::header::{AcceptEncoding, EntityTag};
use sha2::{Digest as _, Sha256};

use super::asset::{Asset, Content, INDEX, VARIANTS, entity_tag, media_type, negotiate, with_suffix};

/// A folder of files, and of folders below it.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    /// The tags of the files that were sent, each with the version of the file. A tag costs a look at the whole file.
    tags: Mutex<HashMap<PathBuf, (Version, EntityTag)>>,
}

impl Folder {
    pub(super) fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), tags: Mutex::default() }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn has_index(&self) -> bool {
        self.path.join(INDEX).exists()
    }

    pub(super) fn index_version(&self) -> io::Result<Version> {
        fs::metadata(self.path.join(INDEX)).map(|file| Version::of(&file))
    }

    pub(super) fn index(&self) -> io::Result<Vec<u8>> {
        fs::read(self.path.join(INDEX))
    }

    pub(super) fn asset(&self, path: &Path, accepted: Option<&AcceptEncoding>) -> io::Result<Asset> {
        let root = self.path.canonicalize()?;
        let mut path = root.join(path);
        if path.is_dir() {
            path.push(INDEX);
        }
        if !is_servable(&root, &path) {
            return Err(ErrorKind::NotFound.into());
        }
        let (encoding, suffix) = negotiate(accepted, |suffix| with_suffix(&path, suffix).exists());
        let variant = with_suffix(&path, suffix);
        let mut file = File::open(&variant)?;
        let metadata = file.metadata()?;
        let tag = self.tag(variant, Version::of(&metadata), &mut file)?;
        Ok(Asset {
            content: Content::File(file),
            len: metadata.len(),
            tag,
            media_type: media_type(&path),
            encoding,
        })
    }

    /// Returns the tag of an open file.
    fn tag(&self, path: PathBuf, version: Version, file: &mut File) -> io::Result<EntityTag> {
        let tags = || self.tags.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, tag)) = tags().get(&path).filter(|(of, _)| *of == version) {
            return Ok(tag.clone());
        }
        // Other threads go on meanwhile: the lock is not held.
        let mut hash = Sha256::new();
        let mut buffer = vec![0; 64 * 1024];
        loop {
            match file.read(&mut buffer) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Ok(0) => break,
                read => hash.update(&buffer[..read?]),
            }
        }
        file.rewind()?;
        let tag = entity_tag(&hash.finalize());
        tags().insert(path, (version, tag.clone()));
        Ok(tag)
    }
}

/// True if a file and its variants, as far as they exist, lie below `root` and are regular files: symbolic links must not lead
/// out of the folder, and opening a pipe would block the thread.
fn is_servable(root: &Path, path: &Path) -> bool {
    VARIANTS.iter().all(|(_, suffix)| {
        with_suffix(path, suffix).canonicalize().map_or(true, |real| real.starts_with(root) && real.is_file())
    })
}

/// The version of a file, as far as the system tells it without reading the file.
///
/// A build may replace the page while the server runs. Pages of two builds often have one length, and deployments may set the time of
/// the last change, so the inode counts too.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Version {
    len: u64,
    modified: Option<SystemTime>,
    /// Device, inode, and the time of the inode's last change in seconds and nanoseconds; zeros on systems without inodes.
    inode: (u64, u64, i64, i64),
}

impl Version {
    /// The version of a file that never changes.
    pub(super) const FIXED: Self = Self { len: 0, modified: None, inode: (0, 0, 0, 0) };

    fn of(file: &Metadata) -> Self {
        #[cfg(unix)]
        let inode = {
            use std::os::unix::fs::MetadataExt as _;
            (file.dev(), file.ino(), file.ctime(), file.ctime_nsec())
        };
        #[cfg(not(unix))]
        let inode = (0, 0, 0, 0);
        Self { len: file.len(), modified: file.modified().ok(), inode }
    }
}
