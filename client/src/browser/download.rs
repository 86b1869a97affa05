//! Files for the user to download.

use gloo_timers::callback::Timeout;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsCast as _;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

/// Lifetime of a file's address, in milliseconds. Browsers may ask the user for a place before they read the file.
const ADDRESS_MS: u32 = 60_000;

/// A file that is built in parts, outside of WebAssembly's memory.
#[derive(Debug, Default)]
pub struct Download {
    parts: Array,
}

impl Download {
    /// Appends a copy of the bytes.
    pub fn push(&self, bytes: &[u8]) {
        self.parts.push(&Uint8Array::from(bytes));
    }

    /// Hands the file to the browser, which stores it or asks for a place. Returns false on failure.
    pub fn save(&self, name: &str, media_type: &str) -> bool {
        self.try_save(name, media_type).is_some()
    }

    fn try_save(&self, name: &str, media_type: &str) -> Option<()> {
        let options = BlobPropertyBag::new();
        options.set_type(media_type);
        let blob = Blob::new_with_u8_array_sequence_and_options(&self.parts, &options).ok()?;
        let document = web_sys::window()?.document()?;
        let link: HtmlAnchorElement = document.create_element("a").ok()?.dyn_into().ok()?;
        let address = Url::create_object_url_with_blob(&blob).ok()?;
        link.set_href(&address);
        link.set_download(name);
        link.click();
        Timeout::new(ADDRESS_MS, move || {
            // Fails only for an invalid address.
            let _ = Url::revoke_object_url(&address);
        })
        .forget();
        Some(())
    }
}
