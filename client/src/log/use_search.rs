//! The rows of the log: messages that pass the filter, up to the point where the list is paused.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use js_sys::{Array, Function, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};
use yew::prelude::*;

use super::matcher::{LIMIT_SECONDS, Matcher, Outcome};
use super::model::filter::{Filter, Needle, short};
use super::model::log::VersionedLog;
use super::model::search::Search;
use crate::browser::page;
use crate::texts::{LogTexts, fill};

/// Maximum time that a filter works without a pause, in milliseconds: half a frame.
const STRETCH_MS: f64 = 8.0;

/// Result of a search.
pub struct SearchHandle {
    /// The search, which maps rows to messages.
    pub search: Rc<RefCell<Search>>,
    /// Number of rows.
    pub rows: usize,
    /// Number of the first rows that were removed since the last render.
    pub gone: usize,
    /// Progress in percent; `None` if the search is complete.
    pub percent: Option<u64>,
    /// Fault of the regular expression.
    pub problem: Option<PatternProblem>,
}

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

/// Searches the log up to the message `end`. Each render does a limited part and schedules the next one until the search is
/// complete. After a fault, the rows found so far stay.
#[hook]
pub fn use_search(log: VersionedLog, filter: Filter, end: u64) -> SearchHandle {
    let filter = Filter { language: use_context().unwrap_or_default(), ..filter };
    let update = use_force_update();
    let search = use_mut_ref(Search::default);
    let timer = use_mut_ref(|| None::<Timeout>);
    let trouble = use_mut_ref(|| None::<PatternProblem>);
    let matcher = {
        let (log, search, trouble, update) = (log.clone(), search.clone(), trouble.clone(), update.clone());
        use_memo((), move |()| {
            Matcher::new(Callback::from(move |outcome| {
                *trouble.borrow_mut() = match outcome {
                    Outcome::Matched(indices) => {
                        search.borrow_mut().matched(&log.borrow(), &indices);
                        None
                    }
                    Outcome::TookTooLong => Some(PatternProblem::TookTooLong),
                    Outcome::Failed(reason) => Some(PatternProblem::Failed(short(&reason).into())),
                    Outcome::NoWorker => Some(PatternProblem::NoWorker),
                };
                update.force_update();
            }))
        })
    };

    let pattern = use_memo(filter.needle.clone(), compile);
    let fresh = use_memo(filter, |filter| Cell::new(Some(filter.clone())));
    if let Some(filter) = fresh.take() {
        matcher.drop_batch();
        *search.borrow_mut() = Search::new(filter);
        *trouble.borrow_mut() = (*pattern).as_ref().err().cloned();
    }

    let log = log.borrow();
    let until = page::now() + STRETCH_MS;
    let is_stopped = trouble.borrow().is_some();
    let step = search.borrow_mut().step(&log, end, || is_stopped || page::now() >= until);
    let waits = match (&step.batch, &*pattern) {
        (Some(batch), Ok(Some(pattern))) if !is_stopped => {
            matcher.match_batch(pattern, batch);
            true
        }
        (batch, _) => batch.is_some() || search.borrow().is_waiting(),
    };
    let goes_on = step.more && !waits;
    *timer.borrow_mut() = goes_on.then(|| Timeout::new(0, move || update.force_update()));

    let (rows, percent) = (search.borrow().rows(&log, end), search.borrow().percent(&log, end));
    let problem = trouble.borrow().clone();
    SearchHandle { search, rows, gone: step.gone, percent: step.more.then_some(percent), problem }
}

/// Returns the source and the flags of the regular expression, if there is one. The browser validates it here, but does not match
/// anything. Its constructor throws, so it is called by reflection.
fn compile(needle: &Needle) -> Result<Option<(String, String)>, PatternProblem> {
    let Some((source, flags)) = needle.pattern() else { return Ok(None) };
    let arguments = Array::of2(&JsValue::from_str(&source), &JsValue::from_str(&flags));
    Reflect::get(&js_sys::global(), &JsValue::from_str("RegExp"))
        .and_then(|constructor| Reflect::construct(constructor.unchecked_ref::<Function>(), &arguments))
        .map(|_| Some((source, flags)))
        .map_err(|error| {
            let message = error.dyn_ref::<js_sys::Error>().map(js_sys::Error::message);
            let message = message.map(String::from).unwrap_or_default();
            // Chromium's message begins with the words that the page puts in front of it.
            let reason = message.strip_prefix("Invalid regular expression: ").unwrap_or(&message);
            PatternProblem::Invalid(short(reason).into())
        })
}
