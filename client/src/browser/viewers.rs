//! Tasks of the module `client/viewers`, which is loaded in a worker when one is needed.

use std::cell::Cell;
use std::rc::Rc;

use gloo_events::EventListener;
use js_sys::{Array, Promise, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};
use yew::Callback;

/// Path of the worker's script, relative to the page.
const SCRIPT: &str = "viewers-worker.js";

/// Result of a task: a text, or the reason that there is none.
pub type Outcome = Result<String, TaskProblem>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskProblem {
    /// The input has a fault at this byte.
    At(usize),
    /// The module could not be loaded, or has stopped.
    NoModule,
}

/// A running task, which ends on drop.
pub struct Task {
    worker: Worker,
    _listeners: [EventListener; 2],
}

impl Task {
    /// Starts a task of the module with its input. `done` is called with the outcome, unless the task is dropped before.
    pub fn start(name: &str, input: &[u8], done: Callback<Outcome>) -> Option<Self> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(SCRIPT, &options).ok()?;
        let failed = done.clone();
        let listeners = [
            EventListener::new(&worker, "message", move |event| {
                let data = event.unchecked_ref::<MessageEvent>().data();
                done.emit(match (data.as_string(), data.as_f64()) {
                    (Some(text), _) => Ok(text),
                    // The cast is lossless: a page has less than 4 GiB of memory.
                    (None, Some(at)) => Err(TaskProblem::At(at as usize)),
                    (None, None) => Err(TaskProblem::NoModule),
                });
            }),
            EventListener::new(&worker, "error", move |_| failed.emit(Err(TaskProblem::NoModule))),
        ];
        worker.post_message(&Array::of2(&name.into(), &Uint8Array::from(input))).ok()?;
        Some(Self { worker, _listeners: listeners })
    }
}

/// Runs a task to its end.
pub async fn run(name: &str, input: &[u8]) -> Outcome {
    let outcome = Rc::new(Cell::new(Err(TaskProblem::NoModule)));
    let mut task = None;
    let promise = Promise::new(&mut |resolve, _| {
        let outcome = outcome.clone();
        let resolved = resolve.clone();
        let done = Callback::from(move |result: Outcome| {
            outcome.set(result);
            // Does not fail: the promise's own function throws nothing.
            let _ = resolved.call0(&JsValue::NULL);
        });
        task = Task::start(name, input, done);
        if task.is_none() {
            let _ = resolve.call0(&JsValue::NULL);
        }
    });
    // The promise is never rejected.
    let _ = JsFuture::from(promise).await;
    drop(task);
    outcome.replace(Err(TaskProblem::NoModule))
}

impl Drop for Task {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}
