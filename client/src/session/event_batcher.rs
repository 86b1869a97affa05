//! Batching of a socket's events.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use yew::Callback;

use super::model::batch::{Batcher, interval_ms};
use super::model::port::Report;
use crate::browser::page;

/// Collects events and passes them on in order, in at most one batch per interval, and not before the page has taken the last one.
///
/// Dropping it discards the events that have not been passed on.
pub(crate) struct EventBatcher {
    batcher: RefCell<Batcher<Report>>,
    timer: RefCell<Option<Timeout>>,
    receiver: Callback<Vec<Report>>,
    /// Earliest time of the next batch, in milliseconds.
    due: Cell<f64>,
}

impl EventBatcher {
    pub(crate) fn new(receiver: Callback<Vec<Report>>) -> Rc<Self> {
        Rc::new(Self {
            batcher: RefCell::default(),
            timer: RefCell::default(),
            receiver,
            due: Cell::default(),
        })
    }

    pub(crate) fn put(self: &Rc<Self>, event: Report) {
        let batch = self.batcher.borrow_mut().push(event);
        self.hand_on(batch);
    }

    /// Goes on after the page has taken the last batch.
    pub(crate) fn more(self: &Rc<Self>) {
        // The cast is lossless: the time is at most an interval.
        match (self.due.get() - page::now()).ceil().max(0.0) as u32 {
            0 => self.next(),
            wait => self.after(wait, Self::next),
        }
    }

    fn hand_on(self: &Rc<Self>, batch: Option<Vec<Report>>) {
        let Some(batch) = batch else { return };
        self.due.set(page::now() + f64::from(interval_ms(batch.len())));
        self.receiver.emit(batch);
    }

    fn next(self: &Rc<Self>) {
        let batch = self.batcher.borrow_mut().elapsed();
        self.hand_on(batch);
    }

    fn after(self: &Rc<Self>, milliseconds: u32, then: impl FnOnce(&Rc<Self>) + 'static) {
        let batcher = Rc::downgrade(self);
        let timer = Timeout::new(milliseconds, move || {
            if let Some(batcher) = batcher.upgrade() {
                then(&batcher);
            }
        });
        self.timer.replace(Some(timer));
    }
}
