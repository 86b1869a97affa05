//! Files that the user chooses, read in slices.

use js_sys::Uint8Array;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

/// Size of a slice, in bytes: the part of a file that is in memory at a time.
const SLICE: f64 = 1_048_576.0;

/// Reason that a file was not read completely.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileError<E> {
    /// The browser cannot read the file: it was deleted, has changed, or is forbidden.
    Unreadable,
    /// `take` returned an error.
    Refused(E),
}

/// Reads a file in slices from its beginning. Between slices the browser can do other work.
///
/// # Errors
///
/// Returns an error if the file cannot be read, or if `take` returns an error for a slice.
pub async fn read<E>(file: &File, mut take: impl FnMut(&[u8]) -> Result<(), E>) -> Result<(), FileError<E>> {
    let size = file.size();
    let mut start = 0.0;
    while start < size {
        let end = f64::min(start + SLICE, size);
        let bytes = slice(file, start, end).await.ok_or(FileError::Unreadable)?;
        take(&bytes).map_err(FileError::Refused)?;
        start = end;
    }
    Ok(())
}

async fn slice(file: &File, start: f64, end: f64) -> Option<Vec<u8>> {
    let slice = file.slice_with_f64_and_f64(start, end).ok()?;
    let buffer = JsFuture::from(slice.array_buffer()).await.ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}
