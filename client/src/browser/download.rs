//! Files for the reader to keep.

use gloo_timers::callback::Timeout;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsCast as _;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

/// How long a file's address lives, in milliseconds: browsers may ask where to put it before they read it.
const ADDRESS_MS: u32 = 60_000;

/// A file that grows part by part, outside of this program's memory.
#[derive(Debug, Default)]
pub struct Download {
    parts: Array,
}

impl Download {
    /// Appends bytes, which are copied.
    pub fn push(&self, bytes: &[u8]) {
        self.parts.push(&Uint8Array::from(bytes));
    }

    /// Hands the file to the browser, which keeps it or asks where. False if it cannot.
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
            // Fails only for what is no address.
            let _ = Url::revoke_object_url(&address);
        })
        .forget();
        Some(())
    }
}
