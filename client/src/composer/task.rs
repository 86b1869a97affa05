//! Background work that can be stopped.

use std::future::Future;

use futures_util::future::{AbortHandle, abortable};
use wasm_bindgen_futures::spawn_local;

/// At most one piece of background work.
#[derive(Default)]
pub struct Task(Option<AbortHandle>);

impl Task {
    /// Starts the work. Work in progress is stopped first.
    pub fn start(&mut self, work: impl Future<Output = ()> + 'static) {
        self.stop();
        let (work, handle) = abortable(work);
        self.0 = Some(handle);
        spawn_local(async {
            // Both results, done and aborted, need no action.
            let _ = work.await;
        });
    }

    /// Stops the work at its current await.
    pub fn stop(&mut self) {
        if let Some(handle) = self.0.take() {
            handle.abort();
        }
    }
}
