//! Parts of files that the reader picks.

use std::ops::Range;

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use crate::browser::reason::reason;
use crate::state::pieces::to_float;

/// How many bytes are read at once: a longer part is read in steps, between which the page does other things.
const STEP: u64 = 4 << 20;

/// Why a file was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// It does not fit into the page's memory.
    TooBig,
    /// The browser's own reason.
    Refused(String),
}

/// The size in bytes.
pub fn size(file: &File) -> u64 {
    // A whole number, and never negative.
    file.size() as u64
}

/// Reads a part of a file.
///
/// # Errors
///
/// Why it was not read: it may have gone or changed since it was chosen.
pub async fn read(file: &File, part: Range<u64>) -> Result<Vec<u8>, Unreadable> {
    let length = usize::try_from(part.end - part.start).map_err(|_| Unreadable::TooBig)?;
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(length).map_err(|_| Unreadable::TooBig)?;
    let mut at = part.start;
    while at < part.end {
        let end = part.end.min(at + STEP);
        let step =
            file.slice_with_f64_and_f64(to_float(at), to_float(end)).map_err(|error| refused(&error))?;
        let buffer = JsFuture::from(step.array_buffer()).await.map_err(|error| refused(&error))?;
        bytes.extend_from_slice(&Uint8Array::new(&buffer).to_vec());
        at = end;
    }
    Ok(bytes)
}

fn refused(error: &JsValue) -> Unreadable {
    Unreadable::Refused(reason(error))
}
