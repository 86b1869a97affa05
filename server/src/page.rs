//! The page that the program carries. It is in the program and not in the library, so that the library is compiled beside the page.

use ws_echo::EmbeddedPage;

#[cfg(not(feature = "embed-page"))]
pub(crate) const EMBEDDED: Option<EmbeddedPage> = None;

#[cfg(feature = "embed-page")]
pub(crate) const EMBEDDED: Option<EmbeddedPage> = Some(EmbeddedPage { get: dist::file });

#[cfg(feature = "embed-page")]
mod dist {
    use std::borrow::Cow;

    use rust_embed::Embed;
    use ws_echo::EmbeddedFile;

    /// The folder `dist` at the time of the build.
    #[derive(Embed)]
    #[folder = "../dist"]
    struct Dist;

    // Names the missing file if the page is not built; 'make page' builds it.
    const _: &[u8] = include_bytes!("../../dist/index.html");

    pub(super) fn file(name: &str) -> Option<EmbeddedFile> {
        let file = Dist::get(name)?;
        // Always borrowed: the feature `debug-embed` embeds the bytes in debug builds too.
        let Cow::Borrowed(bytes) = file.data else { return None };
        Some(EmbeddedFile { bytes, sha256: file.metadata.sha256_hash() })
    }
}
