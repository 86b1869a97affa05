//! The module of the page's worker for tasks, which viewers-worker.js starts.

use wasm_bindgen::prelude::wasm_bindgen;

fn main() {}

/// Runs a task. Returns its result, or the position of the byte at which the input is at fault.
#[wasm_bindgen]
pub fn run(task: &str, input: &[u8]) -> Result<String, f64> {
    // The cast is lossless: a module has less than 4 GiB of memory.
    ws_echo_viewers::run(task, input).map_err(|at| at as f64)
}
