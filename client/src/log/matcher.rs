//! Matches regular expressions in a worker, which is terminated if an expression takes too long.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use gloo_events::EventListener;
use gloo_timers::callback::Interval;
use js_sys::{Array, JsString, Uint8Array, Uint32Array};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Event, MessageEvent, Worker};
use yew::{AttrValue, Callback};

use super::model::filter::short;
use super::model::search::Batch;
use crate::texts::{LogTexts, fill};

/// Path of the worker's script, relative to the page.
const SCRIPT: &str = "filter-worker.js";

/// Time limit for a batch, in seconds.
const LIMIT_SECONDS: u32 = 2;

/// Length of a step of the clock. A sleep of the machine or a stall of the page uses up one step and not the whole limit.
const STEP_MS: u32 = 200;
const STEPS: u32 = LIMIT_SECONDS * 1_000 / STEP_MS;

/// Steps left to a batch after its outcome has become useless.
const STEPS_UNWANTED: u32 = 1;

/// Texts that the expression of a batch matches, as [`Search::matched`](super::model::search::Search::matched) takes them, or the fault.
pub type Outcome = Result<Vec<u32>, PatternProblem>;

/// Fault of a regular expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PatternProblem {
    /// The expression is invalid, with the browser's message.
    Invalid(AttrValue),
    /// Matching a batch of messages took too long.
    TookTooLong,
    /// Matching failed, with the browser's message.
    Failed(AttrValue),
    /// The worker that matches could not be started.
    NoWorker,
}

impl PatternProblem {
    /// Describes the fault in one line.
    pub fn text(&self, texts: &LogTexts) -> AttrValue {
        match self {
            Self::Invalid(reason) => fill(texts.bad_pattern, &[("reason", reason)]).into(),
            Self::TookTooLong => fill(texts.slow_pattern, &[("seconds", &LIMIT_SECONDS.to_string())]).into(),
            Self::Failed(reason) => fill(texts.failed_pattern, &[("reason", reason)]).into(),
            Self::NoWorker => texts.no_matcher.into(),
        }
    }
}

/// A worker that matches one batch at a time. Clones refer to the same worker.
#[derive(Clone)]
pub struct Matcher(Rc<RefCell<State>>);

struct State {
    /// `None` if it could not be started.
    worker: Option<Started>,
    running: Option<Running>,
    /// Next batch, as a message to the worker.
    waiting: Option<JsValue>,
    notify: Callback<Outcome>,
}

/// A worker, which is terminated on drop. An answer that is still queued then is not heard.
struct Started {
    worker: Worker,
    /// True if its script has been loaded.
    is_ready: bool,
    _listeners: [EventListener; 2],
}

struct Running {
    steps_left: u32,
    /// True if its outcome is still needed.
    is_wanted: bool,
    _clock: Interval,
}

impl Matcher {
    /// Starts the worker at once, because the page's server may be gone later. `notify` is called with the outcome of each batch,
    /// unless the batch was dropped before.
    pub fn new(notify: Callback<Outcome>) -> Self {
        let state = State { worker: None, running: None, waiting: None, notify };
        let matcher = Self(Rc::new(RefCell::new(state)));
        matcher.start_worker();
        matcher
    }

    /// Matches the texts of a batch with a regular expression. Any earlier batch must have ended or been dropped.
    pub fn match_batch(&self, (source, flags): &(String, String), batch: &Batch) {
        let (bytes, ends) = (Uint8Array::from(&*batch.bytes), Uint32Array::from(&*batch.ends));
        let message = Array::of4(&source.into(), &flags.into(), &bytes, &ends);
        self.0.borrow_mut().waiting = Some(message.into());
        if self.0.borrow().worker.is_none() {
            self.start_worker();
        }
        self.go_on();
    }

    /// Drops the batch that is being matched, whose outcome is no longer needed.
    pub fn drop_batch(&self) {
        let mut state = self.0.borrow_mut();
        state.waiting = None;
        if let Some(running) = &mut state.running {
            running.is_wanted = false;
            running.steps_left = running.steps_left.min(STEPS_UNWANTED);
        }
    }

    fn start_worker(&self) {
        let started = Started::new(&self.0);
        self.0.borrow_mut().worker = started;
    }

    /// Posts the next batch to the worker if the worker is free.
    fn go_on(&self) {
        let mut state = self.0.borrow_mut();
        if state.running.is_some() {
            return;
        }
        let Some(message) = state.waiting.take() else { return };
        let posted =
            state.worker.as_ref().is_some_and(|started| started.worker.post_message(&message).is_ok());
        if !posted {
            drop(state);
            self.tell(Err(PatternProblem::NoWorker));
            return;
        }
        let clock = Interval::new(STEP_MS, {
            let state = Rc::downgrade(&self.0);
            move || Self::upgraded(&state, Self::count_step)
        });
        state.running = Some(Running { steps_left: STEPS, is_wanted: true, _clock: clock });
    }

    fn count_step(&self) {
        let mut state = self.0.borrow_mut();
        let State { worker: Some(Started { is_ready: true, .. }), running: Some(running), .. } = &mut *state
        else {
            return;
        };
        running.steps_left = running.steps_left.saturating_sub(1);
        if running.steps_left == 0 {
            drop(state);
            self.start_worker();
            self.end(Err(PatternProblem::TookTooLong));
        }
    }

    /// Ends the batch and continues with the next one.
    fn end(&self, outcome: Outcome) {
        let ended = self.0.borrow_mut().running.take();
        if ended.is_some_and(|running| running.is_wanted) {
            self.tell(outcome);
        }
        self.go_on();
    }

    fn tell(&self, outcome: Outcome) {
        let notify = self.0.borrow().notify.clone();
        notify.emit(outcome);
    }

    fn take(&self, data: &JsValue) {
        if let Some(matched) = data.dyn_ref::<Uint32Array>() {
            self.end(Ok(matched.to_vec()));
        } else if let Some(problem) = data.dyn_ref::<JsString>() {
            self.end(Err(PatternProblem::Failed(short(&String::from(problem)).into())));
        } else if let Some(started) = &mut self.0.borrow_mut().worker {
            started.is_ready = true;
        }
    }

    fn lose_worker(&self) {
        self.0.borrow_mut().worker = None;
        self.end(Err(PatternProblem::NoWorker));
    }

    fn upgraded(state: &Weak<RefCell<State>>, act: impl FnOnce(&Self)) {
        if let Some(state) = state.upgrade() {
            act(&Self(state));
        }
    }
}

impl Started {
    fn new(state: &Rc<RefCell<State>>) -> Option<Self> {
        let worker = Worker::new(SCRIPT).ok()?;
        let listen = |event, act: fn(&Matcher, &Event)| {
            let state = Rc::downgrade(state);
            EventListener::new(&worker, event, move |event| {
                Matcher::upgraded(&state, |matcher| act(matcher, event));
            })
        };
        let listeners = [
            listen("message", |matcher, event| matcher.take(&event.unchecked_ref::<MessageEvent>().data())),
            listen("error", |matcher, _| matcher.lose_worker()),
        ];
        Some(Self { worker, is_ready: false, _listeners: listeners })
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}
