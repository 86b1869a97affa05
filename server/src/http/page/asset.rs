//! A file of the page, and its name, type, tag and variants.

use std::{
    ffi::OsString,
    fs::File,
    path::{Path, PathBuf},
};

use actix_web::{
    http::header::{AcceptEncoding, ContentEncoding, Encoding, EntityTag},
    mime::{self, Mime},
};

/// The file at `/`.
pub(crate) const INDEX: &str = "index.html";

/// Encodings in which a file may exist, each with the suffix of its file name.
pub(super) const VARIANTS: [(ContentEncoding, &str); 3] =
    [(ContentEncoding::Brotli, ".br"), (ContentEncoding::Gzip, ".gz"), (ContentEncoding::Identity, "")];

/// A file of the page, ready to be sent.
pub(crate) struct Asset {
    pub(crate) content: Content,
    /// Length of the content in bytes.
    pub(crate) len: u64,
    pub(crate) tag: EntityTag,
    pub(crate) media_type: Mime,
    pub(crate) encoding: ContentEncoding,
}

/// The bytes of a file.
pub(crate) enum Content {
    File(File),
    Static(&'static [u8]),
}

/// Returns the best variant of a file for a client, as encoding and suffix. `exists` tells if the file has the variant of a suffix.
pub(super) fn negotiate(
    accepted: Option<&AcceptEncoding>,
    exists: impl Fn(&str) -> bool,
) -> (ContentEncoding, &'static str) {
    let existing = VARIANTS.iter().filter(|(_, suffix)| exists(suffix));
    let existing: Vec<_> = existing.map(|(encoding, _)| Encoding::Known(*encoding)).collect();
    let best = match accepted.and_then(|accepted| accepted.negotiate(existing.iter())) {
        Some(Encoding::Known(best)) => best,
        _ => ContentEncoding::Identity,
    };
    let suffix = VARIANTS.iter().find(|(encoding, _)| *encoding == best).map_or("", |(_, suffix)| suffix);
    (best, suffix)
}

pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}

/// Returns the media type of a file, by its name. Text types have a character set: the build writes UTF-8 only.
pub(super) fn media_type(path: &Path) -> Mime {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let plain = actix_files::file_extension_to_mime(extension);
    match plain.type_() {
        mime::TEXT if plain.get_param("charset").is_none() => {
            format!("{plain}; charset=utf-8").parse().unwrap_or(plain)
        }
        _ => plain,
    }
}

/// Returns the strong entity tag of a content, from its SHA-256 (RFC 9110 section 8.8.3). Replicas of the server and builds of the
/// same page agree on it, so a browser's copy stays valid.
pub(super) fn entity_tag(sha256: &[u8]) -> EntityTag {
    let half = &sha256[..sha256.len() / 2];
    EntityTag::new_strong(half.iter().map(|byte| format!("{byte:02x}")).collect())
}
