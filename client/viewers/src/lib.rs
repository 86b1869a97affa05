//! Tasks that need more code than the page should load at its start. They run in a worker, and use nothing of the browser.
//!
//! Decoders turn bytes into JSON. What JSON has no form for stands between angle brackets in a string: `"<NaN>"`, `"<undefined>"`,
//! a key `"<1>"` that is no text, and an object with the single member `"<tag 0>"` or `"<ext 5>"`. Bytes are `"h'00ff'"`.

pub mod cbor;
pub mod diff;
pub mod har;
mod json;
pub mod msgpack;

/// Maximum depth of maps, arrays and tags. A fault beyond it is that of the container that lies too deep.
pub const DEPTH: usize = 200;

fn text(input: &[u8]) -> Result<&str, usize> {
    str::from_utf8(input).map_err(|error| error.valid_up_to())
}

/// Runs a task. Returns its result, or the position of the byte at which the input is at fault. A task that does not exist finds a fault
/// at the first byte.
///
/// # Errors
///
/// The input is not in the task's format, or is nested deeper than [`DEPTH`].
pub fn run(task: &str, input: &[u8]) -> Result<String, usize> {
    match task {
        "cbor" => cbor::to_json(input),
        "msgpack" => msgpack::to_json(input),
        "diff" => diff::diff(text(input)?),
        "har-read" => har::read(text(input)?),
        "har-write" => har::write(text(input)?),
        _ => Err(0),
    }
}
