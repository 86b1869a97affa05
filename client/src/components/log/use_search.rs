//! Which messages are rows: those that the filter lets through, up to where the list is held still.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use js_sys::{Array, Function, Reflect, RegExp};
use wasm_bindgen::{JsCast as _, JsValue};
use yew::prelude::*;

use crate::page;
use crate::state::filter::{Filter, Needle};
use crate::state::log::SharedLog;
use crate::state::search::Search;

/// How long a filter works at a stretch, in milliseconds: half a frame.
const STRETCH_MS: f64 = 8.0;

/// What came of a filter.
pub struct SearchHandle {
    /// The search, to ask which messages are in some rows.
    pub search: Rc<RefCell<Search>>,
    /// How many rows there are.
    pub rows: usize,
    /// How many of the first rows are gone since the last render.
    pub gone: usize,
    /// How much is looked at, in percent; none if all is.
    pub percent: Option<u64>,
    /// What is wrong with the regular expression, in the browser's words.
    pub problem: Option<AttrValue>,
}

/// Searches the log up to the message `end`, a stretch at each render, and renders again until it is through.
#[hook]
pub fn use_search(log: SharedLog, filter: Filter, end: u64) -> SearchHandle {
    let update = use_force_update();
    let search = use_mut_ref(Search::default);
    let timer = use_mut_ref(|| None::<Timeout>);

    let pattern = use_memo(filter.needle.clone(), compile);
    let fresh = use_memo(filter, |filter| Cell::new(Some(filter.clone())));
    if let Some(filter) = fresh.take() {
        *search.borrow_mut() = Search::new(filter);
    }

    let log = log.borrow();
    let until = page::now() + STRETCH_MS;
    let test = |text: &str| matches!(&*pattern, Ok(Some(pattern)) if pattern.test(text));
    let step = search.borrow_mut().step(&log, end, &test, || page::now() >= until);
    *timer.borrow_mut() = step.more.then(|| Timeout::new(0, move || update.force_update()));

    let (rows, percent) = (search.borrow().rows(&log, end), search.borrow().percent(&log, end));
    SearchHandle {
        search,
        rows,
        gone: step.gone,
        percent: step.more.then_some(percent),
        problem: (*pattern).as_ref().err().cloned(),
    }
}

/// The regular expression, if there is one. Its own constructor throws, so it is called by reflection.
fn compile(needle: &Needle) -> Result<Option<RegExp>, AttrValue> {
    let Some((source, flags)) = needle.pattern() else { return Ok(None) };
    let arguments = Array::of2(&JsValue::from_str(&source), &JsValue::from_str(&flags));
    Reflect::get(&js_sys::global(), &JsValue::from_str("RegExp"))
        .and_then(|constructor| Reflect::construct(constructor.unchecked_ref::<Function>(), &arguments))
        .map(|pattern| Some(pattern.unchecked_into()))
        .map_err(|error| {
            let message = error.dyn_ref::<js_sys::Error>().map(js_sys::Error::message);
            message.map(String::from).unwrap_or_default().into()
        })
}
