//! Parts of files that the user chooses.

use std::ops::Range;

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use super::reason::reason;
use crate::common::format::to_float;

/// Number of bytes that are read at once. A longer part is read in steps, between which the page can do other work.
const STEP: u64 = 4 << 20;

/// Reason that a file was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// The part does not fit into the page's memory.
    TooBig,
    /// The browser refused, with this reason.
    Refused(String),
}

pub fn size(file: &File) -> u64 {
    // The cast is lossless: the size is whole and never negative.
    file.size() as u64
}

/// Reads a part of a file, which may have been deleted or changed since it was chosen.
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
