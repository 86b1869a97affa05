//! Work that can be stopped.

use std::future::Future;

use futures_util::future::{AbortHandle, abortable};
use wasm_bindgen_futures::spawn_local;

/// A piece of work, or none.
#[derive(Default)]
pub struct Task(Option<AbortHandle>);

impl Task {
    /// Begins the work, in place of what went on.
    pub fn start(&mut self, work: impl Future<Output = ()> + 'static) {
        self.stop();
        let (work, handle) = abortable(work);
        self.0 = Some(handle);
        spawn_local(async {
            // At its end or aborted, there is nothing left to do.
            let _ = work.await;
        });
    }

    /// Ends it where it waits.
    pub fn stop(&mut self) {
        if let Some(handle) = self.0.take() {
            handle.abort();
        }
    }
}
