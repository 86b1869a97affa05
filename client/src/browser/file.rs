//! Files that the reader picks.

use js_sys::Uint8Array;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

/// How much of a file is in memory at a time, in bytes.
const SLICE: f64 = 1_048_576.0;

/// Why a file was not read to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileError<E> {
    /// The browser cannot read it: it is gone, has changed, or is forbidden.
    Unreadable,
    /// The taker did not want more.
    Refused(E),
}

/// Reads a file from its beginning, slice by slice. Between the slices the browser goes on.
///
/// # Errors
///
/// The file cannot be read, or what `take` had against a slice.
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
