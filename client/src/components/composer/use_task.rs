//! Work that goes on while its component is there.

use std::cell::RefCell;
use std::future::Future;
use std::rc::Rc;

use futures_util::future::{AbortHandle, abortable};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

/// A piece of work, or none. A clone is the same.
#[derive(Clone, Default)]
pub struct Task(Rc<RefCell<Option<AbortHandle>>>);

impl Task {
    /// Begins the work, in place of what went on.
    pub fn start(&self, work: impl Future<Output = ()> + 'static) {
        self.stop();
        let (work, handle) = abortable(work);
        self.0.replace(Some(handle));
        spawn_local(async {
            // At its end or aborted, there is nothing left to do.
            let _ = work.await;
        });
    }

    /// Ends it where it waits.
    pub fn stop(&self) {
        if let Some(handle) = self.0.take() {
            handle.abort();
        }
    }
}

/// The work of a component; it ends with it.
#[hook]
pub fn use_task() -> Task {
    let task = use_state(Task::default);
    use_effect_with((), {
        let task = (*task).clone();
        move |()| move || task.stop()
    });
    (*task).clone()
}
