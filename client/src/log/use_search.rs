//! The rows of the log: messages that pass the filter, up to the point where the list is paused.

use gloo_timers::callback::Timeout;
use js_sys::{Array, Function, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};
use yew::prelude::*;

use super::matcher::{Matcher, Outcome, PatternProblem};
use super::model::filter::{Filter, Needle, short};
use super::model::log::VersionedLog;
use super::model::search::Search;
use crate::browser::page;
use crate::browser::reason::reason;
use crate::browser::use_live::{Live, use_live};

/// Maximum time that a filter works without a pause, in milliseconds: half a frame.
const STRETCH_MS: f64 = 8.0;

#[derive(Default)]
pub struct Searching {
    pub search: Search,
    /// Filter of the search; `None` before the first render.
    filter: Option<Filter>,
    /// Source and flags of the regular expression of the search.
    pattern: Option<(String, String)>,
    problem: Option<PatternProblem>,
    timer: Option<Timeout>,
}

pub struct SearchHandle {
    /// State with the search, which maps rows to messages.
    pub state: Live<Searching>,
    /// True if the filter has just changed.
    pub is_new: bool,
    pub rows: usize,
    pub gone: usize,
    /// Progress in percent; `None` if the search is complete.
    pub percent: Option<u64>,
    pub problem: Option<PatternProblem>,
}

/// Searches the log up to the message `end`. Each render does a limited part and schedules the next one until the search is
/// complete. After a fault, the rows found so far stay, and those of the last filter while an expression is invalid.
#[hook]
pub fn use_search(log: VersionedLog, filter: Filter, end: u64) -> SearchHandle {
    let filter = Filter { language: use_context().unwrap_or_default(), ..filter };
    let state = use_live(Searching::default);
    let matcher = {
        let (log, state) = (log.clone(), state.clone());
        use_memo((), move |()| {
            Matcher::new(Callback::from(move |outcome: Outcome| {
                state.change(|Searching { search, problem, .. }| match outcome {
                    Ok(matches) => search.matched(&log.borrow(), &matches),
                    Err(fault) => *problem = Some(fault),
                });
            }))
        })
    };

    let is_new = state.borrow().filter.as_ref() != Some(&filter);
    if is_new {
        match compile(&filter.needle) {
            Ok(pattern) => {
                matcher.drop_batch();
                let search = Search::new(filter.clone());
                let next = Searching { search, filter: Some(filter), pattern, ..Searching::default() };
                state.update(|state| *state = next);
            }
            // An expression that is being written. The last search goes on.
            Err(problem) => state.update(|state| {
                state.filter = Some(filter);
                state.problem = Some(problem);
            }),
        }
    }

    let log = log.borrow();
    let until = page::now() + STRETCH_MS;
    let is_stopped =
        state.borrow().problem.as_ref().is_some_and(|problem| !matches!(problem, PatternProblem::Invalid(_)));
    let step = state.update(|state| state.search.step(&log, end, || is_stopped || page::now() >= until));
    let waits = match (&step.batch, &state.borrow().pattern) {
        (Some(batch), Some(pattern)) if !is_stopped => {
            matcher.match_batch(pattern, batch);
            true
        }
        (batch, _) => batch.is_some() || state.borrow().search.is_waiting(),
    };
    let goes_on = step.more && !waits;
    let again = state.clone();
    let timer = goes_on.then(|| Timeout::new(0, move || again.render()));
    state.update(|state| state.timer = timer);

    let Searching { search, problem, .. } = &*state.borrow();
    SearchHandle {
        state: state.clone(),
        is_new,
        rows: search.rows(&log, end),
        gone: step.gone,
        percent: step.more.then_some(search.percent(&log, end)),
        problem: problem.clone(),
    }
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
            let message = reason(&error);
            // Chromium's message begins with the words that the page puts in front of it.
            let message = message.strip_prefix("Invalid regular expression: ").unwrap_or(&message);
            PatternProblem::Invalid(short(message).into())
        })
}
